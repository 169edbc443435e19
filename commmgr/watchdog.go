package commmgr

import "strconv"

// DefaultWatchdog is how long a handler may be busy before it is named.
const DefaultWatchdog = 10 * Second

// SetWatchdog sets how long one call of a handler may take before its comm and target are
// reported, with [ErrBusy], once for that call; 0 turns that off. The handler goes on. It is
// [DefaultWatchdog] at first.
//
// A handler that waits is named while it waits. One that computes without a pause keeps
// the whole page, so that it is named when it returns, and never if it does not; it
// cannot be told from one that waits. Handlers of JavaScript, and those that run
// within Deliver, are not watched.
func (m *Manager) SetWatchdog(limit Duration) {
	m.mu.Lock()
	m.watchdog = max(limit, 0)
	m.mu.Unlock()
}

// SetUnwatched takes the comm's handlers from the watchdog, or gives them back to it.
func (c *Comm) SetUnwatched(on bool) {
	c.m.mu.Lock()
	c.unwatched = on
	c.m.mu.Unlock()
}

// What is watched is a comm that has a goroutine, or a function of layer.Go. Guarded
// by Manager.mu.
type watched struct {
	c          *Comm
	calls      uint64   // of its handlers
	seen       uint64   // the call that the watchdog has seen last
	since      Duration // when it saw that first
	told       bool     // of this call
	kind       itemKind // of a comm's call
	op         string   // of a function
	prev, next *watched // in Manager.busy
}

// A busyList links what is watched, in no order.
type busyList struct{ first *watched }

func (l *busyList) add(w *watched) {
	w.prev, w.next = nil, l.first
	if l.first != nil {
		l.first.prev = w
	}
	l.first = w
}

func (l *busyList) remove(w *watched) {
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		l.first = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	}
	w.prev, w.next = nil, nil
}

// begin has w watched from now on.
func (m *Manager) begin(w *watched) {
	m.mu.Lock()
	m.busy.add(w)
	watch := m.watchdog > 0 && !m.watching
	m.watching = m.watching || watch
	limit := m.watchdog
	m.mu.Unlock()
	if watch {
		m.clock.AfterFunc(limit/looks, m.watch)
	}
}

// oversee runs a function of layer.Go, watched.
func (c *Comm) oversee(op string, f func() error) {
	m := c.m
	w := &watched{c: c, op: op, calls: 1}
	start := m.clock.Now()
	m.begin(w)
	defer func() { // also after f's Goexit
		w.took(m.clock.Now() - start)
		m.mu.Lock()
		m.busy.remove(w)
		m.mu.Unlock()
	}()
	c.contain(op, f)
}

// looks is how often the watchdog looks within its limit. Between two looks it costs
// nothing, and without a busy comm it does not look.
const looks = 4

// watch looks for calls that were there long ago. It does not wait.
func (m *Manager) watch() {
	now := m.clock.Now()
	m.mu.Lock()
	limit := m.watchdog
	m.watching = limit > 0 && m.busy.first != nil
	again := m.watching
	var late []*OpError
	for w := m.busy.first; w != nil && again; w = w.next {
		switch {
		case w.seen != w.calls:
			w.seen, w.since = w.calls, now
		case now-w.since >= limit && !w.told && !w.c.unwatched:
			w.told = true
			late = append(late, w.late("for", now-w.since, " so far"))
		}
	}
	m.mu.Unlock()
	for _, err := range late {
		m.report(countBusy, err.CommID, err)
	}
	if again {
		m.clock.AfterFunc(limit/looks, m.watch)
	}
}

// took reports a call that took long and was not seen: it has kept the page.
func (w *watched) took(d Duration) {
	m := w.c.m
	m.mu.Lock()
	over := m.watchdog > 0 && d > m.watchdog && !w.told && !w.c.unwatched
	var err *OpError
	if over {
		w.told = true
		err = w.late("it took", d, "")
	}
	m.mu.Unlock()
	if over {
		m.report(countBusy, err.CommID, err)
	}
}

// late makes the error. m.mu is held.
func (w *watched) late(what string, d Duration, yet string) *OpError {
	c := w.c
	op, hint := w.op, "messages of its comm go on"
	if op == "" {
		it := item{kind: w.kind}
		op, hint = it.op(), strconv.Itoa(c.queue.n-c.queue.dead)+" messages of its comm wait; other comms go on"
	}
	return &OpError{Op: op, CommID: c.id, TargetName: c.target, Hint: hint,
		Err: &fault{ErrBusy, what + " " + strconv.FormatFloat(float64(d)/float64(Second), 'f', 1, 64) + " s" + yet}}
}
