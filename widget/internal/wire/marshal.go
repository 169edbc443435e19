package wire

import "reflect"

// Marshal gives a value as JSON. Binary data in it is an error.
func Marshal(v any) ([]byte, error) {
	var e encoder
	if _, binary := v.([]byte); binary {
		return nil, &Error{Text: "is binary data: send it as a buffer"}
	}
	if err := e.any(v); err != nil {
		return nil, err
	}
	if len(e.Buffers) > 0 {
		return nil, &Error{Text: "has binary data in it: send that as a buffer"}
	}
	return e.JSON, nil
}

// Unmarshal puts a JSON value into what dst points to.
func Unmarshal(text []byte, dst any) error {
	v := reflect.ValueOf(dst)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return &Error{Text: "can only be put where a pointer points to"}
	}
	t, err := TypeOf(v.Type().Elem())
	if err != nil {
		return err
	}
	return t.Decode(v.Elem(), text)
}

// Same tells whether two values of the field are equal.
func (f *Field) Same(a, b reflect.Value) bool {
	if f.Type.Kind == Binary {
		return a.IsNil() == b.IsNil() && string(raw(a)) == string(raw(b))
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// Quote quotes a name of foreign origin, cut to a length that a line bears.
func Quote(s string) string {
	const most = 64
	if len(s) > most {
		s = s[:most] + "…"
	}
	return string(AppendString(nil, s))
}

// EncodeAny is [Type.Encode] for any value, by its own type.
func EncodeAny(x any) (Encoded, error) {
	t := &Type{Kind: Any, Go: reflect.TypeFor[any]()}
	return t.Encode(reflect.ValueOf(&x).Elem())
}

// Generic gives all traits of a message as values like those of encoding/json, and
// binary ones as []byte.
func Generic(s State) (map[string]any, error) {
	all := map[string]any{}
	v := reflect.ValueOf(&all).Elem()
	t, err := TypeOf(v.Type())
	if err == nil {
		err = t.Decode(v, s.Traits)
	}
	if err != nil || len(s.Paths) == 0 {
		return all, err
	}
	err = Elements(s.Paths, func(i int, path []byte) error {
		var steps [][]byte
		if err := Elements(path, func(_ int, step []byte) error { steps = append(steps, step); return nil }); err != nil {
			return err
		}
		if i >= s.Buffers.NumBuffers() {
			return &Error{Text: "names more buffers than there are"}
		}
		return t.Put(v, steps, s.Buffers, i)
	})
	return all, err
}
