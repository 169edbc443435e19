package jsglue

import "gocomm/commmgr"

// The functions that web/program.js calls. None waits. Each is given a number and
// returns it back, changed, with a code in its lowest byte: a program that has
// died goes on returning numbers, but not these.

const tag = 0x5a5a5a

const (
	codeOK     = 0
	codeFailed = 1 // the reason was staged with fail
	codeShared = 2 // a live comm of the page's JavaScript has the id
)

func answer(seq, code int32) int32 { return (seq^tag)<<8 | code }

// faults are what can be wrong with a message, by their numbers on the border.
var faults = [...]string{
	"",
	"content is not an object",
	"content.comm_id is missing or not a string",
	"content.target_name is missing or not a string",
}

func incoming(kind, at, size, own int32) *commmgr.Message {
	return &commmgr.Message{MsgType: msgTypes[kind], Size: int(size), Own: own == 1, Body: slot(at)}
}

// names gives the comm id and the target name in the scratch memory.
func names(idLen, nameLen int32) (id, name string) {
	s := program.scratch[:]
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
	o := program.events.byNumber[number]
	switch {
	case kind < 0:
		program.events.remove(number)
	case o == nil:
		slot(at).Release()
	default:
		o.Event(commmgr.Event(kind), &commmgr.Message{CommID: o.CommID, Size: int(size), Own: true, Body: slot(at)})
	}
	return answer(seq, codeOK)
}

// gocomm_register takes up a comm of the page's JavaScript. With share, it may be
// one more object for a comm that JavaScript has already, and takes the place of
// one that waits for its target.
//
//go:wasmexport gocomm_register
func register(seq, idLen, nameLen, share int32) int32 {
	id, name := names(idLen, nameLen)
	if c := program.m.Comm(id); c != nil && share == 1 {
		if program.index.entries[c.Index].inJS {
			return answer(seq, codeShared)
		}
		if c.Held() {
			c.End(commmgr.ErrClosedHere)
		}
	}
	c, err := program.m.RegisterComm(id, name, &commmgr.TargetOptions{Inline: true})
	if err != nil {
		fail(err.Error())
		return answer(seq, codeFailed)
	}
	handleInJS(c)
	return answer(seq, codeOK)
}

// gocomm_end ends a comm of the page's JavaScript, which tells the kernel itself.
//
//go:wasmexport gocomm_end
func end(seq, i int32) int32 {
	if c := program.index.comm(i); c != nil {
		c.End(commmgr.ErrClosedHere)
	}
	return answer(seq, codeOK)
}

// gocomm_target tells that the page's JavaScript has registered a target.
//
//go:wasmexport gocomm_target
func targetAdded(seq, nameLen int32) int32 {
	_, name := names(0, nameLen)
	program.m.TargetAdded(name)
	return answer(seq, codeOK)
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

// gocomm_detach ends the program's comms.
//
//go:wasmexport gocomm_detach
func detach(seq int32) int32 {
	program.m.Close()
	return answer(seq, codeOK)
}
