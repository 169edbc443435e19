package typed

import (
	"reflect"
	"unsafe"
)

// A slice is how Go has one in memory.
type slice struct {
	data     unsafe.Pointer
	len, cap int
}

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

func isInteger(k reflect.Kind) bool { return reflect.Int <= k && k <= reflect.Uintptr }

func isUnsigned(k reflect.Kind) bool { return reflect.Uint <= k && k <= reflect.Uintptr }

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

// clear and copy leave out what is not in JSON, which is never set.

// clear sets the value at p to its type's zero.
func (n *node) clear(p unsafe.Pointer) { n.copy(p, newValue(n.typ)) }

// copy copies a value.
func (n *node) copy(to, from unsafe.Pointer) {
	switch n.kind {
	case reflect.Pointer, reflect.Map:
		*(*unsafe.Pointer)(to) = *(*unsafe.Pointer)(from)
	case reflect.Slice:
		*(*slice)(to) = *(*slice)(from)
	case reflect.String:
		*(*string)(to) = *(*string)(from)
	case reflect.Array:
		for i := range n.length {
			n.elem.copy(unsafe.Add(to, i*n.elem.size), unsafe.Add(from, i*n.elem.size))
		}
	case reflect.Struct:
		for i := range n.fields {
			f := &n.fields[i]
			if len(f.steps) > 0 {
				at := f.steps[0].offset
				*(*unsafe.Pointer)(unsafe.Add(to, at)) = *(*unsafe.Pointer)(unsafe.Add(from, at))
			} else {
				f.node.copy(unsafe.Add(to, f.offset), unsafe.Add(from, f.offset))
			}
		}
	default: // without pointers
		copy(unsafe.Slice((*byte)(to), n.size), unsafe.Slice((*byte)(from), n.size))
	}
}

// empty is what the option omitempty leaves out.
func (n *node) empty(p unsafe.Pointer) bool {
	switch n.kind {
	case reflect.Array:
		return n.length == 0
	case reflect.Slice:
		return (*slice)(p).len == 0
	case reflect.Map:
		return *(*unsafe.Pointer)(p) == nil || len(n.maps.Keys(n.typ, p)) == 0
	case reflect.Struct:
		return false
	}
	return n.zero(p)
}

// zero tells whether a value is its type's zero. It is not for arrays and structs.
func (n *node) zero(p unsafe.Pointer) bool {
	switch n.kind {
	case reflect.Float32:
		return *(*float32)(p) == 0 // also where it is -0
	case reflect.Float64:
		return *(*float64)(p) == 0
	case reflect.String:
		return *(*string)(p) == ""
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return *(*unsafe.Pointer)(p) == nil
	case reflect.Bool:
		return !*(*bool)(p)
	}
	return integer(n, p) == 0
}
