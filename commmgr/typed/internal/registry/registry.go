// Package registry has what a program's imports add to package typed: see packages
// jsoncodec and mapcodec, which set it in init functions. Native programs have both.
package registry

import (
	"reflect"
	"unsafe"
)

// A Codec puts encoding/json at package typed's disposal, for types that have no plan.
type Codec struct {
	Marshal   func(v any) ([]byte, error)
	Unmarshal func(data []byte, v any) error
	// Mismatch reads an error of Unmarshal's about a value that does not fit its type.
	Mismatch func(err error) (field, value, goType string, ok bool)
}

// JSON is the program's codec, or nil.
var JSON *Codec

// Maps are operations on maps of any type with keys that are strings; the maps are
// given by the addresses of variables that have them.
type Maps struct {
	Make func(t reflect.Type, m unsafe.Pointer, n int)
	Set  func(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer)
	Keys func(t reflect.Type, m unsafe.Pointer) []string
	Get  func(t reflect.Type, m unsafe.Pointer, key string, elem unsafe.Pointer)
}

// AnyMaps are the program's operations on maps of any type, or nil.
var AnyMaps *Maps
