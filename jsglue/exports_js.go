package jsglue

import (
	"gocomm/commmgr"
	"gocomm/internal/border"
)

// The functions that web/comms/program.js calls. None waits. Each is given a number and
// returns its [border.Answer].

const (
	codeOK     = border.OK
	codeFailed = border.Failed // the reason was given with fail
)

func answer(seq, code int32) int32 { return border.Answer(seq, code) }

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
	program.m.Deliver(msg)
	return answer(seq, codeOK)
}

// gocomm_msg and gocomm_close take a message for a comm whose handlers are Go.
//
//go:wasmexport gocomm_msg
func deliverMsg(seq, i, at, size, own int32) int32 {
	if c := program.index.comm(i); c != nil {
		msg := incoming(1, at, size, own)
		msg.CommID = c.ID()
		c.DeliverMsg(msg)
	}
	return answer(seq, codeOK)
}

//go:wasmexport gocomm_close
func deliverClose(seq, i, at, size, own int32) int32 {
	if c := program.index.comm(i); c != nil {
		msg := incoming(2, at, size, own)
		msg.CommID = c.ID()
		c.DeliverClose(msg)
	}
	return answer(seq, codeOK)
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
		e.f(commmgr.Event(kind), &commmgr.Message{CommID: e.commID, Size: int(size), Own: true, Body: program.bodies.at(border.Slot(at))})
	}
	return answer(seq, codeOK)
}

// What follows is for comms whose handlers are JavaScript, by the numbers that it has
// given them: Go decides, and JavaScript calls them, when Go's frames are gone from the
// stack. No text crosses the border but where there is a fault.

// gocomm_check tells whether a comm may be taken up under the id in the scratch memory.
// With share, it takes the place of one that waits for its target.
//
//go:wasmexport gocomm_check
func check(seq, idLen, nameLen, share int32) int32 {
	id, name := names(idLen, nameLen)
	if share == 1 {
		if c := program.m.Comm(id); c != nil && c.Held() {
			c.End(commmgr.ErrClosedHere)
		}
	}
	if err := program.m.CheckForeign(id, name); err != nil {
		fail(err.Error())
		return answer(seq, codeFailed)
	}
	return answer(seq, codeOK)
}

// gocomm_accept takes up a comm that the kernel has opened.
//
//go:wasmexport gocomm_accept
func accept(seq, n, own int32) int32 {
	return decided(seq, program.m.AcceptForeign(int(n), own == 1) == nil)
}

// gocomm_register takes up a comm of the page's JavaScript.
//
//go:wasmexport gocomm_register
func register(seq, n int32) int32 {
	return decided(seq, program.m.RegisterForeign(int(n)) == nil)
}

// gocomm_admit decides about a message.
//
//go:wasmexport gocomm_admit
func admit(seq, n int32) int32 {
	return decided(seq, program.m.AdmitForeign(int(n)))
}

// gocomm_end ends a comm that the kernel has closed, or JavaScript, which tells the
// kernel itself.
//
//go:wasmexport gocomm_end
func end(seq, n int32) int32 {
	program.m.EndForeign(int(n))
	return answer(seq, codeOK)
}

// gocomm_refuse ends a comm whose target has failed. Its names are in the scratch
// memory, and the reason is staged under the number reason.
//
//go:wasmexport gocomm_refuse
func refuse(seq, n, idLen, nameLen, reason int32) int32 {
	id, name := names(idLen, nameLen)
	program.m.RefuseForeign(int(n), id, name, border.JSError(border.Staged(reason)))
	return answer(seq, codeOK)
}

func decided(seq int32, yes bool) int32 {
	if yes {
		return answer(seq, codeOK)
	}
	return answer(seq, codeFailed)
}

// gocomm_yield gives up the messages held for a target that another program has.
//
//go:wasmexport gocomm_yield
func yield(seq, nameLen int32) int32 {
	_, name := names(0, nameLen)
	for _, msg := range program.m.Yield(name) {
		yielded(msgType(msg.MsgType), slotOf(msg))
	}
	return answer(seq, codeOK)
}

// gocomm_epoch ends the program's comms since their kernel is gone.
//
//go:wasmexport gocomm_epoch
func epoch(seq int32) int32 {
	program.m.EndComms(commmgr.ErrKernelGone)
	return answer(seq, codeOK)
}

// gocomm_detach ends the program's comms.
//
//go:wasmexport gocomm_detach
func detach(seq int32) int32 {
	program.m.Close()
	return answer(seq, codeOK)
}
