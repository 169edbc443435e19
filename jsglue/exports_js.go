//lint:file-ignore U1000 JavaScript calls the exports.

package jsglue

import (
	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/border"
)

// The functions that web/comms/program.js calls. None waits. Each is given a number and
// returns its [border.Answer].

// faults are what can be wrong with a message, by their numbers on the border.
var faults = [...]string{
	"",
	"content is not an object",
	"content.comm_id is missing or not a string",
	"content.target_name is missing or not a string",
}

// incoming makes a message. Memory is asked for once for several; one that is retained keeps
// theirs.
func incoming(kind, at, size, own int32) *commmgr.Message {
	fresh := program.fresh
	if len(fresh) == 0 {
		fresh = make([]commmgr.Message, 8) // another export may do the same meanwhile: then some of theirs are lost
	}
	program.fresh = fresh[1:]
	msg := &fresh[0]
	msg.MsgType, msg.Size, msg.Own, msg.Body = msgTypes[kind], int(size), own == 1, program.bodies.at(border.Slot(at))
	return msg
}

// names gives the comm id and the target name in the scratch memory.
func names(idLen, nameLen int32) (id, name string) {
	s := border.Scratch[:]
	return string(s[:idLen]), string(s[idLen : idLen+nameLen])
}

// gocomm_deliver takes a message for which the page's index has no comm: an open,
// or one that is unknown or malformed.
//
//go:wasmexport gocomm_deliver
func deliver(seq, kind, at, size, own, fault, idLen, nameLen int32) int32 {
	msg := incoming(kind, at, size, own)
	msg.CommID, msg.TargetName = names(idLen, nameLen)
	msg.Fault = faults[fault]
	program.d.Deliver(msg)
	return border.Answer(seq)
}

// gocomm_msg and gocomm_close take a message for a comm whose handlers are Go.
//
//go:wasmexport gocomm_msg
func deliverMsg(seq, i, at, size, own int32) int32 {
	if c := program.index.comm(i); c != nil {
		msg := incoming(1, at, size, own)
		msg.CommID = c.ID()
		program.d.DeliverMsg(c, msg)
	}
	return border.Answer(seq)
}

//go:wasmexport gocomm_close
func deliverClose(seq, i, at, size, own int32) int32 {
	if c := program.index.comm(i); c != nil {
		msg := incoming(2, at, size, own)
		msg.CommID = c.ID()
		program.d.DeliverClose(c, msg)
	}
	return border.Answer(seq)
}

// gocomm_event takes an answer to a message sent; a negative kind says that
// there will be no more.
//
//go:wasmexport gocomm_event
func deliverEvent(seq, number, kind, at, size int32) int32 {
	if kind < 0 {
		program.events.remove(number)
	} else if e := program.events.get(number); e == nil {
		border.Slot(at).Release()
	} else {
		e.f(host.Event(kind), &commmgr.Message{CommID: e.commID, Size: int(size), Own: true, Body: program.bodies.at(border.Slot(at))})
	}
	return border.Answer(seq)
}

// gocomm_gap tells of a time in which messages may have been lost, in milliseconds of
// the page's clock.
//
//go:wasmexport gocomm_gap
func gap(seq int32, since, until float64) int32 {
	program.d.DeliverGap(commmgr.Gap{
		Since: commmgr.Duration(since * border.Millisecond), Until: commmgr.Duration(until * border.Millisecond),
	})
	return border.Answer(seq)
}

// gocomm_adopt offers a comm to its target, which the page before this one had. One that its target
// takes up is bound when this returns.
//
//go:wasmexport gocomm_adopt
func adopt(seq, own int32, since, until float64, idLen, nameLen int32) int32 {
	id, target := names(idLen, nameLen)
	program.d.Adopt(id, target, own == 1, commmgr.Gap{
		Since: commmgr.Duration(since * border.Millisecond), Until: commmgr.Duration(until * border.Millisecond),
	})
	return border.Answer(seq)
}

// gocomm_epoch ends the program's comms since their kernel is gone.
//
//go:wasmexport gocomm_epoch
func epoch(seq int32) int32 {
	program.d.EndComms(commmgr.ErrKernelGone)
	return border.Answer(seq)
}

// gocomm_detach ends the program's comms.
//
//go:wasmexport gocomm_detach
func detach(seq int32) int32 {
	program.d.Detach()
	return border.Answer(seq)
}
