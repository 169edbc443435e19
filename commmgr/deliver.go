package commmgr

import "gocomm/internal/seam"

// deliver is host.Driver's Deliver.
func (m *Manager) deliver(msg *Message) {
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
		m.mu.Lock()
		c := m.comms[msg.CommID]
		m.mu.Unlock()
		switch {
		case c == nil:
			m.refuse(msg, countUnknown, ErrUnknownComm)
		case msg.MsgType == CommMsg:
			c.deliverMsg(msg)
		default:
			c.deliverClose(msg)
		}
	}
}

func isCommType(t string) bool { return t == CommOpen || t == CommMsg || t == CommClose }

func (m *Manager) deliverOpen(msg *Message) {
	c := &Comm{m: m, id: msg.CommID, target: msg.TargetName, own: msg.Own}
	t := m.target(c.target)
	if t != nil {
		c.adopt(t)
	}
	switch c = m.accept(c, msg); {
	case c == nil:
	case t == nil:
		c.hold(msg)
	default:
		c.handle(item{kind: itemOpen, msg: msg})
	}
}

// deliverAdopt is host.Driver's Adopt.
func (m *Manager) deliverAdopt(id, target string, own bool, g Gap) bool {
	t := m.target(target)
	if t == nil || t.opts.Adopt == nil {
		return false
	}
	c := &Comm{m: m, id: id, target: target, own: own}
	c.adopt(t)
	c.open = func(c *Comm, _ *Message) error { return t.opts.Adopt(c) }
	if err := checkNames(id, target); err != nil || m.add(c) != nil {
		return false
	}
	c.handle(item{kind: itemAdopt})
	c.handle(item{kind: itemGap, note: &note{gap: g}})
	return true
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

// deliverMsg is deliver for a comm_msg.
func (c *Comm) deliverMsg(msg *Message) {
	m := c.m
	m.mu.Lock()
	m.reports.counts[countMessages]++
	ended, inline, inter := c.err != nil, c.runsInline(), c.inter
	m.mu.Unlock()
	it := item{kind: itemMsg, msg: msg}
	if inter != nil && !ended {
		if c.judge(&it, inter); it.verdict == seam.Taken {
			msg.Release()
			m.scheduler.wake() // for whoever waits for it
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

// push is enclose.Push.
func (c *Comm) push(msg *Message, v seam.Verdict) {
	if v == seam.Taken {
		msg.Release()
	} else {
		c.handle(item{kind: itemMsg, msg: msg, verdict: v})
	}
	c.m.scheduler.wake()
}

// deliverClose is deliver for a comm_close.
func (c *Comm) deliverClose(msg *Message) {
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
	m.mu.Lock()
	g, key, merge := c.merge, "", false
	if g != nil && it.kind == itemMsg && it.verdict != seam.Serve && !c.opening {
		m.mu.Unlock() // the key function is the user's
		key, merge = c.keyOf(g, it.msg)
		m.mu.Lock()
	}
	if c.err != nil && it.kind != itemClose { // it has ended meanwhile
		m.mu.Unlock()
		if it.msg != nil {
			it.msg.Release()
		}
		return
	}
	if c.runsInline() {
		m.mu.Unlock()
		c.invoke(it)
		return
	}
	var replaced *Message
	g = c.merge
	if g != nil && merge {
		replaced = c.replace(key)
	}
	full := c.full(&it)
	if !full {
		if g != nil {
			g.note(c.queue.end(), &c.queue, key, merge)
		}
		c.queue.push(it)
		if it.kind == itemMsg {
			n, bytes := c.waiting()
			c.mostN, c.mostBytes = max(c.mostN, n), max(c.mostBytes, bytes)
		}
		if c.isHeld {
			m.heldN++
			m.heldBytes += it.size()
		} else {
			c.activate()
		}
	}
	hint := c.overflowHint()
	inFrames, crowded := c.inFrames, c.inFrames && c.crowded()
	m.mu.Unlock()
	if replaced != nil {
		replaced.Release()
	}
	if full {
		c.overflow(it, hint)
		return
	}
	m.scheduler.arrived()
	if inFrames && (crowded || m.scheduler.frameLate()) {
		m.scheduler.giveFrame(false)
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
	case itemAdopt:
		return "adopt"
	case itemGap:
		return "gap"
	case itemMark:
		return "mark"
	case itemOverflow:
		return "overflow"
	}
	return "callback"
}
