package page

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"syscall/js"
)

// typedArray copies a typed array's elements into a slice of their type, and the bytes
// of an ArrayBuffer or a DataView. It gives nil for what is none of these.
func typedArray(v js.Value) any {
	switch class(v) {
	case "Int8Array":
		return elements(v, 1, func(b []byte) int8 { return int8(b[0]) })
	case "Int16Array":
		return elements(v, 2, func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b)) })
	case "Uint16Array":
		return elements(v, 2, binary.LittleEndian.Uint16)
	case "Int32Array":
		return elements(v, 4, func(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) })
	case "Uint32Array":
		return elements(v, 4, binary.LittleEndian.Uint32)
	case "Float32Array":
		return elements(v, 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) })
	case "Float64Array":
		return elements(v, 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) })
	}
	return bytesOf(v)
}

// isBuffer tells whether v has bytes: an object may have called itself an ArrayBuffer.
func isBuffer(v js.Value) bool {
	name := class(v)
	return isView(v) || name == "ArrayBuffer" || name == "SharedArrayBuffer"
}

// bytesOf copies the bytes of a buffer, or of what is seen of it; nil where the object
// has only called itself one.
func bytesOf(v js.Value) any {
	bytes := v
	var err error
	if class(v) != "Uint8Array" {
		args := []any{v}
		if isView(v) {
			buffer, _ := get(v, "buffer")
			offset, _ := get(v, "byteOffset")
			length, _ := get(v, "byteLength")
			args = []any{buffer, offset, length}
		}
		bytes, err = call(reflection, "construct", global.Get("Uint8Array"), js.ValueOf(args))
	}
	if err != nil {
		return nil
	}
	length, err := get(bytes, "length")
	if err != nil || length.Type() != js.TypeNumber {
		return nil
	}
	b := make([]byte, length.Int())
	if !copied(func() int { return js.CopyBytesToGo(b, bytes) }, len(b)) {
		return nil
	}
	return b
}

func copied(f func() int, want int) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return f() == want
}

func elements[T any](v js.Value, size int, read func([]byte) T) any {
	b, ok := bytesOf(v).([]byte)
	if !ok {
		return nil
	}
	all := make([]T, len(b)/size)
	for i := range all {
		all[i] = read(b[i*size:])
	}
	return all
}

// setElements puts a slice of numbers into a slice or array of any numbers.
func setElements(rv reflect.Value, from any) error {
	src := reflect.ValueOf(from)
	if src.Type().AssignableTo(rv.Type()) {
		rv.Set(src)
		return nil
	}
	kind := rv.Type().Elem().Kind()
	if !isNumber(kind) && kind != reflect.Interface {
		return fmt.Errorf("a typed array does not fit into %v", rv.Type())
	}
	if err := makeRoom(rv, src.Len()); err != nil {
		return err
	}
	for i := range src.Len() {
		f := src.Index(i).Convert(reflect.TypeFor[float64]())
		e := rv.Index(i)
		if kind == reflect.Interface {
			e.Set(f)
			continue
		}
		if err := fits(f.Float(), e); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
		e.Set(f.Convert(e.Type()))
	}
	return nil
}

// arrayOf makes a typed array of a slice of numbers, with a copy of them. It gives
// false for other slices.
func arrayOf(rv reflect.Value) (js.Value, bool, error) {
	var name string
	var b []byte
	switch s := rv.Interface().(type) {
	case []byte:
		name, b = "Uint8Array", s
	case []int8:
		name, b = "Int8Array", pack(s, 1, func(b []byte, v int8) { b[0] = byte(v) })
	case []int16:
		name, b = "Int16Array", pack(s, 2, func(b []byte, v int16) { binary.LittleEndian.PutUint16(b, uint16(v)) })
	case []uint16:
		name, b = "Uint16Array", pack(s, 2, binary.LittleEndian.PutUint16)
	case []int32:
		name, b = "Int32Array", pack(s, 4, func(b []byte, v int32) { binary.LittleEndian.PutUint32(b, uint32(v)) })
	case []uint32:
		name, b = "Uint32Array", pack(s, 4, binary.LittleEndian.PutUint32)
	case []float32:
		name, b = "Float32Array", pack(s, 4, func(b []byte, v float32) { binary.LittleEndian.PutUint32(b, math.Float32bits(v)) })
	case []float64:
		name, b = "Float64Array", pack(s, 8, func(b []byte, v float64) { binary.LittleEndian.PutUint64(b, math.Float64bits(v)) })
	default:
		return js.Value{}, false, nil
	}
	bytes, err := call(reflection, "construct", global.Get("Uint8Array"), js.ValueOf([]any{len(b)}))
	if err != nil {
		return js.Value{}, true, err // there is no room for it
	}
	js.CopyBytesToJS(bytes, b)
	if name == "Uint8Array" {
		return bytes, true, nil
	}
	v, err := call(reflection, "construct", global.Get(name), js.ValueOf([]any{bytes.Get("buffer")}))
	return v, true, err
}

func pack[T any](s []T, size int, put func([]byte, T)) []byte {
	b := make([]byte, len(s)*size)
	for i, v := range s {
		put(b[i*size:], v)
	}
	return b
}
