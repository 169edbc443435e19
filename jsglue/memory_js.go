package jsglue

import (
	"structs"
	"unsafe"
)

func ptr(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// A span is a byte slice as JavaScript reads it from linear memory.
type span struct {
	_   structs.HostLayout
	ptr uint32
	len uint32
}

func spans(bs [][]byte) []span {
	s := make([]span, len(bs))
	for i, b := range bs {
		s[i] = span{ptr: uint32(uintptr(ptr(b))), len: uint32(len(b))}
	}
	return s
}

func spanPtr(s *span) unsafe.Pointer { return unsafe.Pointer(s) }
