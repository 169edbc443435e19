package wire

import "reflect"

// A Kind is how a Go type travels.
type Kind uint8

const (
	Bool Kind = iota
	Int
	Uint
	Float
	String
	List   // a slice or array
	Binary // a slice of numbers whose memory is sent as it is
	Map    // with strings for keys
	Struct
	Pointer
	Any
)

// A Type is what is known of a Go type before values are read or written.
type Type struct {
	Kind   Kind
	Go     reflect.Type
	Elem   *Type   // of List, Map, Pointer
	Fields []Field // of Struct
}

// A Field is one of a struct's, or a trait of a state.
type Field struct {
	Name     string // in JSON
	GoName   string
	Optional bool // may be missing
	Type     *Type
	index    int
}

// TypeOf derives a Type. The error names the field whose type cannot travel.
func TypeOf(t reflect.Type) (*Type, error) { return types{}.of(t, false) }

// types are those that were begun, since types may contain themselves.
type types map[typeKey]*Type

type typeKey struct {
	t      reflect.Type
	binary bool
}

func (ts types) of(t reflect.Type, binary bool) (*Type, error) {
	key := typeKey{t, binary}
	if known := ts[key]; known != nil {
		return known, nil
	}
	typ := &Type{Go: t}
	ts[key] = typ
	if binary && !(t.Kind() == reflect.Slice && numeric(t.Elem().Kind())) {
		return nil, &Error{Text: "is a " + t.String() + `: "binary" is for slices of numbers`}
	}
	var err error
	switch k := t.Kind(); {
	case k == reflect.Bool:
		typ.Kind = Bool
	case k >= reflect.Int && k <= reflect.Int64:
		typ.Kind = Int
	case k >= reflect.Uint && k <= reflect.Uintptr:
		typ.Kind = Uint
	case k == reflect.Float32 || k == reflect.Float64:
		typ.Kind = Float
	case k == reflect.String:
		typ.Kind = String
	case k == reflect.Slice && (binary || t.Elem().Kind() == reflect.Uint8):
		typ.Kind = Binary
		typ.Elem, err = ts.of(t.Elem(), false)
	case k == reflect.Slice || k == reflect.Array:
		typ.Kind = List
		typ.Elem, err = ts.of(t.Elem(), false)
		err = at(err, "[]")
	case k == reflect.Map && t.Key().Kind() == reflect.String:
		typ.Kind = Map
		typ.Elem, err = ts.of(t.Elem(), false)
		err = at(err, "[]")
	case k == reflect.Pointer:
		typ.Kind = Pointer
		typ.Elem, err = ts.of(t.Elem(), false)
	case k == reflect.Interface && t.NumMethod() == 0:
		typ.Kind = Any
	case k == reflect.Struct:
		typ.Kind = Struct
		err = ts.fields(typ)
	default:
		err = &Error{Text: "is a " + t.String() + ", which cannot travel"}
	}
	return typ, err
}

func (ts types) fields(typ *Type) error {
	for i := range typ.Go.NumField() {
		f := typ.Go.Field(i)
		name, options := cut(f.Tag.Get("json"))
		if name == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = snake(f.Name)
		}
		field := Field{Name: name, GoName: f.Name, index: i}
		binary := false
		for option := ""; options != ""; {
			switch option, options = cut(options); option {
			case "omitempty", "omitzero":
				field.Optional = true
			case "binary":
				binary = true
			}
		}
		for _, other := range typ.Fields {
			if other.Name == name {
				return at(&Error{Text: "has the same name as " + other.GoName + ": " + name}, "."+f.Name)
			}
		}
		var err error
		if field.Type, err = ts.of(f.Type, binary); err != nil {
			return at(err, "."+f.Name)
		}
		typ.Fields = append(typ.Fields, field)
	}
	if len(typ.Fields) == 0 && typ.Go.NumField() > 0 {
		return &Error{Text: "is a " + typ.Go.String() + ", which has no exported fields"}
	}
	return nil
}

func (t *Type) field(name string) *Field {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return &t.Fields[i]
		}
	}
	return nil
}

// Of gives the field's value in a struct.
func (f *Field) Of(s reflect.Value) reflect.Value { return s.Field(f.index) }

// cut cuts s at its first comma.
func cut(s string) (before, after string) {
	for i := range len(s) {
		if s[i] == ',' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func numeric(k reflect.Kind) bool {
	return k >= reflect.Int8 && k <= reflect.Int64 || k >= reflect.Uint8 && k <= reflect.Uint64 || k == reflect.Float32 || k == reflect.Float64
}

// snake spells a Go name as Python does: MaxItems is max_items, ID is id.
func snake(name string) string {
	var b []byte
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			after := i > 0 && !upper(name, i-1)
			before := i > 0 && i+1 < len(name) && !upper(name, i+1)
			if after || before {
				b = append(b, '_')
			}
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}

func upper(s string, i int) bool { return s[i] >= 'A' && s[i] <= 'Z' || s[i] == '_' }
