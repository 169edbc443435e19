package commmgr

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

// A transport is the way to the kernel: package host wraps a host.Transport.
type transport interface {
	Send(msgType, commID, target string, p *Payload, wants uint8, event func(uint8, *Message)) (msgID string, err error)
	InputReply(value string) error
}

// A clock is a host.Clock.
type clock interface {
	Now() Duration
	AfterFunc(d Duration, f func()) (stop func())
}

// A pageScheduler is a host.Scheduler.
type pageScheduler interface {
	Wake()
	NextTurn(f func())
}
