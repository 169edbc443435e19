package border

import (
	"structs"
	"unsafe"
)

// Ptr gives the address of a slice for an import.
func Ptr(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// A span is a byte slice as JavaScript reads it from linear memory.
type span struct {
	_   structs.HostLayout
	ptr uint32
	len uint32
}

// Spans gives an import n byte slices, as pairs of address and length, 32 bits each. The
// caller keeps bs alive until the import has returned.
func Spans(bs [][]byte) (p unsafe.Pointer, n int32) {
	if len(bs) == 0 {
		return nil, 0
	}
	s := make([]span, len(bs))
	for i, b := range bs {
		s[i] = span{ptr: uint32(uintptr(Ptr(b))), len: uint32(len(b))}
	}
	return unsafe.Pointer(&s[0]), int32(len(bs))
}

// Staged takes the bytes that JavaScript has staged under a number. Memory for them is
// made in between, where the garbage collector may park the goroutine, and others stage
// theirs: hence the numbers.
func Staged(number int32) []byte {
	b := make([]byte, stagedLen(number))
	take(number, Ptr(b))
	return b
}

// Result makes an error of what an import has returned: one that fails gives -1-n, and has
// staged a text under the number n.
func Result(code int32) error {
	if code >= 0 {
		return nil
	}
	return JSError(Staged(-1 - code))
}

// A JSError is the text of an exception of JavaScript, or of a refusal.
type JSError string

func (e JSError) Error() string { return string(e) }

// A Slot is where JavaScript keeps an object with binary buffers, until it is released.
type Slot int32

// None stands for no slot.
const None Slot = -1

// NumBuffers gives the number of buffers.
func (s Slot) NumBuffers() int { return int(max(0, bufferCount(s))) }

// BufferLen gives the length of buffer i, in bytes.
func (s Slot) BufferLen(i int) int { return int(max(0, bufferLen(s, int32(i)))) }

// CopyBuffer copies buffer i, as much of it as dst has room for, and gives the number of bytes.
func (s Slot) CopyBuffer(dst []byte, i int) int {
	return int(max(0, bufferCopy(s, int32(i), Ptr(dst), int32(len(dst)))))
}

// Release frees the slot, unless it is [None].
func (s Slot) Release() {
	if s >= 0 {
		release(s)
	}
}
