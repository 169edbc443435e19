package typed

import (
	"reflect"
	"unsafe"
)

// Maps are operations on maps of any type with keys that are strings; the maps are
// given by the addresses of variables that have them. Package
// gocomm/commmgr/typed/mapcodec has those there are.
type Maps struct {
	Make func(t reflect.Type, m unsafe.Pointer, n int)
	Set  func(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer)
	Keys func(t reflect.Type, m unsafe.Pointer) []string
	Get  func(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer)
}

// anyMaps are those of the program, if there are any.
var anyMaps *Maps

// UseMaps sets the operations on maps. It is to be called from an init function.
// Native programs have them set.
func UseMaps(m Maps) { anyMaps = &m }

// mapsOf gives the operations for maps of a type, or nil.
func mapsOf(t reflect.Type) *Maps {
	switch t {
	case reflect.TypeFor[map[string]string]():
		return mapsWith[string]()
	case reflect.TypeFor[map[string]bool]():
		return mapsWith[bool]()
	case reflect.TypeFor[map[string]int]():
		return mapsWith[int]()
	case reflect.TypeFor[map[string]float64]():
		return mapsWith[float64]()
	}
	return anyMaps
}

func mapsWith[V any]() *Maps {
	at := func(m unsafe.Pointer) *map[string]V { return (*map[string]V)(m) }
	return &Maps{
		Make: func(_ reflect.Type, m unsafe.Pointer, n int) { *at(m) = make(map[string]V, n) },
		Set:  func(_ reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) { (*at(m))[key] = *(*V)(elem) },
		Keys: func(_ reflect.Type, m unsafe.Pointer) (keys []string) {
			for key := range *at(m) {
				keys = append(keys, key)
			}
			return keys
		},
		Get: func(_ reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer) { *(*V)(elem) = (*at(m))[key] },
	}
}

// sortStrings sorts names in place, by a heap. What package slices has for it is six
// times as large.
func sortStrings(s []string) {
	sift := func(root, end int) {
		for {
			child := 2*root + 1
			if child >= end {
				return
			}
			if child+1 < end && s[child] < s[child+1] {
				child++
			}
			if s[root] >= s[child] {
				return
			}
			s[root], s[child] = s[child], s[root]
			root = child
		}
	}
	for i := len(s)/2 - 1; i >= 0; i-- {
		sift(i, len(s))
	}
	for end := len(s) - 1; end > 0; end-- {
		s[0], s[end] = s[end], s[0]
		sift(0, end)
	}
}
