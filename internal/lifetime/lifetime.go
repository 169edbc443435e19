// Package lifetime makes a context.Context of what has an end, such as a comm or a widget's model. It
// is a package of its own because package context adds 82 KB, compressed, to a program on a page.
package lifetime

import (
	"context"
	"time"
)

// An Ender closes a channel when it ends, and then says why.
type Ender interface {
	Done() <-chan struct{}
	Err() error
}

// Of gives a context that is canceled when e ends. It needs no goroutine. Its error is both
// context.Canceled and e.Err() for errors.Is.
func Of(e Ender) context.Context { return lifetime{e} }

type lifetime struct{ Ender }

func (lifetime) Deadline() (time.Time, bool) { return time.Time{}, false }
func (lifetime) Value(any) any               { return nil }

func (l lifetime) Err() error {
	if why := l.Ender.Err(); why != nil {
		return ended{why}
	}
	return nil
}

type ended struct{ why error }

func (e ended) Error() string   { return e.why.Error() }
func (e ended) Unwrap() []error { return []error{context.Canceled, e.why} }
