package commmgr

// quantum is how long the handlers of one comm run, on a page, before those of
// the next get their turn.
const quantum = 1 * Millisecond

// Reading the page's clock costs as much as handling a small message. After one that
// took less than quick, it is read for a few at a time.
const (
	quick    = Millisecond / 20
	quickRow = 4
)

// activate makes c ready if it has something to do. m.mu is held.
func (c *Comm) activate() {
	if c.active || c.isHeld || c.inline || !c.runnable() {
		return
	}
	c.active = true
	c.m.scheduler.add(job{c: c})
}

// runnable tells whether the next item can be handled: messages wait until OnMsg
// was called, unless the comm has ended. One that has just given up waiting for its
// target, and is about to end, has no open handler. m.mu is held.
func (c *Comm) runnable() bool {
	if c.parked.n > 0 && (c.msgSet || c.err != nil) {
		return true
	}
	if c.queue.n == 0 {
		return false
	}
	switch c.queue.peek().kind {
	case itemOpen, itemAdopt:
		return c.open != nil
	case itemMsg, itemGap, itemOverflow:
		return (c.msgSet || c.err != nil || c.inter != nil) && !c.awaitsFrame()
	}
	return true
}

// next takes the next item that can be handled. m.mu is held, and c is runnable.
func (c *Comm) next() item {
	if c.parked.n > 0 && (c.msgSet || c.err != nil) {
		return c.parked.pop()
	}
	return c.queue.pop()
}

// run handles a comm's items, in order. A comm has a goroutine only while it has
// work: an idle one costs nothing, and there is none to leak.
func (c *Comm) run() {
	m := c.m
	defer c.rest() // deferred, so that it also follows a handler's Goexit
	s := &m.scheduler
	onPage := s.page != nil
	var start, last Duration
	since, row := 0, 1 // how many were handled since the page's clock was read, and after how many it is to be
	if onPage {
		start = s.clock.Now()
		last = start
		m.mu.Lock()
		s.turnBegan(start)
		m.mu.Unlock()
	}
	w := &c.watched
	w.c = c
	m.begin(w)
	for {
		m.mu.Lock()
		done := !c.runnable()
		if onPage && (since >= row || done && since > 0) {
			m.mu.Unlock()
			now := s.clock.Now()
			w.took(now - last)
			row = 1
			if now-last < Duration(since)*quick {
				row = quickRow
			}
			last, since = now, 0
			if done || now-start > quantum {
				return
			}
			m.mu.Lock()
			done = !c.runnable() // what was there may have been taken away meanwhile
		}
		if done {
			m.mu.Unlock()
			return
		}
		it := c.next()
		w.calls++
		w.told, w.kind = false, it.kind
		inter := c.inter
		m.mu.Unlock()
		if !c.sort(&it, inter) {
			c.invoke(it)
		}
		since++
	}
}

// rest ends the comm's goroutine; with work left, it queues up for another.
func (c *Comm) rest() {
	c.m.mu.Lock()
	c.m.busy.remove(&c.watched)
	c.active = false
	c.activate()
	c.m.mu.Unlock()
	c.m.scheduler.startReady()
}
