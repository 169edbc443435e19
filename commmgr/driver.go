package commmgr

import "gocomm/internal/seam"

// A driver is a Manager as its host drives it: host.Driver documents the methods.
type driver Manager

func (d *driver) m() *Manager { return (*Manager)(d) }

func (d *driver) Deliver(msg *Message)               { d.m().deliver(msg) }
func (d *driver) DeliverMsg(c *Comm, msg *Message)   { c.deliverMsg(msg) }
func (d *driver) DeliverClose(c *Comm, msg *Message) { c.deliverClose(msg) }
func (d *driver) DeliverGap(g Gap)                   { d.m().deliverGap(g) }
func (d *driver) EndComms(reason error)              { d.m().endComms(reason) }
func (d *driver) Yield(target string) []*Message     { return d.m().yield(target) }
func (d *driver) Detach()                            { d.m().detach() }
func (d *driver) SetIndex(c *Comm, i int)            { c.index = i }
func (d *driver) Index(c *Comm) int                  { return c.index }

func (d *driver) Held(c *Comm) bool {
	c.m.mu.lock()
	defer c.m.mu.unlock()
	return c.isHeld
}

// An engine has what package gocomm/internal/layer gives to the module's own packages,
// and documents.
type engine struct{}

func (engine) Go(c *Comm, op string, f func() error)    { c.goDo(op, f) }
func (engine) Handled(c *Comm) <-chan struct{}          { return c.handled() }
func (engine) Intercept(c *Comm, create func() any) any { return c.intercept(create) }
func (engine) Planned(msg *Message, p Part, plan *seam.Plan, buf []byte) ([]byte, bool, error) {
	return msg.planned(p, plan, buf)
}
