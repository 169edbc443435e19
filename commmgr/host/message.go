package host

import (
	"gocomm/commmgr"
	"gocomm/internal/seam"
)

// A Body gives access to a message's parts, wherever they are: a host sets
// [commmgr.Message].Body to one. Its methods are called on any goroutine, and never after
// Release.
type Body interface {
	JSON(commmgr.Part) ([]byte, error) // the part as JSON text
	NumBuffers() int
	BufferLen(i int) int              // bytes
	CopyBuffer(dst []byte, i int) int // copies buffer i, gives the bytes copied
	Release()                         // frees what the body holds
}

// A Fielder is a [Body] that knows how to find a field of content.data, for
// [commmgr.ByField]. The value is in JSON, and only of a string, a number or a boolean.
type Fielder interface {
	Field(name string) (value string, ok bool)
}

// An Outgoing is a message on its way to the kernel's shell channel.
type Outgoing struct {
	MsgType         string // commmgr.CommOpen, CommMsg or CommClose
	CommID          string
	TargetName      string // of a comm_open
	commmgr.Payload        // Callbacks is nil here; Wants and Event stand for it

	// Wants has bit 1<<e set for each Event e that is to be reported.
	Wants uint8
	// Event takes a message that answers this one. It never waits. It is nil
	// when nothing is wanted.
	Event func(Event, *commmgr.Message)
}

// An Event names the callback that a message is for: see [commmgr.Callbacks].
type Event = uint8

const (
	EventReply       Event = seam.EventReply
	EventOutput      Event = seam.EventOutput
	EventClearOutput Event = seam.EventClearOutput
	EventStatus      Event = seam.EventStatus
	EventInput       Event = seam.EventInput
)

// A Transport carries messages to the kernel.
type Transport interface {
	// Send sends o, or refuses it whole, and returns its msg_id. It does not
	// wait for the network, and keeps no part of o's payload.
	Send(o *Outgoing) (msgID string, err error)
	// InputReply answers the kernel's last input_request. The error says that nothing was sent.
	InputReply(value string) error
}

// A sender is a Transport as package commmgr sees it.
type sender struct{ t Transport }

func (s *sender) Send(msgType, id, target string, p *commmgr.Payload, wants uint8, event func(uint8, *commmgr.Message)) (string, error) {
	o := &Outgoing{MsgType: msgType, CommID: id, TargetName: target, Wants: wants, Event: event}
	if p != nil {
		o.Payload = *p
		o.Callbacks = nil
	}
	return s.t.Send(o)
}

func (s *sender) InputReply(value string) error { return s.t.InputReply(value) }
