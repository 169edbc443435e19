package view

import (
	"structs"
	"unsafe"

	"gocomm/internal/border"
	"gocomm/widget/host"
)

// What happens to a model; web/afm/model.js has the same numbers.
const (
	initialize = 1
	render     = 2
	change     = 3
	message    = 4
	remove     = 5
	end        = 6
	gap        = 7
)

// An event is what next_event fills.
type event struct {
	_        structs.HostLayout
	kind     int32
	view     int32
	slot     border.Slot // of the binary buffers
	nBuffers int32
	textLen  int32 // of a message's content, or the traits
	pathsLen int32
	failure  int32 // why there are no traits, or the kernel has not made the widget: the number of a staged text, or -1
	more     int32 // something else waits
}

// The room for what comes with an event, in bytes: at first, and what is kept for the next one.
const (
	leastRoom = 512
	mostRoom  = 1 << 16
)

// next takes the next event, and gives what next_event does. What came with the one before
// is overwritten.
func (m *model) next() int32 {
	for {
		if m.room == nil {
			m.room = make([]byte, leastRoom)
		}
		m.seen = m.sets
		code := nextEvent(m.number, unsafe.Pointer(&m.e), border.Ptr(m.room), int32(len(m.room)))
		if code <= notNow {
			return code
		}
		m.room = make([]byte, code)
	}
}

// text and paths are the texts that came with the event. They are valid until the next one.
func (m *model) text() []byte { at := 4 * m.e.nBuffers; return m.room[at : at+m.e.textLen] }
func (m *model) paths() []byte {
	at := 4*m.e.nBuffers + m.e.textLen
	return m.room[at : at+m.e.pathsLen]
}

// buffers are the event's [host.Buffers]: the lengths came with it, the bytes are copied
// when they are asked for.
type buffers struct {
	border.Slot
	lengths []int32
}

func (m *model) buffers() host.Buffers {
	n := int(m.e.nBuffers)
	if n == 0 {
		return host.Bytes(nil)
	}
	return buffers{m.e.slot, append([]int32(nil), unsafe.Slice((*int32)(border.Ptr(m.room)), n)...)}
}

func (b buffers) NumBuffers() int     { return len(b.lengths) }
func (b buffers) BufferLen(i int) int { return int(b.lengths[i]) }

// values is what bind and changed fill.
type values struct {
	_             structs.HostLayout
	traits, paths int32 // staged
	slot          border.Slot
}

// read gives the values. Their buffers are in v.slot.
func (v *values) read() host.Values {
	return host.Values{Traits: border.Staged(v.traits), Paths: border.Staged(v.paths), Buffers: v.slot}
}
