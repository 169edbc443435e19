package codec

import (
	"reflect"
)

// A method is one that a type has for its values' JSON, or for their text.
type method uint8

const (
	none method = iota
	forJSON
	forText
	raw // none: the type is [JSON]
)

type (
	jsonMarshaler   interface{ MarshalJSON() ([]byte, error) }
	jsonUnmarshaler interface{ UnmarshalJSON([]byte) error }
	textMarshaler   interface{ MarshalText() ([]byte, error) }
	textUnmarshaler interface{ UnmarshalText([]byte) error }
)

// The names stand here since a call of reflect's Method would have the linker keep all
// methods there are.
var known = [...]struct {
	name   string
	has    reflect.Type
	method method
	reads  bool
}{
	{"UnmarshalText", reflect.TypeFor[textUnmarshaler](), forText, true},
	{"UnmarshalJSON", reflect.TypeFor[jsonUnmarshaler](), forJSON, true},
	{"MarshalText", reflect.TypeFor[textMarshaler](), forText, false},
	{"MarshalJSON", reflect.TypeFor[jsonMarshaler](), forJSON, false},
}

// methods looks for a type's methods.
func (b *builder) methods(n *node) *NoPlan {
	if n.kind == reflect.Pointer || n.kind == reflect.Interface { // what is pointed to has them, and what is held
		return nil
	}
	for i := range known {
		m := &known[i]
		if !has(n.typ, m.has) {
			continue
		}
		if full == nil {
			return b.not(n.typ, "has the method "+m.name, true)
		}
		if m.reads {
			n.reads = m.method
		} else {
			n.writes = m.method
		}
	}
	return nil
}

// has tells whether values of a type, or pointers to them, have an interface's methods.
//
//go:noinline
func has(t, methods reflect.Type) bool {
	return t.Implements(methods) || reflect.PointerTo(t).Implements(methods)
}
