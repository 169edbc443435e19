package typed

import (
	"context"
	"errors"
	"strings"

	"gocomm/commmgr"
)

// Codes of errors that calls fail with. A handler may use others: see [CallError].
const (
	CodeFailed        = "failed"              // the handler returned an error, or panicked
	CodeUnknownMethod = "unknown_method"      // nobody handles it
	CodeBadParams     = "bad_params"          // the parameters are not of the handler's type
	CodeBadResult     = "bad_result"          // the handler's result cannot be sent
	CodeCanceled      = "canceled"            // the handler gave up, since it was told to
	CodeDeadline      = "deadline"            // … since the caller's time was up
	CodeBusy          = "busy"                // too many calls are being handled
	CodeVersion       = "unsupported_version" // the other side does not know this kind of call
)

// A CallError is the other side's error: what its handler failed with. A handler
// that returns one, also wrapped, decides the code that its caller gets.
//
// For errors.Is it is a CallError with the same code and no message; one with
// [CodeDeadline] is context.DeadlineExceeded too, and one with [CodeCanceled]
// context.Canceled.
type CallError struct {
	Code    string
	Message string
}

func (e *CallError) Error() string {
	switch {
	case e.Message == "":
		return e.Code
	case e.Code == "" || e.Code == CodeFailed:
		return e.Message
	}
	return e.Message + " (" + e.Code + ")"
}

// Is is for errors.Is.
func (e *CallError) Is(target error) bool {
	if t, ok := target.(*CallError); ok {
		return t.Code == e.Code && (t.Message == "" || t.Message == e.Message)
	}
	return e.Code == CodeDeadline && target == context.DeadlineExceeded ||
		e.Code == CodeCanceled && target == context.Canceled
}

// ErrCallCanceled is the cause of a handler's context when its caller has given up.
var ErrCallCanceled = errors.New("typed: the caller has canceled the call")

// callErrorOf is what the caller is told of a handler's error.
func callErrorOf(err error) *CallError {
	if e, ok := errors.AsType[*CallError](err); ok && e != nil {
		code := e.Code
		if code == "" {
			code = CodeFailed
		}
		message := e.Message
		if error(e) != err {
			message = err.Error() // what it is wrapped in says more
		}
		return &CallError{Code: code, Message: message}
	}
	code := CodeFailed
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		code = CodeDeadline
	case errors.Is(err, context.Canceled):
		code = CodeCanceled
	}
	return &CallError{Code: code, Message: err.Error()}
}

// both is an error that is two for errors.Is, with the text of the second.
type both struct{ kind, why error }

func (e both) Error() string   { return e.why.Error() }
func (e both) Unwrap() []error { return []error{e.kind, e.why} }

// closedError is why a comm ended.
type closedError struct{ why error }

func (e closedError) Error() string {
	return commmgr.ErrCommClosed.Error() + ": " + strings.TrimPrefix(e.why.Error(), "commmgr: ")
}
func (e closedError) Unwrap() []error { return []error{commmgr.ErrCommClosed, e.why} }
