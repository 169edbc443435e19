package commmgrtest

import (
	"errors"
	"time"

	"gocomm/commmgr"
)

var errUnloaded = errors.New("commmgrtest: the page was reloaded")

// A link is the connection between the kernel and a page. Guarded by Kernel.mu, but for
// start.
type link struct {
	start   func(page int) // makes the page's manager
	page    int            // how often it was reloaded
	down    bool
	since   commmgr.Duration // when it went down
	kept    []func()         // what came for the client meanwhile
	waiting []func()         // what the client has sent meanwhile
	delay   commmgr.Duration
	lastDue commmgr.Duration // when the last message arrives that is on its way
}

// Drop loses the connection, until Reconnect. What the client sends meanwhile waits.
func (k *Kernel) Drop() {
	k.work.do(func() {
		k.change(func() { k.link.down, k.link.since = true, k.Clock.Now() })
	})
	k.Flush()
}

// Reconnect brings the connection back: the client is told of the gap, gets what the
// kernel has sent meanwhile but for the first lost messages of that, and what it has
// sent itself arrives in order.
func (k *Kernel) Reconnect(lost int) {
	k.work.do(func() {
		var kept []func()
		gap := commmgr.Gap{Until: k.Clock.Now()}
		k.change(func() {
			l := &k.link
			gap.Since, kept = l.since, l.kept
			for _, handle := range l.waiting {
				k.work.do(handle)
			}
			l.down, l.kept, l.waiting = false, nil, nil
		})
		k.Driver.DeliverGap(gap)
		for _, deliver := range kept[min(lost, len(kept)):] {
			deliver()
		}
	})
	k.Flush()
}

// Delay has messages arrive at the client a time of Clock after they were sent, in
// order. 0 ends that for those to come, which still wait for those before them.
func (k *Kernel) Delay(d time.Duration) {
	k.work.do(func() { k.change(func() { k.link.delay = commmgr.Duration(d) }) })
}

// toClient has something arrive at the client. It runs on the kernel's goroutine.
func (k *Kernel) toClient(deliver func()) {
	now := k.Clock.Now()
	var wait commmgr.Duration
	k.change(func() {
		l := &k.link
		l.lastDue = max(l.lastDue, now+l.delay)
		wait = l.lastDue - now
	})
	if wait == 0 {
		k.arrive(deliver)
		return
	}
	k.Clock.AfterFunc(wait, func() { k.work.do(func() { k.arrive(deliver) }) })
}

func (k *Kernel) arrive(deliver func()) {
	var down bool
	k.change(func() {
		if down = k.link.down; down {
			k.link.kept = append(k.link.kept, deliver)
		}
	})
	if !down {
		deliver()
	}
}
