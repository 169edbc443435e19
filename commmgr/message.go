package commmgr

import (
	"strings"
	"sync/atomic"
	"unsafe"
)

// The msg_types of comms (messaging specification, "Custom Messages").
const (
	CommOpen  = "comm_open"
	CommMsg   = "comm_msg"
	CommClose = "comm_close"
)

// A Part names a part of a message.
type Part uint8

const (
	Header       Part = iota // the message's header
	ParentHeader             // the header of the request that caused it
	Metadata                 // its metadata
	Content                  // its whole content
	Data                     // content.data
)

// String gives the specification's name of the part.
func (p Part) String() string {
	return [...]string{"header", "parent_header", "metadata", "content", "content.data"}[p]
}

// A Message is one message from the kernel. Its parts stay where they arrived,
// on a page in JavaScript, until they are asked for.
//
// A Message is valid until the handler that got it returns; [Message.Retain]
// keeps it longer.
type Message struct {
	MsgType    string // header.msg_type
	CommID     string // content.comm_id
	TargetName string // content.target_name of a comm_open
	// Own tells whether this client's own request caused the message
	// (parent_header.session is the client's session). Every client of a kernel receives
	// every comm message, but answers only those that its own requests caused.
	Own bool
	// Size is what the message counts for in a queue, in bytes: about the length
	// of its JSON, and its buffers.
	Size int
	// Fault says what is wrong with the message, when whoever received it found
	// that a field is missing or of a wrong type; else it is empty.
	Fault string
	Body  body // the message's parts; a host sets it: see package host

	more atomic.Int32 // holders beyond the first; negative when released
}

// A body is a host.Body.
type body interface {
	JSON(Part) ([]byte, error)
	NumBuffers() int
	BufferLen(i int) int
	CopyBuffer(dst []byte, i int) int
	Release()
}

// JSON gives a part of the message as JSON text. The error is [ErrReleased]
// after the message's handler has returned, or the host's, when the part cannot be read.
func (m *Message) JSON(p Part) ([]byte, error) {
	if err := m.live("read " + p.String()); err != nil {
		return nil, err
	}
	b, err := m.Body.JSON(p)
	if err != nil {
		return nil, m.fail("read "+p.String(), err)
	}
	return b, nil
}

// Data gives the message's content.data as JSON text: [Message.JSON] of [Data]. Package
// gocomm/commmgr/typed decodes it into Go types.
func (m *Message) Data() ([]byte, error) { return m.JSON(Data) }

// Metadata gives the message's metadata as JSON text, likewise.
func (m *Message) Metadata() ([]byte, error) { return m.JSON(Metadata) }

// NumBuffers gives the number of binary buffers; 0 after the message's release.
func (m *Message) NumBuffers() int {
	if m.live("") != nil {
		return 0
	}
	return m.Body.NumBuffers()
}

// BufferLen gives the length of buffer i in bytes; 0 where there is no such buffer.
func (m *Message) BufferLen(i int) int {
	if i < 0 || i >= m.NumBuffers() {
		return 0
	}
	return m.Body.BufferLen(i)
}

// Buffers copies the message's binary buffers. The error is [ErrReleased], or [ErrMalformed] when a
// buffer has fewer bytes than it said.
func (m *Message) Buffers() ([][]byte, error) {
	if err := m.live("read buffers"); err != nil {
		return nil, err
	}
	n := m.Body.NumBuffers()
	if n == 0 {
		return nil, nil
	}
	all := make([][]byte, n)
	for i := range all {
		all[i] = uncleared(m.Body.BufferLen(i))
		if m.Body.CopyBuffer(all[i], i) != len(all[i]) {
			return nil, m.fail("read buffers", ErrMalformed)
		}
	}
	return all, nil
}

// uncleared gives n bytes that are about to be overwritten: to clear large ones, as make
// does, takes as long as to copy them.
func uncleared(n int) []byte {
	if n == 0 {
		return []byte{}
	}
	var b strings.Builder // the one type that can
	b.Grow(n)
	b.WriteByte(0)
	return unsafe.Slice(unsafe.StringData(b.String()), n)
}

// Retain keeps the message valid after its handler has returned, until
// Release is called once for each Retain.
func (m *Message) Retain() { m.more.Add(1) }

// Release gives a message up that was kept with Retain. The manager does it
// for each message whose handler has returned.
func (m *Message) Release() {
	if m.more.Add(-1) == -1 {
		m.more.Store(released)
		if m.Body != nil {
			m.Body.Release()
		}
	}
}

// released is far below zero, so that a late Retain does not revive a message.
const released = -1 << 30

func (m *Message) live(op string) error {
	if m.more.Load() < 0 || m.Body == nil {
		return &OpError{Op: op, CommID: m.CommID, Err: ErrReleased,
			Hint: "use it before its handler returns, or call Retain"}
	}
	return nil
}

func (m *Message) fail(op string, err error) error {
	return &OpError{Op: op, CommID: m.CommID, TargetName: m.TargetName, Err: err}
}
