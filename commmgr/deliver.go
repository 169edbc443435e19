package commmgr

// Deliver hands a comm_open, comm_msg or comm_close of the kernel over. It is to
// be called in the order of arrival. It never waits, and keeps the message until
// its handler is done with it.
func (m *Manager) Deliver(msg *Message) {
	if msg.Fault != "" {
		m.refuse(msg, countMalformed, &fault{ErrMalformed, msg.Fault})
		return
	}
	if !isCommType(msg.MsgType) {
		m.refuse(msg, countMalformed, &fault{ErrMalformed, "msg_type " + quote(msg.MsgType) + " is not one of a comm's"})
		return
	}
	switch msg.MsgType {
	case CommOpen:
		m.deliverOpen(msg)
	default:
		if bad := checkName("content.comm_id", msg.CommID); bad != "" {
			m.refuse(msg, countMalformed, &fault{ErrMalformed, bad})
			return
		}
		m.mu.enter()
		c := m.comms[msg.CommID]
		m.mu.unlock()
		switch {
		case c == nil:
			m.refuse(msg, countUnknown, ErrUnknownComm)
		case msg.MsgType == CommMsg:
			c.DeliverMsg(msg)
		default:
			c.DeliverClose(msg)
		}
	}
}

func isCommType(t string) bool { return t == CommOpen || t == CommMsg || t == CommClose }

func (m *Manager) deliverOpen(msg *Message) {
	c := &Comm{m: m, id: msg.CommID, target: msg.TargetName, own: msg.Own}
	t := m.target(c.target)
	if t != nil {
		c.open, c.inline = t.open, t.opts.Inline
	}
	switch c = m.accept(c, msg); {
	case c == nil:
	case t == nil:
		c.hold(msg)
	default:
		c.handle(item{kind: itemOpen, msg: msg})
	}
}

// accept enters a comm that the kernel has opened. It gives nil when msg is refused.
func (m *Manager) accept(c *Comm, msg *Message) *Comm {
	bad := checkName("content.comm_id", c.id)
	if bad == "" {
		bad = checkName("content.target_name", c.target)
	}
	if bad != "" {
		m.refuse(msg, countMalformed, &fault{ErrMalformed, bad})
		return nil
	}
	switch err := m.add(c); err {
	case nil:
		m.count(countOpened)
		return c
	case ErrDuplicateID:
		m.refuse(msg, countDuplicate, err)
	default:
		m.refuse(msg, countUnknown, err)
	}
	return nil
}

// DeliverMsg is [Manager.Deliver] for a comm_msg of a comm that the caller has
// found in an index of its own.
func (c *Comm) DeliverMsg(msg *Message) {
	m := c.m
	m.mu.enter()
	m.reports.counts[countMessages]++
	ended, inline, inter := c.err != nil, c.runsInline(), c.inter
	m.mu.unlock()
	it := item{kind: itemMsg, msg: msg}
	if inter != nil && !ended {
		if c.judge(&it, inter); it.verdict == Taken {
			msg.Release()
			if m.o.Scheduler != nil {
				m.o.Scheduler.Wake() // for whoever waits for it
			}
			return
		}
	}
	switch {
	case ended: // the index lags behind
		m.refuse(msg, countUnknown, ErrUnknownComm)
	case inline:
		c.invoke(it)
	default:
		c.handle(it)
	}
}

// DeliverClose is [Manager.Deliver] for a comm_close, likewise.
func (c *Comm) DeliverClose(msg *Message) {
	if !c.end(ErrClosedByKernel) {
		c.m.refuse(msg, countUnknown, ErrUnknownComm)
		return
	}
	c.handle(item{kind: itemClose, msg: msg})
}

// runsInline tells that handlers run within Deliver. m.mu is held.
func (c *Comm) runsInline() bool { return c.inline && !c.isHeld && !c.catchesUp }

// handle has an item handled, within this call or on the comm's goroutine.
func (c *Comm) handle(it item) {
	m := c.m
	m.mu.enter()
	if c.err != nil && it.kind != itemClose { // it has ended meanwhile
		m.mu.unlock()
		if it.msg != nil {
			it.msg.Release()
		}
		return
	}
	if c.runsInline() {
		m.mu.unlock()
		c.invoke(it)
		return
	}
	q := &c.queue
	n, bytes := q.n+c.parked.n, q.bytes+c.parked.bytes
	full := it.kind != itemClose && n > 0 && (n >= m.o.QueueLen || bytes+it.size() > m.o.QueueBytes)
	if c.isHeld && it.kind != itemClose {
		full = full || m.heldN >= defaultHeldMessages || m.heldBytes+it.size() > defaultHeldBytes
	}
	if !full {
		q.push(it)
		if c.isHeld {
			m.heldN++
			m.heldBytes += it.size()
		} else {
			c.activate()
		}
	}
	waits := !c.msgSet
	m.mu.unlock()
	if full {
		c.overflow(it, waits)
		return
	}
	m.arrived()
}

// overflow ends a comm whose messages come faster than they are taken: comms
// carry state, so that a gap in the middle would be worse than an end.
func (c *Comm) overflow(it item, waits bool) {
	err := &OpError{Op: it.op(), CommID: c.id, TargetName: c.target, Err: ErrOverflow}
	held := c.unhold(nil)
	switch {
	case held:
		err.Hint = "its target was not registered yet"
	case waits:
		err.Hint = "OnMsg was never called; OnMsg(nil) discards messages"
	default:
		err.Hint = "its handler is too slow for them, or blocked"
	}
	if it.msg != nil {
		it.msg.Release()
	}
	c.m.report(countOverflow, c.id, err)
	first := c.refuse(err)
	if held {
		c.drop()
	} else if first {
		c.handle(item{kind: itemClose})
	}
}

// refuse counts and reports a message that nobody gets.
func (m *Manager) refuse(msg *Message, kind counter, reason error) {
	op, id := msg.MsgType, msg.CommID
	if !isCommType(op) {
		op = "deliver" // a text of foreign origin names no operation
	}
	if kind == countMalformed {
		id = "" // such an id is no name to file reports under
	}
	m.report(kind, id, &OpError{Op: op, CommID: msg.CommID, TargetName: msg.TargetName, Err: reason})
	msg.Release()
}

func (it *item) op() string {
	switch it.kind {
	case itemOpen:
		return CommOpen
	case itemMsg:
		return CommMsg
	case itemClose:
		return CommClose
	case itemGap:
		return "gap"
	case itemMark:
		return "mark"
	}
	return "callback"
}
