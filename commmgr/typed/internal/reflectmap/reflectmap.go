// Package reflectmap reads and writes maps of any type by reflection. What package
// reflect needs for that is a fourteenth of an empty Go program.
package reflectmap

import (
	"reflect"
	"unsafe"
)

// Make makes the map at m, which is of type t and nil.
func Make(t reflect.Type, m unsafe.Pointer, n int) { at(t, m).Set(reflect.MakeMapWithSize(t, n)) }

// Set sets an entry to what is at elem.
func Set(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) {
	at(t, m).SetMapIndex(at(t.Key(), unsafe.Pointer(&key)), at(t.Elem(), elem))
}

// Keys gives a map's keys.
func Keys(t reflect.Type, m unsafe.Pointer) []string {
	v := at(t, m)
	keys := make([]string, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		keys = append(keys, it.Key().String())
	}
	return keys
}

// Get copies an entry to elem.
func Get(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) {
	at(t.Elem(), elem).Set(at(t, m).MapIndex(at(t.Key(), unsafe.Pointer(&key))))
}

func at(t reflect.Type, p unsafe.Pointer) reflect.Value { return reflect.NewAt(t, p).Elem() }
