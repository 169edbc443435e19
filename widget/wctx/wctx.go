// Package wctx makes a context.Context of a model or a view. It is a package of its own because
// package context adds 82 KB, compressed, to a program on a page.
package wctx

import (
	"context"

	"gocomm/internal/lifetime"
	"gocomm/widget"
)

// Of gives a context that is canceled when c ends: a model, or a view. It needs no
// goroutine. Its error is both context.Canceled and c.Err() for errors.Is.
func Of(c widget.Context) context.Context { return lifetime.Of(c) }
