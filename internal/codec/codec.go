package codec

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// A Space is where a message's values are on their way through a plan.
type Space struct {
	Bytes  []byte
	reader reader
}

const (
	spaceSize   = 4 << 10
	largestKept = 64 << 10 // a space that has grown larger is not used again
)

// spare is a space that is free. One is enough on a page, where reading by a plan does
// not wait.
var spare atomic.Pointer[Space]

// TakeSpace gives a space, to be given back.
//
//go:noinline
func TakeSpace() *Space {
	if s := spare.Swap(nil); s != nil {
		return s
	}
	return &Space{Bytes: make([]byte, spaceSize)}
}

// GiveBack ends the use of a space.
//
//go:noinline
func (s *Space) GiveBack() {
	s.reader.data, s.reader.err, s.reader.buffers = nil, nil, nil
	spare.Store(s)
}

// Read puts the values that the plan names into what dst points to, which is of the plan's
// type. placed is how many of the buffers belong to the values, the first ones.
func (p *Plan) Read(s *Space, values []byte, b Buffers, dst unsafe.Pointer) (placed int, err error) {
	if len(values) > len(s.Bytes) && len(values) <= largestKept {
		s.Bytes = values[:cap(values)]
	}
	r := &s.reader
	r.data, r.at, r.buffers = values, 0, b
	if p.binary {
		placed = r.uint32()
	}
	if !r.value(p.root, dst) {
		return placed, r.err
	}
	return placed, nil
}

// ReadText is [Plan.Read] of a message's data as JSON text.
func (p *Plan) ReadText(text []byte, b Buffers, dst unsafe.Pointer) (placed int, err error) {
	if full == nil {
		return 0, &NoPlan{typ: p.typ.String(), why: "is to be decoded from JSON text", more: true}
	}
	return full.readText(p, text, b, dst)
}

// Memory gives the address of what a pointer points to: the second word of an any
// that holds a pointer.
func Memory(pointer any) unsafe.Pointer {
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&pointer))[1]
}

// Marshal makes JSON of what v points to. What is binary is base64, or lists of numbers.
func Marshal(v any) ([]byte, error) {
	w, err := encode(v, false)
	return w.JSON, err
}

// Message makes a message's data of what v points to, with what is binary in buffers, the
// value's own memory, and their paths in the data's member "buffer_paths". The other buffers
// follow them. Where the data is no object, which has no such member, it is [Marshal]'s.
func Message(v any, others [][]byte) (data []byte, buffers [][]byte, err error) {
	w, err := encode(v, true)
	if len(w.Buffers) > 0 && (len(w.JSON) == 0 || w.JSON[0] != '{') {
		w, err = encode(v, false)
	}
	if len(w.Buffers) == 0 || err != nil {
		return w.JSON, others, err
	}
	separator := `,"` + pathsName + `":[[`
	if w.JSON = w.JSON[:len(w.JSON)-1]; len(w.JSON) == 1 {
		separator = separator[1:]
	}
	for _, path := range w.Paths {
		w.text(separator)
		w.JSON = append(w.JSON, path...)
		separator = "],["
	}
	w.text("]]}")
	return w.JSON, append(w.Buffers, others...), nil
}

func encode(v any, binary bool) (w writer, err error) {
	p := PlanOf(reflect.TypeOf(v).Elem())
	if p.not != nil {
		return w, p.not
	}
	w.binary = binary && p.binary
	if !w.value(p.root, Memory(v)) {
		return writer{}, w.err
	}
	return w, nil
}
