package wire

import (
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// An Encoded is a value as JSON, and what of it is binary: a null in a list stands for
// a buffer, and an object lacks its key.
type Encoded struct {
	JSON    []byte   // empty: the value is a buffer itself
	Paths   [][]byte // of Buffers, each the elements of a JSON array without its brackets
	Buffers [][]byte // the memory of the value's own slices
}

// Encode writes a value. The error is an [Error] with the path of what cannot travel.
func (t *Type) Encode(v reflect.Value) (Encoded, error) {
	var e encoder
	if t.binary(v) {
		e.buffer(v)
		return e.Encoded, nil
	}
	err := t.encode(&e, v)
	return e.Encoded, err
}

type encoder struct {
	Encoded
	path  [][]byte
	depth int
}

func (e *encoder) text(s string) { e.JSON = append(e.JSON, s...) }

func (e *encoder) buffer(v reflect.Value) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	var path []byte
	for i, step := range e.path {
		if i > 0 {
			path = append(path, ',')
		}
		path = append(path, step...)
	}
	e.Paths = append(e.Paths, path)
	e.Buffers = append(e.Buffers, raw(v))
}

// binary tells whether v travels as a buffer.
func (t *Type) binary(v reflect.Value) bool {
	switch t.Kind {
	case Binary:
		return !v.IsNil()
	case Pointer:
		return !v.IsNil() && t.Elem.binary(v.Elem())
	case Any:
		_, is := v.Interface().([]byte)
		return is
	}
	return false
}

func (t *Type) encode(e *encoder, v reflect.Value) error {
	e.depth++
	defer func() { e.depth-- }()
	if e.depth > maxDepth {
		return &Error{Text: "is nested more than " + strconv.Itoa(maxDepth) + " deep: does it contain itself?"}
	}
	switch t.Kind {
	case Bool:
		e.JSON = strconv.AppendBool(e.JSON, v.Bool())
	case Int:
		e.JSON = strconv.AppendInt(e.JSON, v.Int(), 10)
	case Uint:
		e.JSON = strconv.AppendUint(e.JSON, v.Uint(), 10)
	case Float:
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return &Error{Text: "is " + strconv.FormatFloat(f, 'g', -1, 64) + ", which JSON does not have"}
		}
		e.JSON = strconv.AppendFloat(e.JSON, f, 'g', -1, v.Type().Bits())
	case String:
		e.JSON = AppendString(e.JSON, v.String())
	case Binary: // it is nil
		e.text("null")
	case Pointer:
		if v.IsNil() {
			e.text("null")
			return nil
		}
		return t.Elem.encode(e, v.Elem())
	case Any:
		return e.any(v.Interface())
	case List:
		if v.Kind() == reflect.Slice && v.IsNil() {
			e.text("null")
			return nil
		}
		return e.list(v.Len(), func(i int) (*Type, reflect.Value) { return t.Elem, v.Index(i) })
	case Map:
		if v.IsNil() {
			e.text("null")
			return nil
		}
		var keys []string
		for _, k := range v.MapKeys() {
			keys = insert(keys, k.String())
		}
		return e.object(len(keys), func(i int) (string, string, *Type, reflect.Value) {
			return keys[i], "[" + Quote(keys[i]) + "]", t.Elem, v.MapIndex(t.key(keys[i]))
		})
	case Struct:
		return e.object(len(t.Fields), func(i int) (string, string, *Type, reflect.Value) {
			f := &t.Fields[i]
			if x := f.Of(v); !f.Optional || !x.IsZero() {
				return f.Name, "." + f.GoName, f.Type, x
			}
			return "", "", nil, reflect.Value{}
		})
	}
	return nil
}

// insert inserts s into a sorted list. Maps in states are small, and slices.Sort is not.
func insert(sorted []string, s string) []string {
	i := len(sorted)
	sorted = append(sorted, s)
	for ; i > 0 && sorted[i-1] > s; i-- {
		sorted[i] = sorted[i-1]
	}
	sorted[i] = s
	return sorted
}

// key makes a key of a map.
func (t *Type) key(s string) reflect.Value {
	k := reflect.New(t.Go.Key()).Elem()
	k.SetString(s)
	return k
}

func (e *encoder) list(n int, elem func(i int) (*Type, reflect.Value)) error {
	e.text("[")
	for i := range n {
		if i > 0 {
			e.text(",")
		}
		e.path = append(e.path, strconv.AppendInt(nil, int64(i), 10))
		t, v := elem(i)
		var err error
		if t.binary(v) {
			e.buffer(v)
			e.text("null")
		} else {
			err = t.encode(e, v)
		}
		e.path = e.path[:len(e.path)-1]
		if err != nil {
			return atIndex(err, i)
		}
	}
	e.text("]")
	return nil
}

// object writes an object of up to n members; one without a type is left out.
func (e *encoder) object(n int, member func(i int) (key, where string, t *Type, v reflect.Value)) error {
	e.text("{")
	first := true
	for i := range n {
		key, where, t, v := member(i)
		if t == nil {
			continue
		}
		name := AppendString(nil, key)
		e.path = append(e.path, name)
		var err error
		if t.binary(v) {
			e.buffer(v)
		} else {
			if !first {
				e.text(",")
			}
			first = false
			e.JSON = append(e.JSON, name...)
			e.text(":")
			err = t.encode(e, v)
		}
		e.path = e.path[:len(e.path)-1]
		if err != nil {
			return at(err, where)
		}
	}
	e.text("}")
	return nil
}

// any writes what an any holds, by its own type.
func (e *encoder) any(x any) error {
	if x == nil {
		e.text("null")
		return nil
	}
	t, err := TypeOf(reflect.TypeOf(x))
	if err != nil {
		return err
	}
	return t.encode(e, reflect.ValueOf(x))
}

// AppendString appends s as a JSON string. What is not UTF-8 becomes U+FFFD.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			switch {
			case c == '"' || c == '\\':
				b = append(b, '\\', c)
			case c < ' ':
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			default:
				b = append(b, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		b = utf8.AppendRune(b, r) // U+FFFD, where it is not UTF-8
		i += size
	}
	return append(b, '"')
}
