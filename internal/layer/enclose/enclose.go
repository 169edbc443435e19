// Package enclose is for what encloses all that goes over a comm, such as gocomm/commmgr/reliable:
// it sees what the comm sends, and what arrives before the layers of package layer do. It is a
// package of its own so that other programs do not link what it needs.
package enclose

import (
	"gocomm/commmgr"
	"gocomm/internal/layer"
	"gocomm/internal/seam"
)

// engine is what package commmgr has set.
var engine = seam.Engine.(interface {
	Enclose(c *commmgr.Comm, i any, send func(*commmgr.Payload) (string, error), inner func(func() any) any) bool
	Enclosing(c *commmgr.Comm) any
	Push(c *commmgr.Comm, msg *commmgr.Message, v layer.Verdict)
	Transmit(c *commmgr.Comm, p *commmgr.Payload) (string, error)
	After(c *commmgr.Comm, d commmgr.Duration, f func()) (stop func())
})

// Set sets the comm's [layer.Interceptor], and has it see what the comm sends: send is called for each
// [commmgr.Comm.Send], and calls [Transmit]. What [layer.Intercept] sets afterwards is given to inner
// instead, as Intercept's create. Set tells false, and does nothing, where the comm has an
// Interceptor.
func Set(c *commmgr.Comm, i layer.Interceptor, send func(*commmgr.Payload) (msgID string, err error), inner func(create func() any) any) bool {
	return engine.Enclose(c, i, send, inner)
}

// Of gives the Interceptor that Set has set, or nil.
func Of(c *commmgr.Comm) any { return engine.Enclosing(c) }

// Push has a message handled that a [layer.Interceptor] has retained, as if it had been judged so now.
// It takes the retained message over.
func Push(c *commmgr.Comm, msg *commmgr.Message, v layer.Verdict) { engine.Push(c, msg, v) }

// Transmit is [commmgr.Comm.Send] past what [Set] has set. It sends also on a comm that has ended.
func Transmit(c *commmgr.Comm, p *commmgr.Payload) (msgID string, err error) {
	return engine.Transmit(c, p)
}

// After calls f once, after d on the host's clock, unless stop is called before. f does not wait.
func After(c *commmgr.Comm, d commmgr.Duration, f func()) (stop func()) {
	return engine.After(c, d, f)
}
