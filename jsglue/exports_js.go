package jsglue

import (
	"gocomm/commmgr"
	"gocomm/commmgr/host"
)

// The functions that web/runtime/program.js calls. None waits. Each is given a number and
// returns it back, changed, with a code in its lowest byte: a program that has
// died goes on returning numbers, but not these.

const tag = 0x5a5a5a

const (
	codeOK     = 0
	codeFailed = 1
)

func answer(seq, code int32) int32 { return (seq^tag)<<8 | code }

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
	fresh := &program.fresh
	if len(*fresh) == 0 {
		*fresh = make([]commmgr.Message, 8)
	}
	msg := &(*fresh)[0]
	*fresh = (*fresh)[1:]
	msg.MsgType, msg.Size, msg.Own, msg.Body = msgTypes[kind], int(size), own == 1, bodyOf(at)
	return msg
}

// names gives the comm id and the target name in the scratch memory.
func names(idLen, nameLen int32) (id, name string) {
	s := program.scratch.names[:]
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
	return answer(seq, codeOK)
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
	return answer(seq, codeOK)
}

//go:wasmexport gocomm_close
func deliverClose(seq, i, at, size, own int32) int32 {
	if c := program.index.comm(i); c != nil {
		msg := incoming(2, at, size, own)
		msg.CommID = c.ID()
		program.d.DeliverClose(c, msg)
	}
	return answer(seq, codeOK)
}

// gocomm_event takes an answer to a message sent; a negative kind says that
// there will be no more.
//
//go:wasmexport gocomm_event
func deliverEvent(seq, number, kind, at, size int32) int32 {
	o := program.events.byNumber[number]
	switch {
	case kind < 0:
		program.events.remove(number)
	case o == nil:
		slot(at).Release()
	default:
		o.Event(host.Event(kind), &commmgr.Message{CommID: o.CommID, Size: int(size), Own: true, Body: bodyOf(at)})
	}
	return answer(seq, codeOK)
}

//go:wasmexport gocomm_turn
func nextTurn(seq int32) int32 {
	if f := program.turn; f != nil {
		program.turn = nil
		f()
	}
	return answer(seq, codeOK)
}

//go:wasmexport gocomm_timer
func fireTimer(seq, id int32) int32 {
	if f := program.timers.take(id); f != nil {
		f()
	}
	return answer(seq, codeOK)
}

// gocomm_epoch ends the program's comms since their kernel is gone.
//
//go:wasmexport gocomm_epoch
func epoch(seq int32) int32 {
	program.d.EndComms(commmgr.ErrKernelGone)
	return answer(seq, codeOK)
}

// gocomm_detach ends the program's comms.
//
//go:wasmexport gocomm_detach
func detach(seq int32) int32 {
	program.d.Detach()
	return answer(seq, codeOK)
}
