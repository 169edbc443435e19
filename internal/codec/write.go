package codec

import (
	"reflect"
	"strconv"
	"unsafe"
)

// An Encoded is a value as JSON, and what of it is binary: a null in a list stands for
// a buffer, and an object lacks its key.
type Encoded struct {
	JSON    []byte   // empty: the value is a buffer itself
	Paths   [][]byte // of Buffers, each the elements of a JSON array without its brackets
	Buffers [][]byte // the memory of the value's own slices
}

// A writer makes JSON of Go values, as json.Marshal does.
type writer struct {
	Encoded
	binary bool   // there may be buffers; otherwise bytes are base64, and numbers lists
	path   []byte // the place, as in Paths; if binary
	depth  int
	err    *FieldError
}

// fail sets the error, in which fields puts the names on the way.
//
//go:noinline
func (w *writer) fail(n *node, value string, cause error) bool {
	w.err = &FieldError{Value: value, Type: n.typ.String(), Err: cause, sending: true}
	return false
}

//go:noinline
func (w *writer) text(s string) { w.JSON = append(w.JSON, s...) }

// value writes the value in p's memory, which is of n's type. It gives false at the
// first mistake.
func (w *writer) value(n *node, p unsafe.Pointer) bool {
	switch {
	case n.kind == reflect.Pointer && *(*unsafe.Pointer)(p) == nil:
		w.text("null")
	case n.kind == reflect.Pointer:
		ok := w.enter(n) && w.value(n.elem, *(*unsafe.Pointer)(p))
		w.depth--
		return ok
	case n.writes == raw:
		w.raw(p)
	case n.writes != none:
		return full.write(w, n, p)
	case n.kind == reflect.Bool && *(*bool)(p):
		w.text("true")
	case n.kind == reflect.Bool:
		w.text("false")
	case isInteger(n.kind):
		return w.integer(n, p)
	case n.kind == reflect.Float32:
		w.float(float64(*(*float32)(p)), 32)
	case n.kind == reflect.Float64:
		w.float(*(*float64)(p), 64)
	case n.kind == reflect.String:
		w.JSON = AppendString(w.JSON, *(*string)(p))
	case n.kind == reflect.Struct:
		return w.fields(n, p)
	case n.kind == reflect.Array:
		return w.list(n, p, n.length)
	case *(*unsafe.Pointer)(p) == nil: // a slice, map or any
		w.text("null")
	case n.kind == reflect.Interface:
		q, x := full.held(p)
		if q.not != nil {
			return w.fail(n, q.typ.String(), q.not)
		}
		return w.value(q.root, x)
	case n.kind == reflect.Map:
		return w.mapping(n, p)
	case n.elem.kind == reflect.Uint8 && n.buffer:
		w.text(`"`)
		w.JSON = appendBase64(w.JSON, *(*[]byte)(p))
		w.text(`"`)
	default:
		s := (*slice)(p)
		return w.list(n, s.data, s.len)
	}
	return true
}

// enter counts how deep values are nested. One may contain itself only through a pointer,
// list or map.
func (w *writer) enter(n *node) bool {
	w.depth++
	return w.depth <= MaxDepth || w.fail(n, "a value", ErrTooDeep)
}

// asBuffer puts a value beside the JSON, if it is binary, and its place into the paths.
func (w *writer) asBuffer(n *node, p unsafe.Pointer) bool {
	for w.binary {
		one := n.kind == reflect.Pointer || n.kind == reflect.Interface || n.kind == reflect.Slice // begins with a pointer
		switch {
		case !one || *(*unsafe.Pointer)(p) == nil:
		case n.kind == reflect.Pointer:
			n, p = n.elem, *(*unsafe.Pointer)(p)
			continue
		case n.kind == reflect.Interface:
			if q, x := full.held(p); q.root.buffer {
				n, p = q.root, x
				continue
			}
		case n.buffer && n.writes == none:
			s := (*slice)(p)
			w.Paths = append(w.Paths, append([]byte(nil), w.path...))
			w.Buffers = append(w.Buffers, s.bytes(s.len*n.elem.size))
			return true
		}
		break
	}
	return false
}

// into adds a member's name, or an index, to the path, and gives its length before.
func (w *writer) into(name string, index int) int {
	before := len(w.path)
	if w.binary {
		if before > 0 {
			w.path = append(w.path, ',')
		}
		if index < 0 {
			w.path = AppendString(w.path, name)
		} else {
			w.path = strconv.AppendInt(w.path, int64(index), 10)
		}
	}
	return before
}

func (w *writer) integer(n *node, p unsafe.Pointer) bool {
	at := len(w.JSON)
	i := integer(n, p)
	u := uint64(i)
	if i < 0 && !isUnsigned(n.kind) {
		u = -u
		w.JSON = append(w.JSON, '-')
	}
	w.JSON = strconv.AppendUint(w.JSON, u, 10)
	if !exactIntegers && u > maxExact {
		return w.fail(n, string(w.JSON[at:]), ErrInexact)
	}
	return true
}

// float writes what JSON does not have as jupyter_client does.
func (w *writer) float(f float64, bits int) {
	switch {
	case f != f:
		w.text(`"nan"`)
	case !notJSON(f):
		w.JSON = appendFloat(w.JSON, f, bits)
	case f > 0:
		w.text(`"inf"`)
	default:
		w.text(`"-inf"`)
	}
}

func (w *writer) list(n *node, p unsafe.Pointer, length int) bool {
	if !w.enter(n) {
		return false
	}
	w.text("[")
	for i := range length {
		if i > 0 {
			w.text(",")
		}
		before := w.into("", i)
		at := unsafe.Add(p, i*n.elem.size)
		if w.asBuffer(n.elem, at) {
			w.text("null")
		} else if !w.value(n.elem, at) {
			return false
		}
		w.path = w.path[:before]
	}
	w.depth--
	w.text("]")
	return true
}

func (w *writer) fields(n *node, p unsafe.Pointer) bool {
	w.text("{")
	start := len(w.JSON)
	for i := range n.fields {
		f := &n.fields[i]
		at := f.existing(p)
		if at == nil || f.omitEmpty && f.node.empty(at) || f.omitZero && f.node.zero(at) {
			continue
		}
		if !w.member(start, f.name, f.node, at) {
			w.err = w.err.Under(f.path)
			return false
		}
	}
	w.text("}")
	return true
}

// member writes a member of an object, whose first begins at start.
func (w *writer) member(start int, name string, n *node, p unsafe.Pointer) bool {
	before := w.into(name, -1)
	ok := w.asBuffer(n, p)
	if !ok {
		if len(w.JSON) > start {
			w.text(",")
		}
		w.JSON = AppendString(w.JSON, name)
		w.text(":")
		ok = w.value(n, p)
	}
	w.path = w.path[:before]
	return ok
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
	if !w.enter(n) {
		return false
	}
	keys := n.maps.keys(n.typ, p)
	sortStrings(keys)
	w.text("{")
	start := len(w.JSON)
	elem := newValue(n.elem.typ)
	for _, key := range keys {
		n.maps.get(n.typ, p, key, elem)
		if !w.member(start, key, n.elem, elem) {
			return false
		}
	}
	w.depth--
	w.text("}")
	return true
}
