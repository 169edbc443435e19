package view

import (
	"structs"
	"unsafe"
)

// A span is a byte slice as JavaScript reads it from linear memory.
type span struct {
	_   structs.HostLayout
	ptr uint32
	len uint32
}

func spans(bs [][]byte) (p unsafe.Pointer, n int32) {
	if len(bs) == 0 {
		return nil, 0
	}
	s := make([]span, len(bs))
	for i, b := range bs {
		s[i] = span{ptr: uint32(uintptr(ptr(b))), len: uint32(len(b))}
	}
	return unsafe.Pointer(&s[0]), int32(len(bs))
}

func ptr(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// A slot is where JavaScript keeps texts and binary buffers, until it is freed. It is the
// [gocomm/widget/host.Buffers] that are there.
type slot int32

// text copies one of the texts.
func (s slot) text(i int32) []byte {
	b := make([]byte, max(0, slotLen(int32(s), i)))
	take(int32(s), i, ptr(b))
	return b
}

func (s slot) NumBuffers() int     { return int(max(0, bufferCount(int32(s)))) }
func (s slot) BufferLen(i int) int { return int(max(0, bufferLen(int32(s), int32(i)))) }

func (s slot) CopyBuffer(dst []byte, i int) int {
	return int(max(0, bufferCopy(int32(s), int32(i), ptr(dst), int32(len(dst)))))
}

func (s slot) free() { free(int32(s)) }

// result makes an error of an import's failure code.
func result(code int32) error {
	if code >= 0 {
		return nil
	}
	s := slot(-1 - code)
	defer s.free()
	return jsError(s.text(0))
}

// A jsError is an exception of JavaScript's.
type jsError string

func (e jsError) Error() string { return string(e) }
