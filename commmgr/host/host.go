package host

import (
	"gocomm/commmgr"
	"gocomm/internal/seam"
)

// New makes a manager and its driver. It panics when one of the required options is
// missing.
func New(o Options) (*commmgr.Manager, *Driver) {
	if o.Transport == nil || o.Clock == nil || o.NewID == nil {
		panic("host: New: Options.Transport, Clock and NewID are required")
	}
	if o.Grace == 0 {
		o.Grace = DefaultGrace
	}
	o.QueueLen, o.QueueBytes, o.MaxSend = or(o.QueueLen, DefaultQueueLen), or(o.QueueBytes, DefaultQueueBytes), or(o.MaxSend, DefaultMaxSend)
	if o.OnError == nil {
		o.OnError = func(error) {}
	}
	m := (*commmgr.Manager)(seam.New(&seam.Options{
		Transport: &sender{o.Transport}, Clock: o.Clock, Scheduler: o.Scheduler, NewID: o.NewID, OnError: o.OnError,
		NextFrame: o.NextFrame, Claim: o.Claim, Unclaim: o.Unclaim, Bound: hook(o.Bound), Unbound: hook(o.Unbound), Taken: o.Taken,
		Grace: int64(o.Grace), QueueLen: o.QueueLen, QueueBytes: o.QueueBytes, Watchdog: int64(o.Watchdog), MaxSend: o.MaxSend,
	}))
	return m, &Driver{m}
}

func hook(f func(*commmgr.Comm)) func(seam.Ptr) {
	if f == nil {
		return nil
	}
	return func(c seam.Ptr) { f((*commmgr.Comm)(c)) }
}

// A Driver drives a manager on behalf of its kernel. Its methods may be called on any
// goroutine, and never wait.
type Driver struct{ m *commmgr.Manager }

func (d *Driver) ptr() seam.Ptr { return seam.Ptr(d.m) }

// Deliver hands a comm_open, comm_msg or comm_close of the kernel over. It is to
// be called in the order of arrival. It keeps the message until its handler is done
// with it.
func (d *Driver) Deliver(msg *commmgr.Message) { seam.Deliver(d.ptr(), seam.Ptr(msg)) }

// DeliverMsg is [Driver.Deliver] for a comm_msg of a comm that the host has found in an
// index of its own.
func (d *Driver) DeliverMsg(c *commmgr.Comm, msg *commmgr.Message) {
	seam.DeliverMsg(seam.Ptr(c), seam.Ptr(msg))
}

// DeliverClose is [Driver.Deliver] for a comm_close, likewise.
func (d *Driver) DeliverClose(c *commmgr.Comm, msg *commmgr.Message) {
	seam.DeliverClose(seam.Ptr(c), seam.Ptr(msg))
}

// DeliverGap tells the comms of a gap. Like [Driver.Deliver] it is to be called in the
// order of arrival.
func (d *Driver) DeliverGap(g commmgr.Gap) { seam.DeliverGap(d.ptr(), int64(g.Since), int64(g.Until)) }

// Adopt offers a comm to its target that the page before this one had, and the kernel still
// has: see [commmgr.TargetOptions].Adopt. own says whether it was opened on behalf of this client, and g
// is the time between the two pages. It tells whether the target takes comms up; otherwise nothing has changed. Like
// [Driver.Deliver] it is to be called in the order of arrival, before what follows on the comm.
func (d *Driver) Adopt(commID, target string, own bool, g commmgr.Gap) bool {
	return seam.Adopt(d.ptr(), commID, target, own, int64(g.Since), int64(g.Until))
}

// EndComms ends all comms with the given reason and tells the kernel nothing: it
// is for a kernel that is gone. Their OnClose handlers get a nil message.
func (d *Driver) EndComms(reason error) { seam.EndComms(d.ptr(), reason) }

// Detach takes the manager off its kernel: its targets are given up, its comms end
// with [commmgr.ErrDetached], and what is delivered afterwards is refused. The kernel
// is told nothing.
func (d *Driver) Detach() { seam.Detach(d.ptr()) }

// Held tells whether a comm still waits for its target to be registered.
func (d *Driver) Held(c *commmgr.Comm) bool { return seam.Held(seam.Ptr(c)) }

// SetIndex gives a comm a number, and Index gives it back, for a host that keeps an
// index of comms, such as a table that JavaScript reads. The manager does not use it.
func (d *Driver) SetIndex(c *commmgr.Comm, i int) { *seam.Index(seam.Ptr(c)) = i }

// Index gives the number that SetIndex has set, or 0.
func (d *Driver) Index(c *commmgr.Comm) int { return *seam.Index(seam.Ptr(c)) }

// MaxName is the length that comm ids and target names may have, in bytes.
const MaxName = seam.MaxName

// Defaults of the [Options] of the same names.
const (
	DefaultGrace      commmgr.Duration = seam.DefaultGrace      // 10 s
	DefaultQueueLen                    = seam.DefaultQueueLen   // messages
	DefaultQueueBytes                  = seam.DefaultQueueBytes // 64 MiB
	DefaultMaxSend                     = seam.DefaultMaxSend    // 8 MiB: Jupyter's server drops the connection at 10 MiB
)

// Options set a manager up. Transport, Clock and NewID are required.
type Options struct {
	Transport Transport
	Clock     Clock
	NewID     func() string // a new comm id: random, at most [MaxName] characters

	// OnError takes what has no caller to return to: failed handlers, refused
	// messages, overflows. It is called on any goroutine, also within Deliver,
	// so it must not wait. Of a row of like errors about one comm or target it gets the
	// first; see [commmgr.Stats].
	OnError func(error)

	// Scheduler is set where Go shares its thread with a page; else it is nil.
	Scheduler Scheduler

	// NextFrame calls f once, when the display is about to be drawn anew; f does not
	// wait. Where it is nil, a 60th of a second of Clock stands for a frame.
	NextFrame func(f func())

	// Claim is asked before a target is registered, and may refuse it with
	// [commmgr.ErrTargetTaken]. Unclaim is told when it is given up. Both may be nil.
	Claim   func(target string) error
	Unclaim func(target string)

	// Bound and Unbound tell of each comm that the manager takes up and lets go, so
	// that an index can be kept outside; Taken asks whether that has a comm id
	// already. All may be nil.
	Bound   func(*commmgr.Comm)
	Unbound func(*commmgr.Comm)
	Taken   func(id string) bool

	// Grace is how long a comm waits for its target to be registered; 0 stands for
	// [DefaultGrace], a negative one for not at all.
	Grace commmgr.Duration
	// QueueLen and QueueBytes bound what may wait for the handlers of one comm,
	// where its [commmgr.Limits] do not; 0 stands for the defaults.
	QueueLen   int
	QueueBytes int
	// Watchdog is how long a handler may be busy: see [commmgr.Manager.SetWatchdog].
	// 0 stands for [commmgr.DefaultWatchdog], a negative one for no watchdog.
	Watchdog commmgr.Duration
	// MaxSend is the most that one message may carry to the kernel, in bytes: data,
	// metadata and buffers. 0 stands for the default, a negative one for no limit here:
	// then the Transport judges what travels, and refuses more with [commmgr.ErrTooLarge].
	MaxSend int
}

// A Clock tells the time.
type Clock interface {
	// Now gives the time since any fixed moment.
	Now() commmgr.Duration
	// AfterFunc calls f once, after d, unless stop is called before. f does not wait.
	AfterFunc(d commmgr.Duration, f func()) (stop func())
}

// A Scheduler shares a thread fairly with a page, which stands still while
// goroutines run.
type Scheduler interface {
	// Wake has goroutines run soon. It is called when a Deliver has made one ready.
	Wake()
	// NextTurn calls f, which does not wait, when the page has had its turn.
	NextTurn(f func())
}

// or gives n, or what stands for it where it is 0.
func or(n, none int) int {
	if n == 0 {
		return none
	}
	return n
}
