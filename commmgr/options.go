package commmgr

// Durations in this package are nanoseconds, as in time.Duration, which it does
// not import for its size: int64(10*time.Second) fits everywhere.
const (
	millisecond = 1_000_000
	second      = 1000 * millisecond
)

// Defaults of the [Options] of the same names.
const (
	DefaultGrace        = 10 * second
	DefaultQueueLen     = 65_536
	DefaultQueueBytes   = 64 << 20
	DefaultMaxSend      = 8 << 20 // Jupyter's server drops the connection at 10 MiB
	defaultTurn         = 8 * millisecond
	defaultHeldMessages = 65_536
	defaultHeldBytes    = 64 << 20
)

// Options set a [Manager] up. Transport, Clock and NewID are required.
type Options struct {
	Transport Transport
	Clock     Clock
	NewID     func() string // a new comm id: random, at most [MaxName] characters

	// OnError takes what has no caller to return to: failed handlers, refused
	// messages, overflows. It is called on any goroutine, also within Deliver,
	// so it must not wait. It gets each failure of a handler, and of a row of like
	// refusals the first; see [Stats].
	OnError func(error)

	// Scheduler is set where Go shares its thread with a page; else it is nil.
	Scheduler Scheduler

	// NextFrame calls f once, when the display is about to be drawn anew; f does not
	// wait. Where it is nil, a 60th of a second of Clock stands for a frame.
	NextFrame func(f func())

	// Claim is asked before a target is registered, and may refuse it with
	// ErrTargetTaken. Unclaim is told when it is given up. Both may be nil.
	Claim   func(target string) error
	Unclaim func(target string)

	// Bound and Unbound tell of each comm that the manager takes up and lets go, so
	// that an index can be kept outside; Taken asks whether that has a comm id
	// already. All may be nil.
	Bound   func(*Comm)
	Unbound func(*Comm)
	Taken   func(id string) bool

	// Grace is how long a comm waits for its target to be registered, in
	// nanoseconds; 0 stands for [DefaultGrace], a negative one for not at all.
	Grace int64
	// QueueLen and QueueBytes bound what may wait for the handlers of one comm,
	// where its [Limits] do not; 0 stands for the defaults.
	QueueLen   int
	QueueBytes int
	// Watchdog is how long a handler may be busy, in nanoseconds: see
	// [Manager.SetWatchdog]. 0 stands for [DefaultWatchdog], a negative one for none.
	Watchdog int64
	// MaxSend is the most that one message may carry to the kernel, in bytes: data,
	// metadata and buffers. 0 stands for the default, a negative one for no limit here:
	// Transport judges what travels, and refuses more with [ErrTooLarge].
	MaxSend int
}

// A Clock tells the time.
type Clock interface {
	// Now gives nanoseconds since any fixed moment.
	Now() int64
	// AfterFunc calls f once, after d nanoseconds, unless stop is called before.
	// f does not wait.
	AfterFunc(d int64, f func()) (stop func())
}

// A Scheduler shares a thread fairly with a page, which stands still while
// goroutines run.
type Scheduler interface {
	// Wake has goroutines run soon. It is called when a Deliver has made one ready.
	Wake()
	// NextTurn calls f, which does not wait, when the page has had its turn.
	NextTurn(f func())
}

func (o Options) withDefaults() Options {
	if o.Transport == nil || o.Clock == nil || o.NewID == nil {
		panic("commmgr: New: Options.Transport, Clock and NewID are required")
	}
	if o.OnError == nil {
		o.OnError = func(error) {}
	}
	if o.Grace == 0 {
		o.Grace = DefaultGrace
	}
	if o.QueueLen == 0 {
		o.QueueLen = DefaultQueueLen
	}
	if o.QueueBytes == 0 {
		o.QueueBytes = DefaultQueueBytes
	}
	if o.Watchdog == 0 {
		o.Watchdog = DefaultWatchdog
	}
	if o.MaxSend == 0 {
		o.MaxSend = DefaultMaxSend
	}
	return o
}
