package commmgr

import "gocomm/internal/seam"

// A Duration is a time span in nanoseconds, like time.Duration, which converts to it:
// commmgr.Duration(10*time.Second). The package does not import time, for its size.
type Duration int64

// Spans of time.
const (
	Millisecond Duration = 1_000_000
	Second               = 1000 * Millisecond
)

const (
	defaultTurn         = 8 * Millisecond
	defaultHeldMessages = 65_536
	defaultHeldBytes    = 64 << 20
)

// options are those of package host, which documents them and the interfaces.
type options struct {
	transport      transport
	newID          func() string
	onError        func(error)
	claim          func(target string) error
	unclaim        func(target string)
	bound, unbound func(*Comm)
	taken          func(id string) bool
	foreignEnded   func(n int, reason error)

	grace      Duration
	queueLen   int
	queueBytes int
	maxSend    int
}

type transport interface {
	Send(msgType, commID, target string, p *Payload, wants uint8, event func(uint8, *Message)) (msgID string, err error)
	InputReply(value string) error
}

type clock interface {
	Now() Duration
	AfterFunc(d Duration, f func()) (stop func())
}

type pageScheduler interface {
	Wake()
	NextTurn(f func())
}

func init() {
	seam.New = newManager
	seam.Engine = engine{}
}

// newManager makes a manager and its driver: see package host.
func newManager(o seam.Options) (manager, drives any) {
	m := &Manager{
		o: options{
			transport: o.Transport.(transport), newID: o.NewID, onError: o.OnError, claim: o.Claim, unclaim: o.Unclaim, taken: o.Taken,
			bound: o.Bound.(func(*Comm)), unbound: o.Unbound.(func(*Comm)), foreignEnded: o.ForeignEnded,
			grace: Duration(or(o.Grace, seam.DefaultGrace)), queueLen: or(o.QueueLen, seam.DefaultQueueLen),
			queueBytes: or(o.QueueBytes, seam.DefaultQueueBytes), maxSend: or(o.MaxSend, seam.DefaultMaxSend),
		},
		targets:  map[string]*Target{},
		comms:    map[string]*Comm{},
		watchdog: max(or(Duration(o.Watchdog), DefaultWatchdog), 0),
	}
	if o.OnError == nil {
		m.o.onError = func(error) {}
	}
	m.sched = scheduler{clock: o.Clock.(clock), frames: o.NextFrame, rested: make(chan job, 1), mu: &m.mu}
	m.sched.page, _ = o.Scheduler.(pageScheduler)
	return m, (*driver)(m)
}

// or gives v, or what stands for it where it is 0.
func or[T comparable](v, none T) T {
	var zero T
	if v == zero {
		return none
	}
	return v
}
