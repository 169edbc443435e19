package typed

import (
	"reflect"
	"unsafe"

	"gocomm/commmgr/typed/internal/registry"
)

// mapsOf gives the operations for maps of a type, or nil.
func mapsOf(t reflect.Type) *registry.Maps {
	switch t {
	case reflect.TypeFor[map[string]string](), reflect.TypeFor[map[string]bool](),
		reflect.TypeFor[map[string]int](), reflect.TypeFor[map[string]float64]():
		return &plainMaps
	}
	return registry.AnyMaps
}

// plainMaps are the operations on maps of these four types. One function for each
// is a third of what it would be as a generic one.
var plainMaps = registry.Maps{Make: makePlain, Set: setPlain, Keys: keysPlain, Get: getPlain}

func makePlain(t reflect.Type, m unsafe.Pointer, n int) {
	switch t.Elem().Kind() {
	case reflect.String:
		*(*map[string]string)(m) = make(map[string]string, n)
	case reflect.Bool:
		*(*map[string]bool)(m) = make(map[string]bool, n)
	case reflect.Int:
		*(*map[string]int)(m) = make(map[string]int, n)
	default:
		*(*map[string]float64)(m) = make(map[string]float64, n)
	}
}

func setPlain(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) {
	switch t.Elem().Kind() {
	case reflect.String:
		(*(*map[string]string)(m))[key] = *(*string)(elem)
	case reflect.Bool:
		(*(*map[string]bool)(m))[key] = *(*bool)(elem)
	case reflect.Int:
		(*(*map[string]int)(m))[key] = *(*int)(elem)
	default:
		(*(*map[string]float64)(m))[key] = *(*float64)(elem)
	}
}

func keysPlain(t reflect.Type, m unsafe.Pointer) (keys []string) {
	add := func(key string) { keys = append(keys, key) }
	switch t.Elem().Kind() {
	case reflect.String:
		for key := range *(*map[string]string)(m) {
			add(key)
		}
	case reflect.Bool:
		for key := range *(*map[string]bool)(m) {
			add(key)
		}
	case reflect.Int:
		for key := range *(*map[string]int)(m) {
			add(key)
		}
	default:
		for key := range *(*map[string]float64)(m) {
			add(key)
		}
	}
	return keys
}

func getPlain(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) {
	switch t.Elem().Kind() {
	case reflect.String:
		*(*string)(elem) = (*(*map[string]string)(m))[key]
	case reflect.Bool:
		*(*bool)(elem) = (*(*map[string]bool)(m))[key]
	case reflect.Int:
		*(*int)(elem) = (*(*map[string]int)(m))[key]
	default:
		*(*float64)(elem) = (*(*map[string]float64)(m))[key]
	}
}

// sortStrings sorts names in place, by a heap. What package slices has for it is
// many times as large.
func sortStrings(s []string) {
	for i := len(s)/2 - 1; i >= 0; i-- {
		sift(s, i)
	}
	for end := len(s) - 1; end > 0; end-- {
		s[0], s[end] = s[end], s[0]
		sift(s[:end], 0)
	}
}

// sift lets what is at root sink to its place in the heap.
//
//go:noinline
func sift(s []string, root int) {
	for child := 2*root + 1; child < len(s); child = 2*root + 1 {
		if child+1 < len(s) && s[child] < s[child+1] {
			child++
		}
		if s[root] >= s[child] {
			return
		}
		s[root], s[child] = s[child], s[root]
		root = child
	}
}
