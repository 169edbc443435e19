package commmgr

import "gocomm/internal/seam"

// What package host and the module's own packages have of this one: see package seam.
func init() {
	seam.New = newManager
	seam.Deliver = func(m, msg seam.Ptr) { (*Manager)(m).deliver((*Message)(msg)) }
	seam.DeliverMsg = func(c, msg seam.Ptr) { (*Comm)(c).deliverMsg((*Message)(msg)) }
	seam.DeliverClose = func(c, msg seam.Ptr) { (*Comm)(c).deliverClose((*Message)(msg)) }
	seam.DeliverGap = func(m seam.Ptr, since, until int64) { (*Manager)(m).deliverGap(Gap{Duration(since), Duration(until)}) }
	seam.Adopt = func(m seam.Ptr, id, target string, own bool, since, until int64) bool {
		return (*Manager)(m).deliverAdopt(id, target, own, Gap{Duration(since), Duration(until)})
	}
	seam.EndComms = func(m seam.Ptr, reason error) { (*Manager)(m).endComms(reason) }
	seam.Detach = func(m seam.Ptr) { (*Manager)(m).detach() }
	seam.Held = func(c seam.Ptr) bool { return (*Comm)(c).held() }
	seam.Index = func(c seam.Ptr) *int { return &(*Comm)(c).index }
	seam.Engine = engine{}
}

func newManager(o *seam.Options) seam.Ptr {
	m := &Manager{
		o:        o,
		targets:  map[string]*Target{},
		comms:    map[string]*Comm{},
		watchdog: DefaultWatchdog,
	}
	m.frames, m.rested = o.NextFrame, make(chan job, 1)
	m.transport, _ = o.Transport.(transport) // package host sees to it that it is one
	m.clock, _ = o.Clock.(clock)
	m.page, _ = o.Scheduler.(pageScheduler)
	if o.Watchdog != 0 {
		m.watchdog = max(Duration(o.Watchdog), 0)
	}
	return seam.Ptr(m)
}

// An engine has what package gocomm/internal/layer gives to the module's own packages,
// and documents.
type engine struct{}

func (engine) Go(c *Comm, op string, f func() error)    { c.goDo(op, f) }
func (engine) Handled(c *Comm) <-chan struct{}          { return c.handled() }
func (engine) Watch(c *Comm, ended, gap func() error)   { c.watch(ended, gap) }
func (engine) Intercept(c *Comm, create func() any) any { return c.intercept(create) }
func (engine) Enclose(c *Comm, i any, send func(*Payload) (string, error), inner func(func() any) any) bool {
	return c.enclose(i, &outer{send, inner})
}
func (engine) Enclosing(c *Comm) any                             { return c.enclosing() }
func (engine) Push(c *Comm, msg *Message, v seam.Verdict)        { c.push(msg, v) }
func (engine) Transmit(c *Comm, p *Payload) (string, error)      { return c.transmit("send", CommMsg, p) }
func (engine) After(c *Comm, d Duration, f func()) (stop func()) { return c.m.clock.AfterFunc(d, f) }
func (engine) Planned(msg *Message, p Part, plan *seam.Plan, buf []byte) ([]byte, bool, error) {
	return msg.planned(p, plan, buf)
}
