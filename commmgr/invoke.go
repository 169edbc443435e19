package commmgr

import (
	"gocomm/internal/panics"
	"gocomm/internal/seam"
)

// invoke calls one handler and contains whatever becomes of it.
func (c *Comm) invoke(it item) {
	m := c.m
	m.mu.Lock()
	open, onMsg, onClose, inter := c.open, c.onMsg, c.onClose, c.inter
	onGap, onOverflow := c.onGap, c.onOverflow
	ended := c.err != nil
	c.unheard = c.unheard || it.kind == itemClose && onClose == nil
	m.mu.Unlock()

	returned := false
	defer func() {
		if v := recover(); v != nil {
			c.failed(it, &PanicError{Value: v, Stack: panics.Stack()})
		} else if !returned {
			c.failed(it, ErrGoexit)
		}
		if it.msg != nil {
			it.msg.Release()
		}
	}()
	var err error
	switch it.kind {
	case itemOpen, itemAdopt:
		defer c.opened()
		err = open(c, it.msg)
	case itemMsg:
		if it.verdict == seam.Serve {
			err = inter.Serve(it.msg)
		} else if onMsg != nil {
			err = onMsg(it.msg)
		} else if !ended {
			m.count(countDiscarded)
		}
	case itemClose:
		if onClose != nil {
			err = onClose(it.msg)
		}
	case itemGap:
		if onGap != nil {
			err = onGap(it.note.gap)
		}
	case itemOverflow:
		if onOverflow != nil {
			err = onOverflow(it.note.dropped)
		}
	case itemEvent:
		err = it.cb.call(c, it.event, it.msg)
	case itemMark:
		close(it.mark)
	}
	returned = true
	if err != nil {
		c.failed(it, err)
	}
}

// failed reports a handler's failure; that of an open handler ends the comm.
func (c *Comm) failed(it item, cause error) {
	c.report(it.op(), cause)
	if it.kind == itemOpen || it.kind == itemAdopt {
		// Where the comm had ended before, its OnClose is still to be called.
		if c.refuse(&OpError{Op: it.op(), CommID: c.id, TargetName: c.target,
			Err: &openError{cause}}) {
			c.drop()
		}
	}
}

type handlerError struct{ cause error }

func (e *handlerError) Error() string   { return "the handler failed: " + text(e.cause) }
func (e *handlerError) Unwrap() []error { return []error{ErrHandler, e.cause} }

type openError struct{ cause error }

func (e *openError) Error() string   { return text(ErrOpenFailed) + ": " + text(e.cause) }
func (e *openError) Unwrap() []error { return []error{ErrOpenFailed, e.cause} }

// contain calls f, and reports whatever becomes of it.
func (c *Comm) contain(op string, f func() error) {
	returned := false
	defer func() {
		if v := recover(); v != nil {
			c.report(op, &PanicError{Value: v, Stack: panics.Stack()})
		} else if !returned {
			c.report(op, ErrGoexit)
		}
	}()
	err := f()
	returned = true
	if err != nil {
		c.report(op, err)
	}
}

// report counts a handler's failure, and reports the first of those that are alike: of one
// comm, or of a target's open handler, with the same text.
func (c *Comm) report(op string, cause error) {
	err := &handlerError{cause}
	name, what := c.id, err.Error()
	if op == CommOpen {
		name = c.target
	}
	what = what[:min(len(what), maxEpisodeText)]
	c.m.report(countFailed, name+" "+op+" "+what, &OpError{Op: op, CommID: c.id, TargetName: c.target, Err: err})
}
