package codec

import (
	"reflect"
	"unsafe"
)

// mapFuncs are operations on maps of a type; the maps are given by the addresses of
// variables that have them, and keys by their texts.
type mapFuncs struct {
	make func(t reflect.Type, m unsafe.Pointer, n int)
	set  func(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) (fits bool)
	keys func(t reflect.Type, m unsafe.Pointer) []string
	get  func(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer)
}

// mapsOf gives the operations for maps of a type, or nil.
func mapsOf(t reflect.Type) *mapFuncs {
	switch t {
	case reflect.TypeFor[map[string]string](), reflect.TypeFor[map[string]bool](),
		reflect.TypeFor[map[string]int](), reflect.TypeFor[map[string]float64]():
		return &plainMaps
	}
	if t.Key() == reflect.TypeFor[string]() && isJSON(t.Elem()) {
		return &plainMaps
	}
	if full != nil {
		return &full.maps
	}
	return nil
}

// plainMaps are the operations on maps of these types. One function for each
// is a third of what it would be as a generic one. Maps of ints and of float64s are
// the same in memory, and so are maps of strings and of JSON.
var plainMaps = mapFuncs{makePlain, setPlain, keysPlain, getPlain}

func makePlain(t reflect.Type, m unsafe.Pointer, n int) {
	switch t.Elem().Kind() {
	case reflect.String, reflect.Struct:
		*(*map[string]string)(m) = make(map[string]string, n)
	case reflect.Bool:
		*(*map[string]bool)(m) = make(map[string]bool, n)
	default:
		*(*map[string]int)(m) = make(map[string]int, n)
	}
}

func setPlain(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) bool {
	switch t.Elem().Kind() {
	case reflect.String, reflect.Struct:
		(*(*map[string]string)(m))[key] = *(*string)(elem)
	case reflect.Bool:
		(*(*map[string]bool)(m))[key] = *(*bool)(elem)
	default:
		(*(*map[string]int)(m))[key] = *(*int)(elem)
	}
	return true
}

func keysPlain(t reflect.Type, m unsafe.Pointer) (keys []string) {
	switch t.Elem().Kind() {
	case reflect.String, reflect.Struct:
		for key := range *(*map[string]string)(m) {
			keys = with(keys, key)
		}
	case reflect.Bool:
		for key := range *(*map[string]bool)(m) {
			keys = with(keys, key)
		}
	default:
		for key := range *(*map[string]int)(m) {
			keys = with(keys, key)
		}
	}
	return keys
}

//go:noinline
func with(keys []string, key string) []string { return append(keys, key) }

func getPlain(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) {
	switch t.Elem().Kind() {
	case reflect.String, reflect.Struct:
		*(*string)(elem) = (*(*map[string]string)(m))[key]
	case reflect.Bool:
		*(*bool)(elem) = (*(*map[string]bool)(m))[key]
	default:
		*(*int)(elem) = (*(*map[string]int)(m))[key]
	}
}

// sortStrings sorts names in place, by Shell's method. What package slices has for it is
// many times as large.
func sortStrings(s []string) {
	for gap := len(s) / 2; gap > 0; gap /= 2 {
		for i := gap; i < len(s); i++ {
			for j := i; j >= gap && s[j] < s[j-gap]; j -= gap {
				s[j], s[j-gap] = s[j-gap], s[j]
			}
		}
	}
}
