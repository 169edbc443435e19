package widget

import (
	"errors"

	"gocomm/internal/codec"
	"gocomm/widget/host"
)

// A Msg is a custom message from the kernel. It is valid until its handler returns.
type Msg struct {
	content []byte
	buffers host.Buffers
}

// JSON gives the content as JSON text, which is not to be changed.
func (m *Msg) JSON() []byte { return m.content }

// Decode decodes the content into what dst points to. It follows the rules of package
// gocomm/commmgr/typed. The error is [ErrMessage], and names the field that does not fit.
func (m *Msg) Decode(dst any) error {
	if err := codec.Unmarshal(m.content, m.buffers, dst); err != nil {
		return &failure{"decode", ErrMessage, err}
	}
	return nil
}

// NumBuffers gives the number of binary buffers.
func (m *Msg) NumBuffers() int {
	if m.buffers == nil {
		return 0
	}
	return m.buffers.NumBuffers()
}

// Buffers copies the binary buffers. The error is the host's, when a buffer cannot be read.
func (m *Msg) Buffers() ([][]byte, error) { return codec.CopyBuffers(m.buffers) }

// Numbers gives buffer i of a message as a slice of numbers, in one copy. The buffer has them in
// little-endian order, as numpy does. The error is [ErrMessage] when there is no such buffer, or its
// length is no multiple of a number's.
func Numbers[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64](m *Msg, i int) ([]T, error) {
	var s []T
	err := errors.New("the message has no such buffer")
	if i >= 0 && i < m.NumBuffers() {
		err = codec.Numbers(m.buffers, i, &s)
	}
	if err != nil {
		return nil, &failure{"decode", ErrMessage, err}
	}
	return s, nil
}
