package typed

import (
	"context"

	"gocomm/commmgr"
	"gocomm/internal/layer"
)

// Drain waits until the messages that have arrived on a comm have been handled, or
// dropped with its end; calls among them have begun then. A handler of the same
// comm's messages that calls it waits for itself, until ctx ends; one of
// [Handle] may. While OnMsg was not called, messages wait for it, and Drain for them.
func Drain(ctx context.Context, c *commmgr.Comm) error {
	select {
	case <-layer.Handled(c):
		return nil
	case <-ctx.Done():
		return &commmgr.OpError{Op: "drain", CommID: c.ID(), TargetName: c.TargetName(), Err: interruption(ctx),
			Hint: "its handler is still at work, or was never set"}
	}
}
