// Package layer is for what is layered on comms within this module, such as calls
// (gocomm/commmgr/typed) and widgets: it sees a comm's messages before the handlers do,
// runs functions on a comm's behalf, and reads messages by a plan.
package layer

import (
	"gocomm/commmgr"
	"gocomm/internal/seam"
)

// An Interceptor sees a comm's messages before the handlers do, for what is layered
// on comms and has messages of its own.
type Interceptor interface {
	// Judge says what becomes of a comm_msg. It is called in the order of arrival,
	// within Deliver, so that it never waits; a message that came before the
	// Interceptor was set is shown when its turn comes.
	Judge(*commmgr.Message) Verdict
	// Serve handles a message that was judged so, in turn with the others.
	Serve(*commmgr.Message) error
	// Closing is called by [commmgr.Comm.Close] while the comm can still send. It never waits.
	Closing()
}

// A Verdict is what becomes of a message that an [Interceptor] was shown.
type Verdict = seam.Verdict

// The verdicts: see package seam.
const (
	Pass  = seam.Pass
	Serve = seam.Serve
	Taken = seam.Taken
)

// A Plan says which values of a message's part are wanted.
type Plan = seam.Plan

// engine is what package commmgr has set.
var engine = seam.Engine.(interface {
	Go(c *commmgr.Comm, op string, f func() error)
	Handled(c *commmgr.Comm) <-chan struct{}
	Watch(c *commmgr.Comm, ended, gap func() error)
	Intercept(c *commmgr.Comm, create func() any) any
	Planned(msg *commmgr.Message, p commmgr.Part, plan *Plan, buf []byte) (data []byte, ok bool, err error)
})

// Go calls f on a goroutine of its own, on behalf of the comm: f may block, and
// neither the comm's handlers nor its end wait for it. On a page it gets its turn as
// handlers do. What becomes of it is reported as a handler's failure would be, op
// naming the operation.
func Go(c *commmgr.Comm, op string, f func() error) { engine.Go(c, op, f) }

// Handled gives a channel that is closed when all that waits for the comm's handlers
// now has been handled, or dropped with the comm's end. What waits for OnMsg, or for
// the target to be registered, makes it wait too.
func Handled(c *commmgr.Comm) <-chan struct{} { return engine.Handled(c) }

// Watch calls ended when the comm ends, whatever the reason, and gap at each gap in the
// connection. Each is called at once, on a goroutine of its own: neither waits for the
// messages that the comm's handlers have not handled yet, as OnClose and OnGap do. They
// are called in addition to those of earlier calls. Either may be nil.
func Watch(c *commmgr.Comm, ended, gap func() error) { engine.Watch(c, ended, gap) }

// Intercept sets the comm's [Interceptor], made by create, unless it has one, and gives
// the one that it has.
func Intercept(c *commmgr.Comm, create func() Interceptor) Interceptor {
	return engine.Intercept(c, func() any { return create() }).(Interceptor)
}

// Planned reads a part of a message by a plan. ok is false when the body has no parsed
// message: then [commmgr.Message.JSON] has the part's text. The error is
// [commmgr.ErrReleased] after the message's handler has returned.
func Planned(msg *commmgr.Message, p commmgr.Part, plan *Plan, buf []byte) (data []byte, ok bool, err error) {
	return engine.Planned(msg, p, plan, buf)
}
