package commmgrtest

import (
	"container/heap"
	"sync"
	"time"

	"gocomm/commmgr"
)

// A Clock stands still until the test moves it.
type Clock struct {
	mu     sync.Mutex
	now    time.Duration
	timers timers
	made   int
}

type timer struct {
	at time.Duration
	n  int    // of those due at once, the one made first is called first
	f  func() // nil when stopped
}

// Now gives the time passed.
func (c *Clock) Now() commmgr.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return commmgr.Duration(c.now)
}

// AfterFunc calls f when the clock has moved on by d.
func (c *Clock) AfterFunc(d commmgr.Duration, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made++
	t := &timer{at: c.now + time.Duration(d), n: c.made, f: f}
	heap.Push(&c.timers, t)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		t.f = nil
	}
}

// Advance moves the clock on and calls what has come due, in order.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	end := c.now + d
	for len(c.timers) > 0 && c.timers[0].at <= end {
		t := heap.Pop(&c.timers).(*timer)
		c.now = max(c.now, t.at)
		if f := t.f; f != nil {
			c.mu.Unlock()
			f()
			c.mu.Lock()
		}
	}
	c.now = max(c.now, end)
}

// timers is a heap.
type timers []*timer

func (ts timers) Len() int      { return len(ts) }
func (ts timers) Swap(i, j int) { ts[i], ts[j] = ts[j], ts[i] }
func (ts timers) Less(i, j int) bool {
	if ts[i].at != ts[j].at {
		return ts[i].at < ts[j].at
	}
	return ts[i].n < ts[j].n
}
func (ts *timers) Push(t any) { *ts = append(*ts, t.(*timer)) }
func (ts *timers) Pop() any {
	old := *ts
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*ts = old[:len(old)-1]
	return t
}
