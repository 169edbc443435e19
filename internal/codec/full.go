package codec

import (
	"reflect"
	"strconv"
	"unsafe"
)

// A fullCodec has what not every program on a page is to link.
type fullCodec struct {
	maps  mapFuncs
	read  func(r *reader, n *node, p unsafe.Pointer, tag byte) bool
	write func(w *writer, n *node, p unsafe.Pointer) bool
	zero  func(t reflect.Type, p unsafe.Pointer) bool
	held  func(p unsafe.Pointer) (*Plan, unsafe.Pointer)

	readAny  func(r *reader, n *node, to *any, tag byte) bool
	readText func(p *Plan, text []byte, b Buffers, dst unsafe.Pointer) (int, error)
}

var full *fullCodec

// UseAll has the program read and write values of all types, and messages that are JSON
// text. It is to be called from an init function, before any plan is made. Native programs
// need not call it.
func UseAll() {
	full = &fullCodec{
		maps: mapFuncs{makeMap, setEntry, mapKeys, getEntry},
		read: readByMethod, write: writeByMethod, zero: isZero, held: held, readAny: readAny, readText: readText,
	}
}

// isZero asks a value's method IsZero, where it has one, as encoding/json does.
func isZero(t reflect.Type, p unsafe.Pointer) bool {
	v := valueAt(t, p)
	if k := t.Kind(); (k == reflect.Pointer || k == reflect.Interface) && v.IsNil() {
		return true
	}
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	if z, ok := v.Addr().Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}

// readByMethod reads a value by its type's method.
func readByMethod(r *reader, n *node, p unsafe.Pointer, tag byte) bool {
	text := []byte("null")
	if tag == tagText {
		text = r.bytes()
	} else if tag != tagNull {
		return r.misfit(n, tag)
	}
	value, err := callReads(n, p, text)
	return value == "" || r.fail(n, value, err)
}

// callReads gives "", or what the value is that does not fit.
func callReads(n *node, p unsafe.Pointer, text []byte) (value string, err error) {
	s := scanner{text: text}
	kind := kindOf(s.peek())
	if s.skip(); s.err != nil {
		return kind, s.err
	}
	if s.deepest > MaxDepth {
		return "value", ErrTooDeep
	}
	v := reflect.NewAt(n.typ, p).Interface()
	if n.reads == forJSON {
		err = v.(jsonUnmarshaler).UnmarshalJSON(text)
	} else if kind == "string" {
		unquoted, _ := Text(text)
		err = v.(textUnmarshaler).UnmarshalText([]byte(unquoted))
	} else if kind != "null" {
		return kind, nil
	}
	if err != nil {
		return kind, err
	}
	return "", nil
}

// writeByMethod writes a value by its type's method.
func writeByMethod(w *writer, n *node, p unsafe.Pointer) bool {
	text, err := callWrites(n, p)
	w.JSON = append(w.JSON, text...)
	return err == nil || w.fail(n, "a value", err)
}

func callWrites(n *node, p unsafe.Pointer) ([]byte, error) {
	v := reflect.NewAt(n.typ, p).Interface()
	if n.writes == forText {
		text, err := v.(textMarshaler).MarshalText()
		return AppendString(nil, string(text)), err
	}
	text, err := v.(jsonMarshaler).MarshalJSON()
	if err != nil {
		return nil, err
	}
	s := scanner{text: text}
	s.skip()
	return text, s.finish()
}

// Maps of any type, by reflection.

func makeMap(t reflect.Type, m unsafe.Pointer, n int) {
	valueAt(t, m).Set(reflect.MakeMapWithSize(t, n))
}

func setEntry(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) bool {
	k, ok := keyOf(t.Key(), key)
	if ok {
		valueAt(t, m).SetMapIndex(k, valueAt(t.Elem(), elem))
	}
	return ok
}

func mapKeys(t reflect.Type, m unsafe.Pointer) []string {
	v := valueAt(t, m)
	keys := make([]string, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		switch k := it.Key(); {
		case k.CanInt():
			keys = append(keys, strconv.FormatInt(k.Int(), 10))
		case k.CanUint():
			keys = append(keys, strconv.FormatUint(k.Uint(), 10))
		default:
			keys = append(keys, k.String())
		}
	}
	return keys
}

func getEntry(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) {
	k, _ := keyOf(t.Key(), key)
	valueAt(t.Elem(), elem).Set(valueAt(t, m).MapIndex(k))
}

func keyOf(t reflect.Type, key string) (k reflect.Value, ok bool) {
	k = reflect.New(t).Elem()
	switch {
	case k.CanInt():
		i, err := strconv.ParseInt(key, 10, 64)
		if err != nil || k.OverflowInt(i) {
			return k, false
		}
		k.SetInt(i)
	case k.CanUint():
		u, err := strconv.ParseUint(key, 10, 64)
		if err != nil || k.OverflowUint(u) {
			return k, false
		}
		k.SetUint(u)
	default:
		k.SetString(key)
	}
	return k, true
}

// readAny reads a value as encoding/json does for an any; bytes are a []byte.
func readAny(r *reader, n *node, to *any, tag byte) (ok bool) {
	*to, ok = r.any(n, tag)
	return ok
}

func (r *reader) any(n *node, tag byte) (v any, ok bool) {
	switch tag {
	case tagNull:
		return nil, true
	case tagFalse, tagTrue:
		return tag == tagTrue, true
	case tagNumber:
		f := r.float()
		return f, !notJSON(f) || r.fail(n, notNumber(f), ErrNotJSON)
	case tagNumeral:
		s := string(r.bytes())
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil || r.fail(n, "number "+s, nil)
	case tagString:
		return r.text(r.bytes()), true
	case tagList:
		list := make([]any, r.uint32())
		for i := range list {
			if !r.value(n, unsafe.Pointer(&list[i])) {
				return nil, false
			}
		}
		return list, true
	case tagMap:
		m := map[string]any{}
		for range r.uint32() {
			key := string(r.bytes())
			if m[key], ok = r.any(n, r.byte()); !ok {
				return nil, false
			}
		}
		return m, true
	case tagBuffer:
		var b []byte
		ok = r.buffer(PlanOf(reflect.TypeFor[[]byte]()).root, unsafe.Pointer(&b))
		return b, ok
	}
	return nil, r.misfit(n, tag)
}

// held gives the plan and the memory of what an any holds, which is not nil.
func held(p unsafe.Pointer) (*Plan, unsafe.Pointer) {
	q := PlanOf(reflect.TypeOf(*(*any)(p)))
	word := &(*[2]unsafe.Pointer)(p)[1]
	if q.not == nil && q.root.isPointer() {
		return q, unsafe.Pointer(word)
	}
	return q, *word
}

// isPointer tells whether a type's values are pointers in memory, of which an any holds
// the pointer itself.
func (n *node) isPointer() bool {
	t := n.typ
	for {
		switch k := t.Kind(); {
		case k == reflect.Struct && t.NumField() == 1:
			t = t.Field(0).Type
		case k == reflect.Array && t.Len() == 1:
			t = t.Elem()
		default:
			return k == reflect.Pointer || k == reflect.Map || k == reflect.Chan || k == reflect.Func || k == reflect.UnsafePointer
		}
	}
}

func readText(p *Plan, text []byte, b Buffers, dst unsafe.Pointer) (placed int, err error) {
	s := TakeSpace()
	defer s.GiveBack()
	values, err := Scan(p, text, s.Bytes)
	if err != nil {
		return 0, err
	}
	return p.Read(s, values, b, dst)
}
