package commmgr

import "strconv"

// DefaultWatchdog is how long a handler may be busy before it is named, in nanoseconds.
const DefaultWatchdog = 10 * second

// SetWatchdog sets how long one call of a handler may take, in nanoseconds, before
// [Options].OnError is told its comm and target, with [ErrBusy], once for that call; 0
// turns that off. The handler goes on.
//
// A handler that waits is named while it waits. One that computes without a pause keeps
// the whole page, so that it is named when it returns, and never if it does not; it
// cannot be told from one that waits. Handlers of JavaScript, and those that run
// within Deliver, are not watched.
func (m *Manager) SetWatchdog(limit int64) {
	m.mu.lock()
	m.watchdog = max(limit, 0)
	m.mu.unlock()
}

// A watched comm is one that has a goroutine. Guarded by Manager.mu.
type watched struct {
	calls      uint64 // of its handlers
	seen       uint64 // the call that the watchdog has seen last
	since      int64  // when it saw that first
	told       bool   // of this call
	op         itemKind
	prev, next *Comm // in Manager.busy
}

// A busyList links the comms that have goroutines, in no order.
type busyList struct{ first *Comm }

func (l *busyList) add(c *Comm) {
	c.watched.prev, c.watched.next = nil, l.first
	if l.first != nil {
		l.first.watched.prev = c
	}
	l.first = c
}

func (l *busyList) remove(c *Comm) {
	w := &c.watched
	if w.prev != nil {
		w.prev.watched.next = w.next
	} else {
		l.first = w.next
	}
	if w.next != nil {
		w.next.watched.prev = w.prev
	}
	w.prev, w.next = nil, nil
}

// looks is how often the watchdog looks within its limit. Between two looks it costs
// nothing, and without a busy comm it does not look.
const looks = 4

// watch looks for calls that were there long ago. It does not wait.
func (m *Manager) watch() {
	now := m.o.Clock.Now()
	m.mu.enter()
	limit := m.watchdog
	m.watching = limit > 0 && m.busy.first != nil
	again := m.watching
	var late []*OpError
	for c := m.busy.first; c != nil && again; c = c.watched.next {
		w := &c.watched
		switch {
		case w.seen != w.calls:
			w.seen, w.since = w.calls, now
		case now-w.since >= limit && !w.told && !c.limits.Unwatched:
			w.told = true
			late = append(late, c.late("for", now-w.since, " so far"))
		}
	}
	m.mu.unlock()
	for _, err := range late {
		m.report(countBusy, err.CommID, err)
	}
	if again {
		m.o.Clock.AfterFunc(limit/looks, m.watch)
	}
}

// took reports a call that took long and was not seen: it has kept the page.
func (c *Comm) took(d int64) {
	m := c.m
	m.mu.lock()
	over := m.watchdog > 0 && d > m.watchdog && !c.watched.told && !c.limits.Unwatched
	var err *OpError
	if over {
		c.watched.told = true
		err = c.late("it took", d, "")
	}
	m.mu.unlock()
	if over {
		m.report(countBusy, c.id, err)
	}
}

// late makes the error. m.mu is held.
func (c *Comm) late(what string, d int64, yet string) *OpError {
	it := item{kind: c.watched.op}
	return &OpError{Op: it.op(), CommID: c.id, TargetName: c.target,
		Err:  &fault{ErrBusy, what + " " + strconv.FormatFloat(float64(d)/second, 'f', 1, 64) + " s" + yet},
		Hint: strconv.Itoa(c.queue.n-c.queue.dead) + " messages of its comm wait; other comms go on"}
}
