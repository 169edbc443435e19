package codec

import (
	"errors"
	"reflect"
	"unsafe"
)

// EncodeAny is [Field.Encode] for any value, by its own type. Without binary all of it is JSON, as
// [Marshal] makes it.
func EncodeAny(x any, binary bool) (Encoded, error) {
	if x == nil {
		return Encoded{JSON: []byte("null")}, nil
	}
	p, at := held(unsafe.Pointer(&x))
	if p.not != nil {
		return Encoded{}, p.not
	}
	w := writer{binary: binary}
	if !w.asBuffer(p.root, at) && !w.value(p.root, at) {
		return Encoded{}, w.err
	}
	return w.Encoded, nil
}

// Unmarshal puts a message's data, with its binary buffers, into what dst points to.
func Unmarshal(text []byte, b Buffers, dst any) error {
	t := reflect.TypeOf(dst)
	if t == nil || t.Kind() != reflect.Pointer || Memory(dst) == nil {
		return errors.New("a value can only be put where a pointer points to")
	}
	p := PlanOf(t.Elem())
	if p.not != nil {
		return p.not
	}
	_, err := readText(p, text, b, Memory(dst))
	return err
}

// Numbers puts a binary buffer into the slice of numbers that dst points to.
func Numbers(b Buffers, i int, dst any) error {
	r := reader{buffers: b, data: []byte{byte(i), byte(i >> 8), byte(i >> 16), byte(i >> 24)}}
	if !r.buffer(PlanOf(reflect.TypeOf(dst).Elem()).root, Memory(dst)) {
		return r.err
	}
	return nil
}

// Generic gives all traits of a message as values like those of encoding/json, and
// binary ones as []byte.
func Generic(s State) (all map[string]any, err error) {
	places, err := s.places()
	if err == nil {
		err = readValue(PlanOf(reflect.TypeFor[map[string]any]()).root, s.Traits, places, s.Buffers, unsafe.Pointer(&all))
	}
	return all, err
}

// Bytes are [Buffers] in Go's memory.
type Bytes [][]byte

func (b Bytes) NumBuffers() int                  { return len(b) }
func (b Bytes) BufferLen(i int) int              { return len(b[i]) }
func (b Bytes) CopyBuffer(dst []byte, i int) int { return copy(dst, b[i]) }

// CopyBuffers copies all buffers.
func CopyBuffers(bs Buffers) ([][]byte, error) {
	if bs == nil || bs.NumBuffers() <= 0 {
		return nil, nil
	}
	all := make([][]byte, bs.NumBuffers())
	for i := range all {
		all[i] = make([]byte, bs.BufferLen(i))
		if bs.CopyBuffer(all[i], i) != len(all[i]) {
			return nil, errShort
		}
	}
	return all, nil
}
