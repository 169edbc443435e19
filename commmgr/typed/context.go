package typed

import (
	"context"

	"gocomm/commmgr"
	"gocomm/internal/lifetime"
)

// Context gives a context that is canceled when c ends. It needs no goroutine.
// Its error is both context.Canceled and c.Err() for errors.Is.
func Context(c *commmgr.Comm) context.Context { return lifetime.Of(c) }
