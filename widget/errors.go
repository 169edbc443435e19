package widget

import (
	"errors"

	"gocomm/internal/codec"
	"gocomm/internal/panics"
	"gocomm/widget/host"
)

// Errors that say why something was refused; test for them with errors.Is.
var (
	// ErrEnded: the model has ended: with its widget, with its kernel, or by Close. The reason is
	// in the chain.
	ErrEnded = errors.New("widget: the model has ended")
	// ErrState: the widget's state and the Go struct do not fit.
	ErrState = errors.New("widget: the state does not fit")
	// ErrHandler: a handler returned an error, panicked or called runtime.Goexit.
	ErrHandler = errors.New("widget: a handler failed")
	// ErrRefused: the kernel has not made a widget that this side has: ipywidgets is not imported there, or
	// has no such model, or a trait has a value that it does not take. The kernel's log says which, and so does
	// the [RefusedError] of a widget that gocomm's Python package makes.
	ErrRefused = errors.New("widget: the kernel has refused the widget: is ipywidgets imported there? Its log has the reason")
	// ErrMessage: a message is not one of Jupyter widgets 2.1, or its content does not fit.
	ErrMessage = errors.New("widget: malformed message")
)

const prefix = "widget: "

// A failure is an error with the operation that failed.
type failure struct {
	op   string
	kind error // one of the above, or nil
	err  error
}

func (f *failure) Error() string {
	s := prefix + f.op
	if f.kind != nil {
		s += ": " + bare(f.kind)
	}
	return s + ": " + bare(f.err)
}

func (f *failure) Unwrap() []error {
	if f.kind == nil {
		return []error{f.err}
	}
	return []error{f.kind, f.err}
}

// Misfit tells a host that the error is about a value of the state or of a message: the next one may
// fit. errors.Is would take a program more code.
func (f *failure) Misfit() bool {
	inner, ok := f.err.(*failure)
	return f.kind == ErrState || f.kind == ErrMessage || ok && inner.Misfit()
}

// bare gives an error's text without the prefix, which stands there once.
func bare(err error) string {
	s := panics.Text(err)
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		s = s[len(prefix):]
	}
	return s
}

// A RefusedError is [ErrRefused] with what is known of why.
type RefusedError struct {
	Target string // the comm target that was to make the widget: that of host.Ipywidgets where it is ""
	Reason string // the kernel's, or ""
}

func (e *RefusedError) Error() string {
	const what = prefix + "the kernel has refused the widget: "
	switch {
	case e.Reason != "":
		return what + e.Reason
	case e.Target == host.Gocomm:
		return what + "gocomm's Python package makes it, which is not imported there: run import gocomm in the notebook first"
	}
	return ErrRefused.Error()
}

// Unwrap gives [ErrRefused].
func (e *RefusedError) Unwrap() error { return ErrRefused }

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

var errGoexit = errors.New("widget: runtime.Goexit was called")

// misfit says which field of the struct an error is about.
func (c *core) misfit(op string, err error) error {
	if e, ok := err.(*codec.FieldError); ok {
		err = e.Under(c.name)
	}
	return &failure{op, ErrState, err}
}
