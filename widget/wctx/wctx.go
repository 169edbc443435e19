// Package wctx makes a context.Context of a model or a view. It is a package of its own because
// package context adds 82 KB, compressed, to a program on a page.
package wctx

import (
	"context"
	"time"

	"gocomm/widget"
)

// Of gives a context that is canceled when c ends: a model, or a view. It needs no
// goroutine. Its error is both context.Canceled and c.Err() for errors.Is.
func Of(c widget.Context) context.Context { return lifetime{c} }

type lifetime struct{ widget.Context }

func (lifetime) Deadline() (time.Time, bool) { return time.Time{}, false }
func (lifetime) Value(any) any               { return nil }

func (l lifetime) Err() error {
	if why := l.Context.Err(); why != nil {
		return ended{why}
	}
	return nil
}

type ended struct{ why error }

func (e ended) Error() string   { return e.why.Error() }
func (e ended) Unwrap() []error { return []error{context.Canceled, e.why} }
