package typed

import (
	"context"
	"errors"
	"strconv"
	"time"

	"gocomm/commmgr"
)

// Call calls a method of the kernel's side of a comm and waits for its result. Many
// calls may be under way at once, and their results come in any order. It may be
// called in handlers, also in those of the same comm.
//
// When ctx ends first the other side is told, and its error returned; a deadline is
// told with the call. When the comm ends the error is [commmgr.ErrCommClosed], and
// the reason. An error of the other side's is a [CallError].
//
// The other side is Python's gocomm.calls, or what follows docs/calls.md.
func Call[Resp, Req any](ctx context.Context, c *commmgr.Comm, method string, req Req) (Resp, error) {
	resp, _, msg, err := call[Resp](ctx, c, method, req, nil)
	if msg != nil {
		msg.Release()
	}
	return resp, err
}

// CallBuffers is [Call] with binary buffers, there and back.
func CallBuffers[Resp, Req any](ctx context.Context, c *commmgr.Comm, method string, req Req, buffers ...[]byte) (Resp, [][]byte, error) {
	resp, placed, msg, err := call[Resp](ctx, c, method, req, buffers)
	if msg == nil {
		return resp, nil, err
	}
	defer msg.Release()
	if err != nil {
		return resp, nil, err
	}
	back, err := others(msg, placed)
	return resp, back, err
}

// call gives the answer's message too, for the caller to release, and how many of its
// buffers belong to the answer.
func call[Resp, Req any](ctx context.Context, c *commmgr.Comm, method string, req Req, buffers [][]byte) (resp Resp, placed int, answer *commmgr.Message, err error) {
	p := peerOf(c)
	op := "call " + strconv.Quote(method)
	q := request[Req]{Gocomm: kindCall + "/" + version, ID: newCallID(), Method: method, Params: req}
	if method == "" {
		return resp, 0, nil, p.fail(op, errMalformed("the method is missing"))
	}
	if deadline, ok := ctx.Deadline(); ok {
		if q.Timeout = time.Until(deadline).Seconds(); q.Timeout <= 0 {
			return resp, 0, nil, p.fail(op, context.DeadlineExceeded)
		}
	}
	if ctx.Err() != nil {
		return resp, 0, nil, p.fail(op, p.interruption(ctx))
	}
	data, buffers, err := encodeData(q, buffers)
	if err != nil {
		return resp, 0, nil, p.fail(op, err)
	}
	waiting := p.expect(q.ID)
	if err := p.send(data, buffers); err != nil {
		p.take(q.ID)
		return resp, 0, nil, p.fail(op, err)
	}
	select {
	case answer = <-waiting:
	case <-ctx.Done():
		if answer = p.giveUp(q.ID, waiting); answer == nil {
			if data, _, err := encodeData(cancel{Gocomm: kindCancel + "/" + version, ID: q.ID}, nil); err == nil {
				_ = p.send(data, nil) // where it cannot be told, nothing is different for the caller
			}
			return resp, 0, nil, p.fail(op, p.interruption(ctx))
		}
	case <-c.Done():
		if answer = p.giveUp(q.ID, waiting); answer == nil {
			return resp, 0, nil, p.fail(op, closedError{c.Err()})
		}
	}
	resp, placed, err = answered[Resp](answer)
	if err != nil {
		err = p.fail(op, err)
	}
	return resp, placed, answer, err
}

// giveUp ends the wait for an answer, and gives the one that has come nevertheless.
func (p *peer) giveUp(id string, waiting chan *commmgr.Message) *commmgr.Message {
	if p.take(id) != nil {
		return nil
	}
	return <-waiting // who has taken the place puts it there without waiting
}

func answered[Resp any](msg *commmgr.Message) (Resp, int, error) {
	var none Resp
	e, _, err := envelopeOf(msg)
	if err != nil {
		return none, 0, unwrapOp(err)
	}
	if e.kind == kindError {
		return none, 0, &CallError{Code: e.Code, Message: e.Message}
	}
	r, placed, err := decode[result[Resp]](msg)
	if err != nil {
		return none, 0, unwrapOp(err)
	}
	return r.Result, placed, nil
}

// interruption is why a call's ctx has ended: with the comm, where it is a handler's.
func (p *peer) interruption(ctx context.Context) error {
	err := interruption(ctx)
	if why := p.c.Err(); why != nil && errors.Is(err, why) {
		return closedError{why}
	}
	return err
}

// interruption is why ctx has ended.
func interruption(ctx context.Context) error {
	err, why := ctx.Err(), context.Cause(ctx)
	if why == nil || why == err {
		return err
	}
	return both{err, why}
}
