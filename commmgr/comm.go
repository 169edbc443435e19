package commmgr

import (
	"errors"
	"strconv"

	"gocomm/internal/seam"
)

// A Comm is one open comm: a pair of objects, one here and one in the kernel,
// that share an id. It mirrors classic Notebook's Comm.
//
//	c.OnMsg(func(msg *commmgr.Message) error { … })
//	c.OnClose(func(msg *commmgr.Message) error { … })
//	c.Send(&commmgr.Payload{Data: []byte(`{"foo": 0}`)})
type Comm struct {
	m          *Manager
	index      int // the host's
	id, target string
	own        bool // opened on behalf of this client: it may be closed or answered for

	// Guarded by m.mu.
	done      chan struct{}
	inline    bool
	isHeld    bool // waits for its target
	catchesUp bool // is inline, and what it was held with is being handled
	err       error
	open      OpenFunc
	onMsg     func(*Message) error
	onClose   func(*Message) error
	onGap     func(Gap) error
	msgSet    bool // OnMsg was called
	queue     queue
	parked    queue // what came before those in queue and waits for OnMsg, where there is an interceptor
	inter     interceptor
	outer     *outer // what encloses inter; mostly nil
	unheard   bool   // has ended, and there was no OnClose yet
	watchers  *watcher
	active    bool // is in m.scheduler.ready, or has a goroutine
	stopGrace func()
	watched   watched
	unwatched bool

	onOverflow func(dropped int) error
	limits     Limits
	dropped    int
	mostN      int // the most that have waited
	mostBytes  int
	merge      *merger // nil where messages are not merged
	merged     int
	opening    bool // its open handler has not returned yet: it may take messages for calls
	eachFrame  bool
	inFrames   bool   // is in m.scheduler.inFrames
	frameEnd   uint64 // messages from this place on wait for the next frame

	prevHeld, nextHeld *Comm // in m.held
}

// ID gives the comm's id (content.comm_id).
func (c *Comm) ID() string { return c.id }

// TargetName gives the name of the target that the comm was opened to.
func (c *Comm) TargetName() string { return c.target }

// OpenedHere tells whether the comm was opened by this client of the kernel, or by the
// kernel at its request, and not for another client: see [Message].Own.
func (c *Comm) OpenedHere() bool { return c.own }

// Send sends a comm_msg and returns its msg_id. A refused message is not sent at
// all: the error is [ErrCommClosed] after the comm's end, [ErrNotJSON] for data or
// metadata that are not JSON, [ErrTooLarge] for a message that the server would not
// take, or the transport's.
func (c *Comm) Send(p *Payload) (msgID string, err error) {
	return c.send("send", CommMsg, p)
}

// Close sends a comm_close and ends the comm at once; what still waits for its
// handlers is dropped, and OnClose is not called. It never waits, and a second
// call does nothing. It mirrors Comm.close; the specification's section is "Tearing Down
// Comms".
//
// The error is one of [Comm.Send], but for [ErrCommClosed]. The comm has ended nevertheless,
// and the kernel has not been told.
func (c *Comm) Close(p *Payload) error {
	if i := c.interceptor(); i != nil && c.Err() == nil {
		i.Closing()
	}
	if !c.end(ErrClosedHere) {
		return nil
	}
	c.unhold(nil)
	c.drop()
	_, err := c.transmit("close", CommClose, p)
	return err
}

// End ends the comm without telling the kernel, which the caller has done or
// need not do; as with Close, OnClose is not called. reason is what [Comm.Err] gives. It
// mirrors CommManager.unregister_comm.
func (c *Comm) End(reason error) {
	c.unhold(nil)
	if c.end(reason) {
		c.drop()
	}
}

// OnMsg sets the handler for the kernel's messages. Those that came before wait
// for it; OnMsg(nil) discards them, and those to come. It mirrors Comm.on_msg.
func (c *Comm) OnMsg(h func(*Message) error) {
	c.m.mu.Lock()
	c.onMsg, c.msgSet = h, true
	c.activate()
	c.m.mu.Unlock()
	c.m.scheduler.pump()
}

// OnClose sets the handler for the comm's end, unless that is by Close of this
// program. It is called once, after the messages that came before. Its message is
// the kernel's comm_close, or nil when the comm ended otherwise, or before OnClose
// was set; [Comm.Err] has the reason. It mirrors Comm.on_close.
func (c *Comm) OnClose(h func(*Message) error) {
	c.m.mu.Lock()
	c.onClose = h
	late := c.unheard && h != nil
	c.unheard = c.unheard && !late
	c.m.mu.Unlock()
	if late {
		c.handle(item{kind: itemClose})
	}
}

// Done is closed when the comm has ended.
func (c *Comm) Done() <-chan struct{} {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	if c.done == nil { // made when it is asked for: few ask
		c.done = make(chan struct{})
		if c.err != nil {
			close(c.done)
		}
	}
	return c.done
}

// Err says why the comm ended, and nil while it lives.
func (c *Comm) Err() error {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	return c.err
}

func (c *Comm) send(op, msgType string, p *Payload) (string, error) {
	c.m.mu.Lock()
	err, outer := c.err, c.outer
	c.m.mu.Unlock()
	if err != nil {
		return "", &OpError{Op: op, CommID: c.id, TargetName: c.target, Err: err, closed: true,
			Hint: "open a new comm"}
	}
	if outer != nil {
		return outer.send(p)
	}
	return c.transmit(op, msgType, p)
}

func (c *Comm) transmit(op, msgType string, p *Payload) (string, error) {
	if n, most := p.size(), c.m.o.MaxSend; most >= 0 && n > most {
		return "", c.unsent(op, &fault{ErrTooLarge, strconv.Itoa(n) + " bytes, more than the " + strconv.Itoa(most) + " of the setting maxSend"})
	}
	if bad := p.notJSON(); bad != "" {
		return "", c.unsent(op, &fault{ErrNotJSON, bad})
	}
	target := ""
	if msgType == CommOpen {
		target = c.target
	}
	var wants uint8
	var event func(uint8, *Message)
	if p != nil && p.Callbacks != nil {
		cb := p.Callbacks
		wants, event = cb.wants(), func(e uint8, msg *Message) { c.event(cb, e, msg) }
	}
	id, err := c.m.transport.Send(msgType, c.id, target, p, wants, event)
	if err != nil {
		return "", c.unsent(op, err)
	}
	return id, nil
}

// unsent says why a message was not sent.
func (c *Comm) unsent(op string, why error) *OpError {
	err := &OpError{Op: op, CommID: c.id, TargetName: c.target, Err: why}
	if errors.Is(why, ErrTooLarge) {
		err.Hint = "send it in parts, or raise maxSend and the server's websocket_max_message_size (in its tornado_settings)"
	}
	return err
}

// event queues the call of a callback.
func (c *Comm) event(cb *Callbacks, e uint8, msg *Message) {
	if c.Err() != nil {
		msg.Release()
		return
	}
	it := item{kind: itemEvent, cb: cb, event: e, msg: msg}
	if cb.Inline {
		c.invoke(it)
		return
	}
	c.handle(it)
}

// end ends the comm, once: it frees the id and refuses sends from here on.
func (c *Comm) end(reason error) bool {
	m := c.m
	m.mu.Lock()
	first := c.err == nil
	if first {
		c.err = reason
		delete(m.comms, c.id)
	}
	done := c.done
	m.mu.Unlock()
	if first {
		if done != nil {
			close(done)
		}
		c.tellWatchers(true)
		if m.o.Unbound != nil {
			m.o.Unbound(seam.Ptr(c))
		}
	}
	return first
}

// drop releases what waits for the handlers.
func (c *Comm) drop() {
	c.m.mu.Lock()
	dropped := append(c.parked.clear(), c.queue.clear()...)
	c.m.mu.Unlock()
	for _, msg := range dropped {
		msg.Release()
	}
}

// refuse ends a comm that this side cannot serve, and tells the kernel why if
// the comm is this client's to close. It tells whether the comm was live.
func (c *Comm) refuse(reason error) bool {
	first := c.end(reason)
	if first && c.own {
		c.tell(reason)
	}
	return first
}

// tell sends a comm_close with the reason.
func (c *Comm) tell(reason error) {
	if _, err := c.transmit("close", CommClose, &Payload{Data: reasonData(reason)}); err != nil {
		c.m.o.OnError(err)
	}
}
