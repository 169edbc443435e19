package commmgrtest

import (
	"bytes"
	"slices"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
)

// transport is the client's connection to the kernel.
type transport struct {
	k    *Kernel
	page int // of the client's: what a page that is gone sends arrives nowhere
}

func (t transport) Send(o *host.Outgoing) (string, error) {
	k := t.k
	msg := Message{
		MsgType:    o.MsgType,
		MsgID:      k.id("request-"),
		CommID:     o.CommID,
		TargetName: o.TargetName,
		Data:       orObject(o.Data),
		Metadata:   orObject(o.Metadata),
	}
	for _, b := range o.Buffers {
		msg.Buffers = append(msg.Buffers, bytes.Clone(b))
	}
	var refused error
	k.change(func() {
		if refused = k.refuse; refused == nil && t.page != k.link.page {
			refused = errUnloaded
		}
		if refused != nil {
			return
		}
		k.sent = append(k.sent, msg)
		answer := *o
		handle := func() { k.handle(msg, &answer) }
		if k.link.down {
			k.link.waiting = append(k.link.waiting, handle)
		} else {
			k.work.do(handle)
		}
	})
	if refused != nil {
		return "", refused
	}
	return msg.MsgID, nil
}

func (t transport) InputReply(value string) error {
	t.k.change(func() { t.k.inputs = append(t.k.inputs, value) })
	return nil
}

func orObject(b []byte) []byte {
	if b == nil {
		return []byte("{}")
	}
	return slices.Clone(b)
}

// handle does, on the kernel's goroutine, what a kernel does with a request.
func (k *Kernel) handle(msg Message, o *host.Outgoing) {
	k.status(msg, o, "busy")
	defer k.status(msg, o, "idle")
	k.mu.Lock()
	c := k.comms[msg.CommID]
	open := k.targets[msg.TargetName]
	if c == nil && msg.MsgType == commmgr.CommOpen && open != nil {
		c = &Comm{k: k, session: Session, ID: msg.CommID, TargetName: msg.TargetName}
		k.comms[c.ID] = c
	}
	if c != nil {
		c.received = append(c.received, msg)
	}
	if c != nil && msg.MsgType == commmgr.CommClose {
		c.closed = true
		delete(k.comms, c.ID)
		c.calls.end(commmgr.ErrCommClosed)
	}
	k.mu.Unlock()
	k.changed.Broadcast()
	switch {
	case c == nil && msg.MsgType == commmgr.CommOpen: // no such target: the specification asks for a close
		no := k.message(commmgr.CommClose, map[string]any{"comm_id": msg.CommID, "data": map[string]any{}}, nil, map[string]any{"session": Session, "msg_id": msg.MsgID})
		k.toClient(func() { k.Driver.Deliver(no) }) // before it is idle, as ipykernel
	case c == nil: // ipykernel logs "No such comm" and does not answer
	case msg.MsgType == commmgr.CommOpen:
		open(c, msg)
	case c.calls.handled(c, msg):
	default:
		k.mu.Lock()
		h := c.onMsg
		if msg.MsgType == commmgr.CommClose {
			h = c.onClose
		}
		k.mu.Unlock()
		if h != nil {
			h(msg)
		}
	}
}

func (k *Kernel) status(msg Message, o *host.Outgoing, state string) {
	k.answer(msg, o, host.EventStatus, "status", map[string]string{"execution_state": state})
}

// answer hands the client a message that answers one of its own, if it asked for
// such messages.
func (k *Kernel) answer(msg Message, o *host.Outgoing, e host.Event, msgType string, content any) {
	if o.Wants&(1<<e) == 0 {
		return
	}
	answer := jsonmsg.New(jsonmsg.Raw{
		Header:       object(map[string]string{"msg_type": msgType, "session": "kernel"}),
		ParentHeader: object(map[string]string{"msg_id": msg.MsgID, "session": Session}),
		Metadata:     object(map[string]string{}),
		Content:      object(content),
	}, Session)
	k.toClient(func() { o.Event(e, answer) })
}
