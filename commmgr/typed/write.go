package typed

import (
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// A writer makes JSON of Go values, byte for byte as json.Marshal does.
type writer struct {
	out  []byte
	path []string // the fields on the way
	err  *FieldError
}

func (w *writer) fail(n *node, value string, cause error) bool {
	w.err = &FieldError{Field: joined(w.path), Value: value, Type: n.typ.String(), Err: cause, sending: true}
	return false
}

// value writes the value in p's memory, which is of n's type. It gives false at the
// first mistake.
func (w *writer) value(n *node, p unsafe.Pointer) bool {
	switch {
	case n.kind == reflect.Bool:
		w.out = strconv.AppendBool(w.out, *(*bool)(p))
	case isInteger(n.kind):
		return w.integer(n, p)
	case n.kind == reflect.Float32:
		return w.float(n, float64(*(*float32)(p)), 32)
	case n.kind == reflect.Float64:
		return w.float(n, *(*float64)(p), 64)
	case n.kind == reflect.String:
		w.out = appendString(w.out, *(*string)(p))
	case n.kind == reflect.Struct:
		return w.fields(n, p)
	case n.kind == reflect.Array:
		return w.list(n, p, n.length)
	case *(*unsafe.Pointer)(p) == nil: // a pointer, slice or map
		w.out = append(w.out, "null"...)
	case n.kind == reflect.Pointer:
		return w.value(n.elem, *(*unsafe.Pointer)(p))
	case n.kind == reflect.Map:
		return w.mapping(n, p)
	case n.elem.kind == reflect.Uint8:
		w.out = append(appendBase64(append(w.out, '"'), *(*[]byte)(p)), '"')
	default:
		s := (*slice)(p)
		return w.list(n, s.data, s.len)
	}
	return true
}

func (w *writer) integer(n *node, p unsafe.Pointer) bool {
	at := len(w.out)
	i := integer(n, p)
	u := uint64(i)
	if i < 0 && !isUnsigned(n.kind) {
		u = -u
		w.out = append(w.out, '-')
	}
	w.out = strconv.AppendUint(w.out, u, 10)
	if !exactIntegers && u > maxExact {
		return w.fail(n, string(w.out[at:]), ErrInexact)
	}
	return true
}

func (w *writer) float(n *node, f float64, bits int) bool {
	if f-f != 0 { // NaN and the infinities
		return w.fail(n, strconv.FormatFloat(f, 'g', -1, 64), ErrNotJSON)
	}
	w.out = appendFloat(w.out, f, bits)
	return true
}

func (w *writer) list(n *node, p unsafe.Pointer, length int) bool {
	w.out = append(w.out, '[')
	for i := range length {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if !w.value(n.elem, unsafe.Add(p, i*n.elem.size)) {
			return false
		}
	}
	w.out = append(w.out, ']')
	return true
}

func (w *writer) fields(n *node, p unsafe.Pointer) bool {
	w.out = append(w.out, '{')
	first := true
	for i := range n.fields {
		f := &n.fields[i]
		at := f.existing(p)
		if at == nil || f.omitEmpty && f.node.empty(at) || f.omitZero && f.node.zero(at) {
			continue
		}
		if !first {
			w.out = append(w.out, ',')
		}
		first = false
		w.out = append(appendString(w.out, f.name), ':')
		w.path = append(w.path, f.path)
		if !w.value(f.node, at) {
			return false
		}
		w.path = w.path[:len(w.path)-1]
	}
	w.out = append(w.out, '}')
	return true
}

// existing finds a field, unless a nil pointer leads to it.
func (f *field) existing(p unsafe.Pointer) unsafe.Pointer {
	for _, s := range f.steps {
		if p = *(*unsafe.Pointer)(unsafe.Add(p, s.offset)); p == nil {
			return nil
		}
	}
	return unsafe.Add(p, f.offset)
}

func (w *writer) mapping(n *node, p unsafe.Pointer) bool {
	keys := n.maps.Keys(n.typ, p)
	sortStrings(keys)
	w.out = append(w.out, '{')
	elem := newValue(n.elem.typ)
	for i, key := range keys {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = append(appendString(w.out, key), ':')
		n.maps.Get(n.typ, p, key, elem)
		if !w.value(n.elem, elem) {
			return false
		}
	}
	w.out = append(w.out, '}')
	return true
}

// appendFloat writes a number as JavaScript does.
func appendFloat(b []byte, f float64, bits int) []byte {
	format := byte('f')
	if abs := math.Abs(f); abs != 0 {
		if bits == 32 && (float32(abs) < 1e-6 || float32(abs) >= 1e21) || bits == 64 && (abs < 1e-6 || abs >= 1e21) {
			format = 'e'
		}
	}
	b = strconv.AppendFloat(b, f, format, -1, bits)
	if n := len(b); format == 'e' && n >= 4 && b[n-3] == '-' && b[n-2] == '0' { // e-09 is e-9
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

// appendString writes a string in quotes. Bytes that are no UTF-8 become U+FFFD,
// and what is special in HTML is escaped.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	done := 0
	for i := 0; i < len(s); {
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		if e := escaped(c, size); e != "" {
			b = append(append(b, s[done:i]...), e...)
			done = i + size
		}
		i += size
	}
	return append(append(b, s[done:]...), '"')
}

// escaped gives what stands for a character of size bytes, where it is not itself.
func escaped(c rune, size int) string {
	const hex = "0123456789abcdef"
	switch c {
	case '"':
		return `\"`
	case '\\':
		return `\\`
	case '\b':
		return `\b`
	case '\f':
		return `\f`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case utf8.RuneError:
		if size == 1 {
			return `\ufffd`
		}
	case '\u2028', '\u2029': // they end a line in old JavaScript
		return `\u202` + hex[c&15:c&15+1]
	}
	if c < ' ' || c == '<' || c == '>' || c == '&' {
		return `\u00` + hex[c>>4:c>>4+1] + hex[c&15:c&15+1]
	}
	return ""
}
