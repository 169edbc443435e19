package typed

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"gocomm/commmgr"
	"gocomm/internal/layer"
)

// A peer is what a comm has of calls: those that this side waits for, and those that
// it handles. It is the comm's Interceptor: ordinary messages pass by it.
type peer struct {
	c *commmgr.Comm

	mu      sync.Mutex                       // held for a few instructions, and never while something is called
	calls   map[string]chan *commmgr.Message // ours, by id
	methods map[string]method
	handled map[string]*handling           // the kernel's, by id: those that wait, and those that run
	waiting map[*commmgr.Message]*handling // judged, until their turn
	running int
	row     row
}

func peerOf(c *commmgr.Comm) *peer {
	return layer.Intercept(c, func() layer.Interceptor {
		return &peer{
			c:       c,
			calls:   map[string]chan *commmgr.Message{},
			methods: map[string]method{},
			handled: map[string]*handling{},
			waiting: map[*commmgr.Message]*handling{},
		}
	}).(*peer)
}

// Judge takes answers and cancellations at once: who waits for them may be a handler
// of this very comm. Calls wait for their turn, so that they find done what the
// kernel has sent before.
func (p *peer) Judge(msg *commmgr.Message) layer.Verdict {
	e, ours, err := envelopeOf(msg)
	switch {
	case !ours:
		return layer.Pass
	case err != nil || e.version != version || e.kind == kindCall:
		p.arrived(&handling{p: p, msg: msg, envelope: e, fault: err, came: time.Now()})
		return layer.Serve
	case e.kind == kindCancel:
		p.cancel(e.ID)
	default:
		if answer := p.take(e.ID); answer != nil { // else it is late, or another page's
			msg.Retain()
			answer <- msg // has room for the only one there is
		}
	}
	return layer.Taken
}

// arrived enters a call, which then can be canceled.
func (p *peer) arrived(h *handling) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting[h.msg] = h
	if h.fault == nil && h.kind == kindCall && h.version == version {
		if p.handled[h.ID] != nil {
			h.fault = errMalformed("the id " + strconv.Quote(h.ID) + " is in use")
			return
		}
		p.handled[h.ID] = h
	}
}

// Serve begins a call whose turn has come.
func (p *peer) Serve(msg *commmgr.Message) error {
	p.mu.Lock()
	h := p.waiting[msg]
	delete(p.waiting, msg)
	p.mu.Unlock()
	return h.begin()
}

// cancel ends a call that the kernel has given up.
func (p *peer) cancel(id string) {
	p.mu.Lock()
	h := p.handled[id]
	var stop context.CancelCauseFunc
	if h != nil {
		h.canceled, stop = true, h.stop
	}
	p.mu.Unlock()
	if stop != nil {
		stop(ErrCallCanceled)
	}
}

// Closing sends what SendLatest holds back.
func (p *peer) Closing() { p.flush() }

// expect has the answer to a call taken.
func (p *peer) expect(id string) chan *commmgr.Message {
	answer := make(chan *commmgr.Message, 1)
	p.mu.Lock()
	p.calls[id] = answer
	p.mu.Unlock()
	return answer
}

// take ends that, and gives who waits, unless it has been ended before.
func (p *peer) take(id string) chan *commmgr.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := p.calls[id]
	delete(p.calls, id)
	return answer
}

func (p *peer) fail(op string, err error) error {
	return &commmgr.OpError{Op: op, CommID: p.c.ID(), TargetName: p.c.TargetName(), Err: err}
}

// send gives an error without the names of the comm.
func (p *peer) send(data []byte, buffers [][]byte) error {
	_, err := p.c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
	if why := p.c.Err(); err != nil && why != nil {
		return closedError{why}
	}
	return unwrapOp(err)
}

// unwrapOp gives what an error is about, without the names of operation and comm.
func unwrapOp(err error) error {
	if op, ok := errors.AsType[*commmgr.OpError](err); ok {
		return op.Err
	}
	return err
}
