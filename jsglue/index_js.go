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

// bind is [host.Options].Bound.
func (x *index) bind(c *commmgr.Comm) {
	x.mu.Lock()
	i := len(x.comms)
	if n := len(x.free); n > 0 {
		i = x.free[n-1]
		x.free = x.free[:n-1]
		x.comms[i] = c
	} else {
		x.comms = append(x.comms, c)
	}
	x.mu.Unlock()
	program.d.SetIndex(c, i)
	own := int32(0)
	if c.OpenedHere() {
		own = 1
	}
	bound(int32(i), own, c.ID(), c.TargetName())
}

// unbind is [host.Options].Unbound.
func (x *index) unbind(c *commmgr.Comm) {
	i := program.d.Index(c)
	unbound(int32(i), c.Err().Error())
	x.mu.Lock()
	x.comms[i] = nil
	x.free = append(x.free, i)
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
