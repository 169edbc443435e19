package jsglue

import (
	"runtime"

	"gocomm/commmgr"
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

// transport is the [commmgr.Transport] of the page's kernel object.
type transport struct{}

func (transport) Send(o *commmgr.Outgoing) (string, error) {
	buffers, count := border.Spans(o.Buffers)
	event := int32(-1)
	if o.Wants != 0 {
		event = program.events.add(o.CommID, o.Event)
	}
	n := send(msgType(o.MsgType), o.CommID, o.TargetName, border.Ptr(o.Data), int32(len(o.Data)),
		border.Ptr(o.Metadata), int32(len(o.Metadata)), buffers, count, int32(o.Wants), event)
	runtime.KeepAlive(o)
	if err := border.Result(n); err != nil {
		program.events.remove(event)
		return "", err
	}
	return string(border.Staged(n)), nil
}

func (transport) InputReply(value string) error { return border.Result(inputReply(value)) }
