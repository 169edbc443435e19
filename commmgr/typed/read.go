package typed

import (
	"math"
	"reflect"
	"strconv"
	"unsafe"
)

// The tags of values, as web/runtime/value-writer.js writes them. Numbers are little-endian, as memory is
// where they are read: put together byte by byte they would take longer.
const (
	tagNull   = iota
	tagFalse  //
	tagTrue   //
	tagNumber // a float64
	tagString // its length in bytes, 32 bits, and UTF-8
	tagList   // the number of values, 32 bits, and the values
	tagFields // a field's place in its node, 16 bits, and its value, again and again; then 0xffff
	tagMap    // the number of names, 32 bits; of each, what follows tagString, and the value
	tagArray  // an array where none is wanted
	tagObject // an object where none is wanted
	tagOther  // like tagString: the name of a kind of value that JSON does not have
)

const endOfFields = 0xffff

// A reader puts the values that a plan has given into Go's. It writes to memory by
// the types' layout: package reflect's Values would add a tenth to the size of an
// empty program, and take twice the time.
type reader struct {
	data []byte
	at   int
	err  *FieldError
	// known are short strings that were read before: those of messages are often the
	// same, and to compare costs less than to allocate.
	known [16]string
}

// longestKnown is in bytes.
const longestKnown = 32

func (r *reader) byte() byte {
	r.at++
	return r.data[r.at-1]
}

func (r *reader) uint16() int {
	return int(*(*uint16)(unsafe.Pointer(&r.next(2)[0])))
}

func (r *reader) uint32() int {
	return int(*(*uint32)(unsafe.Pointer(&r.next(4)[0])))
}

func (r *reader) float() float64 {
	return *(*float64)(unsafe.Pointer(&r.next(8)[0]))
}

func (r *reader) next(n int) []byte {
	r.at += n
	return r.data[r.at-n : r.at]
}

// bytes gives those of a string, without a copy.
func (r *reader) bytes() []byte { return r.next(r.uint32()) }

// fail sets the error, in which fields puts the names on the way. It gives false, as
// the methods do that read a value: the first mistake ends the reading.
func (r *reader) fail(n *node, value string, cause error) bool {
	r.err = &FieldError{Value: value, Type: n.typ.String(), Err: cause}
	return false
}

// value reads a value into p's memory, which is of n's type.
func (r *reader) value(n *node, p unsafe.Pointer) bool {
	tag := r.byte()
	if n.kind == reflect.Pointer {
		if tag == tagNull {
			*(*unsafe.Pointer)(p) = nil
			return true
		}
		for n.kind == reflect.Pointer {
			n, p = n.elem, pointee(p, n.elem.typ)
		}
	}
	switch tag {
	case tagNull:
		switch n.kind {
		case reflect.Map:
			*(*unsafe.Pointer)(p) = nil
		case reflect.Slice:
			*(*slice)(p) = slice{}
		}
		return true
	case tagFalse, tagTrue:
		if n.kind != reflect.Bool {
			return r.fail(n, "bool", nil)
		}
		*(*bool)(p) = tag == tagTrue
		return true
	case tagNumber:
		return r.number(n, p, r.float())
	case tagString:
		return r.string(n, p, r.bytes())
	case tagList:
		return r.list(n, p)
	case tagFields:
		return r.fields(n, p)
	case tagMap:
		return r.mapping(n, p)
	case tagArray:
		return r.fail(n, "array", nil)
	case tagObject:
		return r.fail(n, "object", nil)
	case tagOther:
		return r.fail(n, string(r.bytes()), ErrNotJSON)
	}
	panic("typed: bug: a plan's values have an unknown tag")
}

// maxExact is the largest integer that no other is rounded to in JavaScript.
const maxExact = 1<<53 - 1

func (r *reader) number(n *node, p unsafe.Pointer, f float64) bool {
	if f-f != 0 { // NaN and the infinities
		return r.fail(n, strconv.FormatFloat(f, 'g', -1, 64), ErrNotJSON)
	}
	switch {
	case isInteger(n.kind):
		whole := f == math.Trunc(f)
		if whole && (f > maxExact || f < -maxExact) && !(f < 0 && isUnsigned(n.kind)) {
			return r.fail(n, numeral(f), ErrInexact)
		}
		if whole && setInteger(n, p, int64(f)) {
			return true
		}
	case n.kind == reflect.Float64:
		*(*float64)(p) = f
		return true
	case n.kind == reflect.Float32:
		if g := float32(f); g-g == 0 {
			*(*float32)(p) = g
			return true
		}
	default:
		return r.fail(n, "number", nil)
	}
	return r.fail(n, numeral(f), nil)
}

func numeral(f float64) string { return "number " + string(appendFloat(nil, f, 64)) }

func (r *reader) string(n *node, p unsafe.Pointer, s []byte) bool {
	switch {
	case n.kind == reflect.String:
		*(*string)(p) = r.text(s)
	case n.kind == reflect.Slice && n.elem.kind == reflect.Uint8:
		b, at := decodeBase64(s)
		if at >= 0 {
			return r.fail(n, "string", corruptBase64(at))
		}
		*(*[]byte)(p) = b
	default:
		return r.fail(n, "string", nil)
	}
	return true
}

func (r *reader) text(s []byte) string {
	n := len(s)
	if n == 0 || n > longestKnown {
		return string(s)
	}
	known := &r.known[(n+int(s[0])+int(s[n-1]))%len(r.known)]
	if *known != string(s) {
		*known = string(s)
	}
	return *known
}

// list reads into a slice or an array. A slice that has elements already, since two
// names matched one field, keeps them below the new ones, as with encoding/json.
func (r *reader) list(n *node, p unsafe.Pointer) bool {
	count, length := r.uint32(), n.length
	if n.kind == reflect.Slice {
		s := (*slice)(p)
		if count == 0 {
			*s = newSlice(n.typ, 0)
			return true
		}
		if count > s.cap {
			grown := newSlice(n.typ, count)
			for i := range s.cap {
				n.elem.copy(unsafe.Add(grown.data, i*n.elem.size), unsafe.Add(s.data, i*n.elem.size))
			}
			*s = grown
		}
		s.len = count
		p, length = s.data, count
	}
	for i := range count {
		if !r.value(n.elem, unsafe.Add(p, i*n.elem.size)) {
			return false
		}
	}
	for i := count; i < length; i++ {
		n.elem.clear(unsafe.Add(p, i*n.elem.size))
	}
	return true
}

func (r *reader) fields(n *node, p unsafe.Pointer) bool {
	for {
		i := r.uint16()
		if i == endOfFields {
			return true
		}
		f := &n.fields[i]
		at := p
		for _, s := range f.steps {
			at = pointee(unsafe.Add(at, s.offset), s.typ)
		}
		if !r.value(f.node, unsafe.Add(at, f.offset)) {
			if r.err.Field != "" {
				r.err.Field = "." + r.err.Field
			}
			r.err.Field = f.path + r.err.Field
			return false
		}
	}
}

func (r *reader) mapping(n *node, p unsafe.Pointer) bool {
	count := r.uint32()
	if *(*unsafe.Pointer)(p) == nil {
		n.maps.Make(n.typ, p, count)
	}
	for range count {
		key := string(r.bytes())
		elem := newValue(n.elem.typ)
		if !r.value(n.elem, elem) {
			return false
		}
		n.maps.Set(n.typ, p, key, elem)
	}
	return true
}
