package typed

import (
	"context"
	"time"

	"gocomm/commmgr"
)

// Context gives a context that is canceled when c ends. It needs no goroutine.
// Its error is both context.Canceled and c.Err() for errors.Is.
func Context(c *commmgr.Comm) context.Context { return commContext{c} }

type commContext struct{ c *commmgr.Comm }

func (x commContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (x commContext) Done() <-chan struct{}       { return x.c.Done() }
func (x commContext) Value(any) any               { return nil }

func (x commContext) Err() error {
	if why := x.c.Err(); why != nil {
		return ended{why}
	}
	return nil
}

type ended struct{ why error }

func (e ended) Error() string   { return e.why.Error() }
func (e ended) Unwrap() []error { return []error{context.Canceled, e.why} }
