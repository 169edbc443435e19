package codec

import (
	"reflect"
	"unsafe"
)

// A JSON is a value of any kind, as JSON text; the empty one is null. So is a struct whose only field is one: it is how
// other packages show it to users. In memory both are a string.
type JSON string

var jsonType = reflect.TypeFor[JSON]()

//go:noinline
func isJSON(t reflect.Type) bool {
	return t == jsonType || t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Type == jsonType
}

func (r *reader) raw(n *node, p unsafe.Pointer, tag byte) bool {
	text := ""
	if tag == tagText {
		text = string(r.bytes())
	} else if tag != tagNull {
		return r.misfit(n, tag)
	}
	*(*string)(p) = text
	return true
}

func (w *writer) raw(p unsafe.Pointer) {
	text := *(*string)(p)
	if text == "" {
		text = "null"
	}
	w.text(text)
}
