package commmgr

import (
	"errors"
	"strconv"

	"gocomm/internal/panics"
)

// Errors that say why an operation was refused or a comm ended. They arrive
// wrapped in an [OpError]; test for them with errors.Is.
var (
	// ErrCommClosed: the comm has ended, whatever the reason. The reason itself
	// is in the chain too.
	ErrCommClosed = errors.New("commmgr: the comm is closed")
	// ErrClosedHere: the comm was closed by this program, with [Comm.Close].
	ErrClosedHere = errors.New("commmgr: closed by this program")
	// ErrClosedByKernel: the kernel sent comm_close.
	ErrClosedByKernel = errors.New("commmgr: closed by the kernel")
	// ErrKernelGone: the kernel that the comm was open to has ended.
	ErrKernelGone = errors.New("commmgr: its kernel was restarted, changed or shut down")
	// ErrOpenFailed: the target's open handler failed.
	ErrOpenFailed = errors.New("commmgr: the target's open handler failed")
	errNilOpen    = errors.New("commmgr: the open handler is nil")
	// ErrNoTarget: nobody registered the target within the grace period.
	ErrNoTarget = errors.New("commmgr: no such target")
	// ErrTargetTaken: another program has registered the target, or the page's JavaScript.
	ErrTargetTaken = errors.New("commmgr: the target is taken by another program")
	// ErrDuplicateID: a comm with this id is live; the first one keeps it.
	ErrDuplicateID = errors.New("commmgr: the comm id is in use")
	// ErrUnknownComm: a message named a comm that is not, or no longer, here.
	ErrUnknownComm = errors.New("commmgr: no such comm")
	// ErrMalformed: a message lacks a field or has one of the wrong type.
	ErrMalformed = errors.New("commmgr: malformed message")
	// ErrBadName: a comm id or target name is empty, too long, not printable
	// ASCII, or a name that every JavaScript object has.
	ErrBadName = errors.New("commmgr: bad name")
	// ErrOverflow: messages came faster than the handler took them.
	ErrOverflow = errors.New("commmgr: the queue is full")
	// ErrNotJSON: the data of a message are not JSON, or its metadata are no JSON object.
	ErrNotJSON = errors.New("commmgr: only JSON can be sent")
	// ErrTooLarge: a message is larger than may be sent at once.
	ErrTooLarge = errors.New("commmgr: the message is too large")
	// ErrReleased: a [Message] was used after its handler returned.
	ErrReleased = errors.New("commmgr: the message is released")
	// ErrHandler: a handler returned an error, panicked or called Goexit.
	ErrHandler = errors.New("commmgr: a handler failed")
	// ErrBusy: a handler has been busy for longer than the watchdog's limit.
	ErrBusy = errors.New("commmgr: the handler is busy")
	// ErrGoexit: a handler called runtime.Goexit.
	ErrGoexit = errors.New("commmgr: runtime.Goexit was called")
	// ErrDetached: the manager was taken off its kernel.
	ErrDetached = errors.New("commmgr: the manager was detached")
)

// prefix starts every message of this package once, however deeply wrapped.
const prefix = "commmgr: "

// An OpError names the operation that failed and the comm that it was about.
type OpError struct {
	Op         string // e.g. "send", "comm_open"
	CommID     string // may be empty
	TargetName string // may be empty
	Err        error  // the cause
	Hint       string // what to do about it; may be empty
	closed     bool   // the operation met a comm that has ended
}

func (e *OpError) Error() string {
	s := prefix + e.Op
	if e.CommID != "" {
		s += ": comm " + quote(e.CommID)
	}
	if e.TargetName != "" {
		s += " (target " + quote(e.TargetName) + ")"
	}
	if e.closed {
		s += ": " + text(ErrCommClosed)
	}
	s += ": " + text(e.Err)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Unwrap gives the cause, and [ErrCommClosed] where the comm has ended.
func (e *OpError) Unwrap() []error {
	if e.closed {
		return []error{ErrCommClosed, e.Err}
	}
	return []error{e.Err}
}

// A PanicError is a handler's panic, recovered.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the goroutine's stack, as runtime.Stack prints it
}

func (e *PanicError) Error() string { return prefix + "panic: " + panics.Text(e.Value) }

// Unwrap gives the panic's value where that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// text gives an error's text without the prefix. The errors of handlers are of
// foreign make: a typed nil, say, whose Error method panics.
func text(err error) string {
	s := panics.Text(err)
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		s = s[len(prefix):]
	}
	return s
}

// quote quotes a name that came from elsewhere, cut to 64 bytes.
func quote(s string) string {
	const most = 64
	if len(s) > most {
		return strconv.QuoteToASCII(s[:most]) + "…"
	}
	return strconv.QuoteToASCII(s)
}
