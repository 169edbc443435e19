package jsglue

import (
	"gocomm/commmgr"
	"gocomm/internal/spin"
)

// An index gives comms small numbers, by which JavaScript names them.
type index struct {
	mu    spin.Mutex // guards the rest
	comms []*commmgr.Comm
	free  []int
}

// bind is [commmgr.Options.Bound].
func (x *index) bind(c *commmgr.Comm) {
	x.mu.Lock()
	if n := len(x.free); n > 0 {
		c.Index = x.free[n-1]
		x.free = x.free[:n-1]
		x.comms[c.Index] = c
	} else {
		c.Index = len(x.comms)
		x.comms = append(x.comms, c)
	}
	x.mu.Unlock()
	own := int32(0)
	if c.Own() {
		own = 1
	}
	bound(int32(c.Index), own, c.ID())
}

// unbind is [commmgr.Options.Unbound].
func (x *index) unbind(c *commmgr.Comm) {
	unbound(int32(c.Index), c.Err().Error())
	x.mu.Lock()
	x.comms[c.Index] = nil
	x.free = append(x.free, c.Index)
	x.mu.Unlock()
	program.events.forget(c.ID())
}

func (x *index) comm(i int32) (c *commmgr.Comm) {
	x.mu.Lock()
	if i >= 0 && int(i) < len(x.comms) {
		c = x.comms[i]
	}
	x.mu.Unlock()
	return c
}
