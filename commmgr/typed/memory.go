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

// setInteger sets an integer of kind k, if it can have the value, which is exact in
// JavaScript.
func setInteger(k reflect.Kind, p unsafe.Pointer, i int64) bool {
	if isUnsigned(k) && i < 0 {
		return false
	}
	switch k {
	case reflect.Int8:
		*(*int8)(p) = int8(i)
	case reflect.Uint8:
		*(*uint8)(p) = uint8(i)
	case reflect.Int16:
		*(*int16)(p) = int16(i)
	case reflect.Uint16:
		*(*uint16)(p) = uint16(i)
	case reflect.Int32:
		*(*int32)(p) = int32(i)
	case reflect.Uint32:
		*(*uint32)(p) = uint32(i)
	case reflect.Int:
		*(*int)(p) = int(i)
	case reflect.Uint:
		*(*uint)(p) = uint(i)
	case reflect.Uintptr:
		*(*uintptr)(p) = uintptr(i)
	default:
		*(*int64)(p) = i
		return true
	}
	return integer(k, p) == i
}

// integer gives an integer of kind k; a uint64 of which 64 bits are used, as a negative
// number.
func integer(k reflect.Kind, p unsafe.Pointer) int64 {
	switch k {
	case reflect.Int8:
		return int64(*(*int8)(p))
	case reflect.Uint8:
		return int64(*(*uint8)(p))
	case reflect.Int16:
		return int64(*(*int16)(p))
	case reflect.Uint16:
		return int64(*(*uint16)(p))
	case reflect.Int32:
		return int64(*(*int32)(p))
	case reflect.Uint32:
		return int64(*(*uint32)(p))
	case reflect.Int:
		return int64(*(*int)(p))
	case reflect.Uint:
		return int64(*(*uint)(p))
	case reflect.Uintptr:
		return int64(*(*uintptr)(p))
	}
	return *(*int64)(p)
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

// zero is what the option omitzero leaves out. Of a struct, JSON sees all fields then.
func (n *node) zero(p unsafe.Pointer) bool {
	switch n.kind {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return *(*unsafe.Pointer)(p) == nil
	case reflect.String:
		return len(*(*string)(p)) == 0
	case reflect.Float32:
		return *(*float32)(p) == 0 // also where it is -0
	case reflect.Float64:
		return *(*float64)(p) == 0
	case reflect.Array:
		for i := range n.length {
			if !n.elem.zero(unsafe.Add(p, i*n.elem.size)) {
				return false
			}
		}
	case reflect.Struct:
		for i := range n.fields {
			if !n.fields[i].node.zero(unsafe.Add(p, n.fields[i].offset)) {
				return false
			}
		}
	default:
		for _, b := range unsafe.Slice((*byte)(p), n.size) {
			if b != 0 {
				return false
			}
		}
	}
	return true
}

// seen tells whether JSON sees all that values of n have.
func (n *node) seen() bool {
	switch n.kind {
	case reflect.Array:
		return n.elem.seen()
	case reflect.Struct:
		for i := range n.fields {
			if len(n.fields[i].steps) > 0 || !n.fields[i].node.seen() {
				return false
			}
		}
		return len(n.fields) == n.typ.NumField()
	}
	return true
}
