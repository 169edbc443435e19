package commmgrtest

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

// A call is a message of docs/calls.md.
type call struct {
	Gocomm  string          `json:"gocomm"`
	ID      string          `json:"id"`
	Method  string          `json:"method,omitempty"`
	Timeout float64         `json:"timeout,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Code    string          `json:"code,omitempty"`
	Message string          `json:"message,omitempty"`
}

// calls are the kernel's side of calls on a comm. Guarded by Kernel.mu.
type calls struct {
	used    bool
	methods map[string]Handler
	running map[string]context.CancelCauseFunc // the client's, by id
	waiting map[string]chan answer             // the kernel's, by id
	ended   chan struct{}
}

type answer struct {
	call
	buffers [][]byte
}

// A Handler handles a call by the client. Its context ends as that of a handler of
// package typed does. result must be such that it can be JSON.
type Handler func(ctx context.Context, params json.RawMessage, buffers [][]byte) (result any, back [][]byte, err error)

// Handle has calls of a method by the client, with typed.Call, handled by h, each on a
// goroutine of its own. Calls of methods that are not there are answered with
// typed.CodeUnknownMethod, once the kernel's side of the comm handles one or calls one.
func (c *Comm) Handle(method string, h Handler) {
	c.k.change(func() { c.usesCalls().methods[method] = h })
}

// Call calls a method of the client's, which is one of typed.Handle, and waits for its
// result. An error of the client's handler is a *typed.CallError; at the comm's end the
// error is commmgr.ErrCommClosed.
func (c *Comm) Call(ctx context.Context, method string, params any, buffers ...[]byte) (result json.RawMessage, back [][]byte, err error) {
	q := call{Gocomm: "call/1", ID: c.k.id("kernel-call-"), Method: method, Params: object(params)}
	if deadline, ok := ctx.Deadline(); ok {
		q.Timeout = time.Until(deadline).Seconds()
	}
	got := make(chan answer, 1)
	var ended chan struct{}
	c.k.change(func() {
		s := c.usesCalls()
		s.waiting[q.ID], ended = got, s.ended
	})
	c.Send(q, buffers...)
	defer c.k.change(func() { delete(c.calls.waiting, q.ID) })
	select {
	case a := <-got:
		if a.Gocomm == "error/1" {
			return nil, nil, &typed.CallError{Code: a.Code, Message: a.Message}
		}
		return a.Result, a.buffers, nil
	case <-ctx.Done():
		c.Send(call{Gocomm: "cancel/1", ID: q.ID})
		return nil, nil, context.Cause(ctx)
	case <-ended:
		return nil, nil, commmgr.ErrCommClosed
	}
}

// usesCalls is called with k.mu held.
func (c *Comm) usesCalls() *calls {
	s := &c.calls
	if !s.used {
		*s = calls{used: true, methods: map[string]Handler{}, running: map[string]context.CancelCauseFunc{},
			waiting: map[string]chan answer{}, ended: make(chan struct{})}
	}
	return s
}

// handled takes what the client has sent if it is about calls.
func (s *calls) handled(c *Comm, msg Message) bool {
	var q call
	if msg.MsgType != commmgr.CommMsg || json.Unmarshal(msg.Data, &q) != nil {
		return false
	}
	c.k.mu.Lock()
	ours := s.used
	h, waits, stop := s.methods[q.Method], s.waiting[q.ID], s.running[q.ID]
	c.k.mu.Unlock()
	if !ours {
		return false
	}
	select {
	case <-s.ended: // it crossed the kernel's comm_close
		return true
	default:
	}
	switch q.Gocomm {
	case "call/1":
		if h == nil {
			c.Send(call{Gocomm: "error/1", ID: q.ID, Code: typed.CodeUnknownMethod, Message: "no method " + q.Method})
			return true
		}
		c.begin(q, msg.Buffers, h)
	case "result/1", "error/1":
		if waits != nil {
			c.k.change(func() { delete(s.waiting, q.ID) })
			waits <- answer{q, msg.Buffers} // has room: ids are answered once
		}
	case "cancel/1":
		if stop != nil {
			stop(typed.ErrCallCanceled)
		}
	default:
		return false
	}
	return true
}

// begin has a call handled.
func (c *Comm) begin(q call, buffers [][]byte, h Handler) {
	s := &c.calls
	ctx, stop := context.WithCancelCause(context.Background())
	c.k.change(func() { s.running[q.ID] = stop })
	done := context.CancelFunc(func() {})
	if q.Timeout > 0 {
		ctx, done = context.WithTimeout(ctx, time.Duration(q.Timeout*1e9))
	}
	c.k.handlers.Add(1)
	go func() { // ends with the handler, which the kernel's end tells to end
		defer c.k.handlers.Done()
		defer done()
		a := call{Gocomm: "result/1", ID: q.ID}
		result, back, err := h(ctx, q.Params, buffers)
		if err == nil {
			a.Result = object(result)
		} else {
			a.Gocomm, a.Code, a.Message = "error/1", typed.CodeFailed, err.Error()
			if e, ok := errors.AsType[*typed.CallError](err); ok {
				a.Code, a.Message = e.Code, e.Message
			} else if errors.Is(err, context.DeadlineExceeded) {
				a.Code = typed.CodeDeadline
			}
		}
		stop(nil)
		c.k.change(func() { delete(s.running, q.ID) })
		select {
		case <-s.ended: // nothing is sent on a comm that has ended
		default:
			c.Send(a, back...)
		}
	}()
}

// end ends the calls on a comm. k.mu is held.
func (s *calls) end(reason error) {
	if !s.used {
		return
	}
	select {
	case <-s.ended: // before
	default:
		close(s.ended)
	}
	for _, stop := range s.running { // whose handlers then find it ended
		stop(reason)
	}
}
