package commmgr

import "runtime"

// quantum is how long the handlers of one comm run, on a page, before those of
// the next get their turn, in nanoseconds.
const quantum = 1 * millisecond

// unknown is a turn's start, until the clock is read for another reason.
const unknown = 0

// Reading the page's clock costs as much as handling a small message. After one that
// took less than quick, in nanoseconds, it is read for a few at a time.
const (
	quick    = 50_000
	quickRow = 4
)

// activate makes c ready if it has something to do. m.mu is held.
func (c *Comm) activate() {
	if c.active || c.isHeld || c.inline || !c.runnable() {
		return
	}
	c.active = true
	c.m.ready = append(c.m.ready, job{c: c})
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
	case itemOpen:
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

// arrived is pump for what the kernel has sent: on a page this begins a turn.
func (m *Manager) arrived() {
	m.mu.lock()
	if !m.pumping {
		m.turnStart = unknown
	}
	m.mu.unlock()
	m.pump()
}

// pump sees to it that ready comms get goroutines.
func (m *Manager) pump() {
	if m.startReady() && m.o.Scheduler != nil {
		m.o.Scheduler.Wake()
	}
}

// startReady is pump on a goroutine, where nobody needs to be woken.
func (m *Manager) startReady() bool {
	var j job
	m.mu.lock()
	start := len(m.ready) > 0 && !m.pumping
	// What begins a turn needs no pump where a goroutine rests that can run it.
	pump := start && !(m.resting && m.turnStart == unknown && len(m.ready) == 1)
	if start && !pump {
		m.resting = false
		j = m.takeReady()
	}
	m.pumping = m.pumping || pump
	askFrame := len(m.inFrames) > 0 && !m.frameAsked
	m.frameAsked = m.frameAsked || askFrame
	m.mu.unlock()
	if askFrame {
		m.askFrame()
	}
	if pump {
		go m.runReady() // ends when no comm is ready, or the turn is over
	} else if start {
		m.rested <- j
	}
	return start
}

// newTurn goes on when the page has had its turn.
func (m *Manager) newTurn() {
	m.mu.lock()
	m.turnStart = unknown
	m.mu.unlock()
	go m.runReady() // ends as in pump
}

// runReady starts the ready comms one after the other. On a page it stops after
// a while. It may come and go several times within a turn, when a comm's
// goroutine waits or is slow to start: none of that begins a new turn.
func (m *Manager) runReady() {
	for {
		j, ok, over := m.nextJob(true)
		if !ok {
			if over {
				m.o.Scheduler.NextTurn(m.newTurn)
			}
			return
		}
		if !m.resume(j) {
			go m.work(j) // ends when the comm's queue is empty, its time is up, or the function returns; see work
		}
		runtime.Gosched() // on a page: it runs now, until it waits or ends
	}
}

// nextJob takes what is ready, unless the turn is over. Where the pump finds nothing
// it ends; over says that it is to go on in another turn.
func (m *Manager) nextJob(pump bool) (j job, ok, over bool) {
	m.mu.lock()
	none := len(m.ready) == 0
	if none && pump {
		m.pumping = false
	}
	m.mu.unlock()
	if none {
		return j, false, false
	}
	over = m.turnOver()
	m.mu.lock()
	defer m.mu.unlock()
	over = over && len(m.ready) > 0
	if len(m.ready) == 0 || over {
		if pump {
			m.pumping = over
		}
		return j, false, over
	}
	return m.takeReady(), true, false
}

// takeReady takes the first of what is ready. m.mu is held.
func (m *Manager) takeReady() job {
	j := m.ready[0]
	m.ready[0] = job{}
	m.ready = m.ready[1:]
	return j
}

// work runs a job, and on a page those that are ready after it, and then rests until
// there is another: a goroutine's stack has grown by then, which takes as long as some
// messages. When a handler waits, the pump starts another goroutine for the rest.
func (m *Manager) work(j job) {
	for j.c != nil || j.f != nil {
		for ok := true; ok; {
			j.run()
			if m.o.Scheduler == nil {
				return
			}
			j, ok, _ = m.nextJob(false)
		}
		m.mu.lock()
		rest := !m.resting && !m.closed // one does: it ends with the manager
		m.resting = m.resting || rest
		m.mu.unlock()
		if !rest {
			return
		}
		j = <-m.rested
	}
}

// resume gives a job to the goroutine that rests, if one does; that takes no time.
func (m *Manager) resume(j job) bool {
	m.mu.lock()
	rests := m.resting
	m.resting = false
	m.mu.unlock()
	if rests {
		m.rested <- j
	}
	return rests
}

// turnOver tells that goroutines have kept the page for long enough.
func (m *Manager) turnOver() bool {
	if m.o.Scheduler == nil {
		return false
	}
	now := m.o.Clock.Now()
	m.mu.lock()
	defer m.mu.unlock()
	return now-m.turnBegan(now) > defaultTurn
}

// turnBegan gives the turn's start; m.mu is held.
func (m *Manager) turnBegan(now int64) int64 {
	if m.turnStart == unknown {
		m.turnStart = now
	}
	return m.turnStart
}

// run handles a comm's items, in order. A comm has a goroutine only while it has
// work: an idle one costs nothing, and there is none to leak.
func (c *Comm) run() {
	m := c.m
	defer c.rest() // deferred, so that it also follows a handler's Goexit
	onPage := m.o.Scheduler != nil
	var start, last int64
	since, row := 0, 1 // how many were handled since the page's clock was read, and after how many it is to be
	if onPage {
		start = m.o.Clock.Now()
		last = start
		m.mu.lock()
		m.turnBegan(start)
		m.mu.unlock()
	}
	w := &c.watched
	w.c = c
	m.begin(w)
	for {
		m.mu.lock()
		done := !c.runnable()
		if onPage && (since >= row || done && since > 0) {
			m.mu.unlock()
			now := m.o.Clock.Now()
			w.took(now - last)
			row = 1
			if now-last < int64(since)*quick {
				row = quickRow
			}
			last, since = now, 0
			if done || now-start > quantum {
				return
			}
			m.mu.lock()
			done = !c.runnable() // what was there may have been taken away meanwhile
		}
		if done {
			m.mu.unlock()
			return
		}
		it := c.next()
		w.calls++
		w.told, w.kind = false, it.kind
		inter := c.inter
		m.mu.unlock()
		if !c.sort(&it, inter) {
			c.invoke(it)
		}
		since++
	}
}

// rest ends the comm's goroutine; with work left, it queues up for another.
func (c *Comm) rest() {
	c.m.mu.lock()
	c.m.busy.remove(&c.watched)
	c.active = false
	c.activate()
	c.m.mu.unlock()
	c.m.startReady()
}

// invoke calls one handler and contains whatever becomes of it.
func (c *Comm) invoke(it item) {
	m := c.m
	m.mu.lock()
	open, onMsg, onClose, inter := c.open, c.onMsg, c.onClose, c.inter
	onGap, onOverflow := c.onGap, c.onOverflow
	ended := c.err != nil
	c.unheard = c.unheard || it.kind == itemClose && onClose == nil
	m.mu.unlock()

	returned := false
	defer func() {
		if v := recover(); v != nil {
			c.failed(it, &PanicError{Value: v, Stack: stack()})
		} else if !returned {
			c.failed(it, ErrGoexit)
		}
		if it.msg != nil {
			it.msg.Release()
		}
	}()
	var err error
	switch it.kind {
	case itemOpen:
		defer c.opened()
		err = open(c, it.msg)
	case itemMsg:
		if it.verdict == Serve {
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
	if it.kind == itemOpen {
		// Where the comm had ended before, its OnClose is still to be called.
		if c.refuse(&OpError{Op: CommOpen, CommID: c.id, TargetName: c.target,
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

func stack() []byte {
	buf := make([]byte, 16<<10)
	return buf[:runtime.Stack(buf, false)]
}
