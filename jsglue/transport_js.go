package jsglue

import (
	"runtime"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
)

// msgTypes are the numbers of comm messages on the border.
var msgTypes = [...]string{commmgr.CommOpen, commmgr.CommMsg, commmgr.CommClose}

func msgType(name string) int32 {
	for i, t := range msgTypes {
		if t == name {
			return int32(i)
		}
	}
	return -1
}

// transport is the [host.Transport] of the page's kernel object.
type transport struct{}

func (transport) Send(o *host.Outgoing) (string, error) {
	bufs := spans(o.Buffers)
	event := int32(-1)
	if o.Wants != 0 {
		event = program.events.add(o)
	}
	var first *span
	if len(bufs) > 0 {
		first = &bufs[0]
	}
	n := send(msgType(o.MsgType), o.CommID, o.TargetName, ptr(o.Data), int32(len(o.Data)), ptr(o.Metadata), int32(len(o.Metadata)),
		spanPtr(first), int32(len(bufs)), int32(o.Wants), event)
	runtime.KeepAlive(o)
	if n >= 0 {
		return string(staged(n)), nil
	}
	program.events.remove(event)
	if n <= tooLarge {
		return "", &refusal{commmgr.ErrTooLarge, commmgr.ErrTooLarge.Error() + ": " + string(staged(tooLarge-n))}
	}
	return "", result(n)
}

// tooLarge is what send gives for a message that is larger than allowed, less a number.
const tooLarge = -1 << 30

func (transport) InputReply(value string) error { return result(inputReply(value)) }

// events are the messages sent whose answers are wanted.
type events struct {
	byNumber map[int32]*host.Outgoing
	last     int32
}

func (e *events) add(o *host.Outgoing) int32 {
	if e.byNumber == nil {
		e.byNumber = map[int32]*host.Outgoing{}
	}
	e.last++
	e.byNumber[e.last] = &host.Outgoing{CommID: o.CommID, Event: o.Event}
	return e.last
}

func (e *events) remove(n int32) { delete(e.byNumber, n) }

// forget drops those of a comm that has ended.
func (e *events) forget(c *commmgr.Comm) {
	for n, o := range e.byNumber {
		if o.CommID == c.ID() {
			delete(e.byNumber, n)
		}
	}
}
