package commmgr

// A heldList is a linked list: comms leave it from anywhere, and there may be
// tens of thousands.
type heldList struct{ first, last *Comm }

func (l *heldList) add(c *Comm) {
	c.prevHeld, c.nextHeld = l.last, nil
	if l.last == nil {
		l.first = c
	} else {
		l.last.nextHeld = c
	}
	l.last = c
}

func (l *heldList) remove(c *Comm) {
	if c.prevHeld == nil {
		l.first = c.nextHeld
	} else {
		c.prevHeld.nextHeld = c.nextHeld
	}
	if c.nextHeld == nil {
		l.last = c.prevHeld
	} else {
		c.nextHeld.prevHeld = c.prevHeld
	}
	c.prevHeld, c.nextHeld = nil, nil
}

// hold keeps a comm whose target is not registered yet, and its open message.
func (c *Comm) hold(open *Message) {
	m := c.m
	m.mu.Lock()
	ended := c.err != nil // already: by EndComms, or in Bound
	if !ended {
		c.isHeld = true
		m.held.add(c)
		m.reports.counts[countHeld]++
	}
	m.mu.Unlock()
	if ended {
		open.Release()
		return
	}
	c.handle(item{kind: itemOpen, msg: open})
	if m.o.Grace < 0 {
		c.expire()
		return
	}
	stop := m.clock.AfterFunc(Duration(m.o.Grace), c.expire)
	m.mu.Lock()
	waits := c.isHeld
	if waits {
		c.stopGrace = stop
	}
	m.mu.Unlock()
	if !waits { // it overflowed, or its target came meanwhile
		stop()
		return
	}
	if t := m.target(c.target); t != nil { // registered since deliverOpen looked
		m.releaseHeld(t)
	}
}

// held is host.Driver's Held.
func (c *Comm) held() bool {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	return c.isHeld
}

// unhold takes the comm from those that wait, and tells whether it was one. Then
// then is called with m.mu held, before anyone can queue another message.
func (c *Comm) unhold(then func()) bool {
	m := c.m
	m.mu.Lock()
	was := c.isHeld
	var stop func()
	if was {
		c.isHeld = false
		stop, c.stopGrace = c.stopGrace, nil
		m.heldN -= c.queue.n
		m.heldBytes -= c.queue.bytes
		m.held.remove(c)
		if then != nil {
			then()
		}
	}
	m.mu.Unlock()
	if stop != nil {
		stop()
	}
	return was
}

// expire gives up waiting for the target.
func (c *Comm) expire() {
	if !c.unhold(nil) {
		return
	}
	err := &OpError{Op: CommOpen, CommID: c.id, TargetName: c.target, Err: ErrNoTarget,
		Hint: "nobody registered it in time: is its program loaded, the name spelt right?"}
	c.m.report(countNoTarget, c.target, err)
	c.refuse(err)
	c.drop()
}

// heldFor gives the comms that wait for a target, in order of arrival.
func (m *Manager) heldFor(target string) []*Comm {
	m.mu.Lock()
	defer m.mu.Unlock()
	var cs []*Comm
	for c := m.held.first; c != nil; c = c.nextHeld {
		if c.target == target {
			cs = append(cs, c)
		}
	}
	return cs
}

// releaseHeld delivers what waited for t.
func (m *Manager) releaseHeld(t *Target) {
	for _, c := range m.heldFor(t.name) {
		released := c.unhold(func() {
			c.adopt(t)
			c.catchesUp = c.inline
			c.activate()
		})
		if released && t.opts.Inline {
			c.catchUp()
		}
	}
	m.scheduler.pump()
}

// catchUp handles within this call what a held comm has queued, and what is
// delivered meanwhile.
func (c *Comm) catchUp() {
	for {
		c.m.mu.Lock()
		if c.queue.n == 0 {
			c.catchesUp = false
			c.m.mu.Unlock()
			return
		}
		it := c.queue.pop()
		c.m.mu.Unlock()
		if !c.sort(&it, c.interceptor()) {
			c.invoke(it)
		}
	}
}
