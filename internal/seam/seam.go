// Package seam gives packages of this module access to commmgr that users do not have:
// commmgr sets the variables, as package log does with log/internal. commmgr/host uses it to
// make managers, internal/layer for the rest. It imports nothing of the module, because
// commmgr imports it.
package seam

import "unsafe"

// A Ptr is a *commmgr.Manager, *commmgr.Comm or *commmgr.Message. As interface values they
// would need the descriptors of all types that they lead to, some 20 KB in each program.
type Ptr = unsafe.Pointer

// What package host needs, which documents it.
var (
	New          func(*Options) Ptr
	Deliver      func(m, msg Ptr)
	DeliverMsg   func(c, msg Ptr)
	DeliverClose func(c, msg Ptr)
	DeliverGap   func(m Ptr, since, until int64)
	Adopt        func(m Ptr, id, target string, own bool, since, until int64) bool
	EndComms     func(m Ptr, reason error)
	Detach       func(m Ptr)
	Held         func(c Ptr) bool
	Index        func(c Ptr) *int
)

// Engine has the methods that package layer declares.
var Engine any

// Planned is set by a host whose bodies hold parsed messages: it gives the values of a part of
// a message that plan names, and may use buf's memory. ok is false when body is of another host.
// It is a variable since on a page Go looks up, for each message, whether a body has a method.
var Planned func(body any, part uint8, plan *Plan, buf []byte) (data []byte, ok bool, err error)

// Options are those of package host.
type Options struct {
	Transport      any // commmgr's transport
	Clock          any // a host.Clock
	Scheduler      any // a host.Scheduler, or nil
	NewID          func() string
	OnError        func(error)
	NextFrame      func(f func())
	Claim          func(target string) error
	Unclaim        func(target string)
	Bound, Unbound func(c Ptr)
	Taken          func(id string) bool

	Grace      int64
	QueueLen   int
	QueueBytes int
	Watchdog   int64
	MaxSend    int
}

// Defaults of the Options of the same names.
const (
	DefaultGrace      = 10_000_000_000
	DefaultQueueLen   = 65_536
	DefaultQueueBytes = 64 << 20
	DefaultMaxSend    = 8 << 20
)

// MaxName is the length that comm ids and target names may have, in bytes.
const MaxName = 128

// The callbacks of a message sent, by their numbers.
const (
	EventReply = iota
	EventOutput
	EventClearOutput
	EventStatus
	EventInput
)

// A Plan says which values of a message's part are wanted. A body whose message
// is parsed already, as on a page, hands them over as they are: no JSON is made
// of them, and parsed again. Package gocomm/internal/codec makes plans of Go types,
// and reads what they give.
type Plan struct {
	ID   int32  // its number among the program's plans, from 0
	Text string // what is wanted, in JSON; internal/codec/plan.go describes it, and what comes of it
}

// A Verdict is what becomes of a message that an interceptor was shown.
type Verdict uint8

const (
	Unseen Verdict = iota
	// Pass: it is for OnMsg's handler.
	Pass
	// Serve: it is for the interceptor's Serve, which also gets it while those for
	// OnMsg's handler wait for that to be set.
	Serve
	// Taken: the interceptor is done with it, or has retained it.
	Taken
)
