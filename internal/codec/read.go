package codec

import (
	"math"
	"reflect"
	"strconv"
	"unsafe"
)

// The tags of values, as web/runtime/value-writer.js writes them, and the scanner.
// Numbers are little-endian, as memory is where they are read: put together byte by byte
// they would take longer.
const (
	tagNull    = iota
	tagFalse   //
	tagTrue    //
	tagNumber  // a float64
	tagString  // its length in bytes, 32 bits, and UTF-8
	tagList    // the number of values, 32 bits, and the values
	tagFields  // a field's place in its node, 16 bits, and its value, again and again; then 0xffff
	tagMap     // the number of names, 32 bits; of each, what follows tagString, and the value
	tagArray   // an array where none is wanted
	tagObject  // an object where none is wanted
	tagOther   // like tagString: the name of a kind of value that JSON does not have
	tagText    // like tagString: the JSON text of a value
	tagNumeral // like tagString: a number as JSON has it, which is not exact as a float64
	tagBuffer  // the number of a binary buffer, 32 bits
	tagDeep    // a value that is nested too deep
)

const endOfFields = 0xffff

// Buffers are a message's binary buffers, where they arrived: each is copied once, to
// where it is wanted. The body of a commmgr.Message has these methods.
type Buffers interface {
	NumBuffers() int
	BufferLen(i int) int              // bytes
	CopyBuffer(dst []byte, i int) int // gives the bytes copied
}

// A reader puts the values that a plan has given into Go's. It writes to memory by
// the types' layout: package reflect's Values would add a fourteenth to the size of an
// empty program, and take twice the time.
type reader struct {
	data    []byte
	at      int
	buffers Buffers
	err     *FieldError
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
//
//go:noinline
func (r *reader) bytes() []byte { return r.next(r.uint32()) }

// fail sets the error, in which fields puts the names on the way. It gives false, as
// the methods do that read a value: the first mistake ends the reading.
//
//go:noinline
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
	if n.reads == raw {
		return r.raw(n, p, tag)
	}
	if n.reads != none {
		return full.read(r, n, p, tag)
	}
	if n.kind == reflect.Interface {
		return full.readAny(r, n, (*any)(p), tag)
	}
	switch tag {
	case tagNull:
		switch n.kind {
		case reflect.Map:
			*(*unsafe.Pointer)(p) = nil
		case reflect.Slice:
			*(*slice)(p) = slice{}
		case reflect.Struct: // like an object without fields
		case reflect.Float32, reflect.Float64: // jupyter_client's NaN, where orjson is installed
			setFloat(n, p, math.NaN())
		default:
			return r.fail(n, "null", errNull)
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
	case tagNumeral:
		return r.numeral(n, p, string(r.bytes()))
	case tagBuffer:
		return r.buffer(n, p)
	}
	return r.misfit(n, tag)
}

// misfit is about values that fit no type, or not n's.
func (r *reader) misfit(n *node, tag byte) bool {
	switch tag {
	case tagArray:
		return r.fail(n, "array", nil)
	case tagObject:
		return r.fail(n, "object", nil)
	case tagDeep:
		return r.fail(n, "value", ErrTooDeep)
	case tagBuffer:
		return r.fail(n, "binary data", nil)
	case tagOther:
		return r.fail(n, string(r.bytes()), ErrNotJSON)
	}
	panic("codec: bug: a plan's values have an unknown tag")
}

// list reads into a slice, which is always a new one, or an array.
func (r *reader) list(n *node, p unsafe.Pointer) bool {
	count := r.uint32()
	if n.kind == reflect.Slice {
		s := (*slice)(p)
		*s = newSlice(n.typ, count)
		p = s.data
	}
	for i := range count {
		if !r.value(n.elem, unsafe.Add(p, i*n.elem.size)) {
			return false
		}
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
			r.err = r.err.Under(f.path)
			return false
		}
	}
}

func (r *reader) mapping(n *node, p unsafe.Pointer) bool {
	count := r.uint32()
	if *(*unsafe.Pointer)(p) == nil {
		n.maps.make(n.typ, p, count)
	}
	for range count {
		key := string(r.bytes())
		elem := newValue(n.elem.typ)
		if !r.value(n.elem, elem) {
			return false
		}
		if !n.maps.set(n.typ, p, key, elem) {
			r.err = &FieldError{Value: "number " + key, Type: n.typ.Key().String()}
			return false
		}
	}
	return true
}

// buffer copies a binary buffer into a slice of numbers, whose memory is aligned.
func (r *reader) buffer(n *node, p unsafe.Pointer) bool {
	i := r.uint32()
	if r.buffers == nil || i >= r.buffers.NumBuffers() {
		return r.fail(n, "binary data", errBuffer)
	}
	size := r.buffers.BufferLen(i)
	if n.kind != reflect.Slice || !isNumber(n.elem.kind) || size%n.elem.size != 0 {
		return r.fail(n, strconv.Itoa(size)+" bytes of binary data", nil)
	}
	s := (*slice)(p)
	*s = newSlice(n.typ, size/n.elem.size)
	return r.buffers.CopyBuffer(s.bytes(size), i) == size || r.fail(n, "binary data", errShort)
}

func (r *reader) string(n *node, p unsafe.Pointer, s []byte) bool {
	switch {
	case n.kind == reflect.String:
		*(*string)(p) = r.text(s)
	case n.kind == reflect.Slice && n.elem.kind == reflect.Uint8:
		b, ok := decodeBase64(s)
		*(*[]byte)(p) = b
		return ok || r.fail(n, "string", errBase64)
	default:
		f, ok := nonFinite(s)
		if !ok || !isFloat(n.kind) {
			return r.fail(n, "string", nil)
		}
		setFloat(n, p, f)
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

func (r *reader) number(n *node, p unsafe.Pointer, f float64) bool {
	switch {
	case isFloat(n.kind):
		if n.size == 8 || notJSON(f) || !notJSON(float64(float32(f))) {
			setFloat(n, p, f)
			return true
		}
	case notJSON(f):
		return r.fail(n, notNumber(f), ErrNotJSON)
	case isInteger(n.kind):
		whole := f == math.Trunc(f)
		if whole && (f > maxExact || f < -maxExact) && !(f < 0 && isUnsigned(n.kind)) {
			return r.fail(n, numeral(f), ErrInexact)
		}
		if whole && setInteger(n, p, int64(f)) {
			return true
		}
	default:
		return r.fail(n, "number", nil)
	}
	return r.fail(n, numeral(f), nil)
}
