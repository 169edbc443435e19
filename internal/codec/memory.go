package codec

import (
	"reflect"
	"unsafe"
)

// A slice is how Go has one in memory.
type slice struct {
	data     unsafe.Pointer
	len, cap int
}

// bytes gives the memory of the first elements, size bytes.
func (s *slice) bytes(size int) []byte { return unsafe.Slice((*byte)(s.data), size) }

func valueAt(t reflect.Type, p unsafe.Pointer) reflect.Value { return reflect.NewAt(t, p).Elem() }

// newValue makes a value of a type, and gives its memory.
func newValue(t reflect.Type) unsafe.Pointer {
	return unsafe.Pointer(reflect.New(t).Elem().UnsafeAddr())
}

// newSlice makes a slice of type t.
func newSlice(t reflect.Type, n int) slice {
	if n == 0 {
		return slice{data: unsafe.Pointer(&struct{}{})}
	}
	return slice{unsafe.Pointer(reflect.MakeSlice(t, n, n).Index(0).UnsafeAddr()), n, n}
}

// pointee gives what the pointer at p points to, and makes it where that is nothing.
func pointee(p unsafe.Pointer, t reflect.Type) unsafe.Pointer {
	to := (*unsafe.Pointer)(p)
	if *to == nil {
		*to = newValue(t)
	}
	return *to
}

// setFloat sets a float.
func setFloat(n *node, p unsafe.Pointer, f float64) {
	if n.size == 4 {
		*(*float32)(p) = float32(f)
	} else {
		*(*float64)(p) = f
	}
}

// setInteger sets an integer, if its type can have the value, which is exact in
// JavaScript.
func setInteger(n *node, p unsafe.Pointer, i int64) bool {
	switch n.size {
	case 1:
		*(*int8)(p) = int8(i)
	case 2:
		*(*int16)(p) = int16(i)
	case 4:
		*(*int32)(p) = int32(i)
	default:
		*(*int64)(p) = i
	}
	return integer(n, p) == i && (i >= 0 || !isUnsigned(n.kind))
}

// integer gives an integer; a uint64 of which 64 bits are used, as a negative number.
//
//go:noinline
func integer(n *node, p unsafe.Pointer) int64 {
	var i int64
	switch n.size {
	case 1:
		i = int64(*(*int8)(p))
	case 2:
		i = int64(*(*int16)(p))
	case 4:
		i = int64(*(*int32)(p))
	default:
		return *(*int64)(p)
	}
	if isUnsigned(n.kind) {
		i &= 1<<(8*n.size) - 1 // without the sign
	}
	return i
}

// empty is what the option omitempty leaves out.
func (n *node) empty(p unsafe.Pointer) bool {
	switch n.kind {
	case reflect.Array:
		return n.length == 0
	case reflect.Slice:
		return (*slice)(p).len == 0
	case reflect.Map:
		return *(*unsafe.Pointer)(p) == nil || len(n.maps.keys(n.typ, p)) == 0
	case reflect.Struct:
		return false
	}
	return n.plainZero(p)
}

// zero tells whether a value is its type's zero, or says so itself.
func (n *node) zero(p unsafe.Pointer) bool {
	if full != nil {
		return full.zero(n.typ, p)
	}
	return n.plainZero(p)
}

// plainZero is not for arrays, structs and types with the method IsZero.
func (n *node) plainZero(p unsafe.Pointer) bool {
	switch n.kind {
	case reflect.Float32:
		return *(*float32)(p) == 0 // also where it is -0
	case reflect.Float64:
		return *(*float64)(p) == 0
	case reflect.String:
		return *(*string)(p) == ""
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return *(*unsafe.Pointer)(p) == nil
	}
	return integer(n, p) == 0
}
