package jsglue

import (
	"runtime"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/border"
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
	buffers, count := border.Spans(o.Buffers)
	event := int32(-1)
	if o.Wants != 0 {
		event = program.events.add(o.CommID, o.Event)
	}
	n := send(msgType(o.MsgType), o.CommID, o.TargetName, border.Ptr(o.Data), int32(len(o.Data)),
		border.Ptr(o.Metadata), int32(len(o.Metadata)), buffers, count, int32(o.Wants), event)
	runtime.KeepAlive(o)
	if n >= 0 {
		return string(border.Staged(n)), nil
	}
	program.events.remove(event)
	if n <= tooLarge {
		return "", &refusal{commmgr.ErrTooLarge, commmgr.ErrTooLarge.Error() + ": " + string(border.Staged(tooLarge-n))}
	}
	return "", border.Result(n)
}

// tooLarge is what send gives for a message that is larger than allowed, less a number.
const tooLarge = -1 << 30

func (transport) InputReply(value string) error { return border.Result(inputReply(value)) }
