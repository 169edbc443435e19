package typed

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"time"

	"gocomm/commmgr"
	"gocomm/internal/layer"
)

// maxRunning is how many calls of one comm are handled at once; those beyond it are
// answered with [CodeBusy].
const maxRunning = 1024

// Handle has calls of a method by the kernel's side of a comm handled by h. Each
// runs on a goroutine of its own, begun after the messages that came before; ordinary
// messages go on meanwhile. Setting a method again replaces it for calls to come, and
// nil takes it away. A method that nobody handles is answered with
// [CodeUnknownMethod] as soon as one of the comm's methods was set, or called.
//
// The context ends when the caller gives up ([ErrCallCanceled]), when its time is
// up, or with the comm. An error that h returns is the caller's: see [CallError]. A
// panic is too, and is reported as a handler's failure. Handle panics as [On] does.
//
// Where another client of the kernel had the comm opened, and shows it as well, both
// handle what is called, and the first answer counts.
func Handle[Req, Resp any](c *commmgr.Comm, name string, h func(ctx context.Context, req Req) (Resp, error)) {
	if h == nil {
		HandleBuffers[Req, Resp](c, name, nil)
		return
	}
	HandleBuffers(c, name, func(ctx context.Context, req Req, _ [][]byte) (Resp, [][]byte, error) {
		resp, err := h(ctx, req)
		return resp, nil, err
	})
}

// HandleBuffers is [Handle] with binary buffers, in and out.
func HandleBuffers[Req, Resp any](c *commmgr.Comm, name string,
	h func(ctx context.Context, req Req, buffers [][]byte) (Resp, [][]byte, error)) {
	p := peerOf(c)
	var m method
	if h != nil {
		for _, t := range [...]reflect.Type{reflect.TypeFor[request[Req]](), reflect.TypeFor[result[Resp]]()} {
			mustDo(c, "handle "+strconv.Quote(name), t)
		}
		m = func(ctx context.Context, x *handling) error {
			q, placed, err := decode[request[Req]](x.msg)
			if err != nil {
				return x.fail(CodeBadParams, unwrapOp(err).Error())
			}
			buffers, err := others(x.msg, placed)
			if err != nil {
				return x.fail(CodeBadParams, unwrapOp(err).Error())
			}
			x.release()
			resp, back, err := h(ctx, q.Params, buffers)
			if err != nil {
				e := callErrorOf(err)
				return x.fail(e.Code, e.Message)
			}
			data, back, err := encodeData(result[Resp]{Gocomm: kindResult + "/" + version, ID: x.ID, Result: resp}, back)
			if err != nil {
				return x.fail(CodeBadResult, err.Error())
			}
			return x.answer(data, back)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if m == nil {
		delete(p.methods, name)
	} else {
		p.methods[name] = m
	}
}

// A method handles a call. Its error is about what the caller could not be told.
type method func(ctx context.Context, h *handling) error

// A handling is one call of the kernel's.
type handling struct {
	p *peer
	envelope
	msg      *commmgr.Message
	fault    error // what is wrong with the message
	came     time.Time
	released bool
	answered bool

	// Guarded by p.mu.
	canceled bool
	stop     context.CancelCauseFunc // nil before it runs
}

// begin answers what cannot be handled, and starts what can.
func (h *handling) begin() error {
	p := h.p
	switch {
	case h.kind == kindCall && h.version != version && h.ID != "":
		return h.fail(CodeVersion, "calls of version "+strconv.Quote(h.version)+" are not known here, those of version 1 are")
	case h.version != version:
		return errMalformed("version " + strconv.Quote(h.version) + " is not known here")
	case h.fault != nil:
		return h.fault
	}
	p.mu.Lock()
	m, canceled, busy := p.methods[h.Method], h.canceled, p.running >= maxRunning
	if m == nil || canceled || busy {
		delete(p.handled, h.ID)
		p.mu.Unlock()
		switch {
		case canceled:
			return nil
		case m != nil:
			return h.fail(CodeBusy, strconv.Itoa(maxRunning)+" calls are being handled on this comm")
		case p.c.OpenedHere(): // else the client that had the comm opened may know it
			return h.fail(CodeUnknownMethod, "no method "+strconv.Quote(h.Method)+" on target "+strconv.Quote(p.c.TargetName()))
		}
		return nil
	}
	p.running++
	ctx, stop := context.WithCancelCause(Context(p.c)) // its goroutine ends with stop
	h.stop = stop
	p.mu.Unlock()
	h.msg.Retain()
	layer.Go(p.c, "call "+strconv.Quote(h.Method), func() error {
		defer h.end()
		if d, ok := h.timeout(); ok {
			var done context.CancelFunc
			ctx, done = context.WithDeadline(ctx, h.came.Add(d))
			defer done()
		}
		return m(ctx, h)
	})
	return nil
}

// end follows the method, however it ended.
func (h *handling) end() {
	if !h.answered {
		// It panicked, or called Goexit, which is reported where that is contained.
		_ = h.fail(CodeFailed, "the handler of "+strconv.Quote(h.Method)+" panicked")
	}
	h.stop(nil)
	h.release()
	p := h.p
	p.mu.Lock()
	delete(p.handled, h.ID)
	p.running--
	p.mu.Unlock()
}

// release gives the message up, once.
func (h *handling) release() {
	if !h.released {
		h.released = true
		h.msg.Release()
	}
}

// fail answers with an error.
func (h *handling) fail(code, message string) error {
	data, _, err := encodeData(failure{Gocomm: kindError + "/" + version, ID: h.ID, Code: code, Message: message}, nil)
	if err != nil {
		return err
	}
	return h.answer(data, nil)
}

// answer sends an answer, which nobody waits for any longer when the call was
// canceled or the comm has ended.
func (h *handling) answer(data []byte, buffers [][]byte) error {
	h.answered = true
	h.p.mu.Lock()
	canceled := h.canceled
	h.p.mu.Unlock()
	if canceled {
		return nil
	}
	err := h.p.send(data, buffers)
	switch {
	case errors.Is(err, commmgr.ErrCommClosed):
		return nil
	case errors.Is(err, commmgr.ErrTooLarge) && len(data)+len(buffers) > smallAnswer:
		return h.fail(CodeBadResult, err.Error())
	}
	return err
}

// smallAnswer is what an answer with an error may have at most, so that its own
// failure does not lead to another one.
const smallAnswer = 64 << 10
