package jsglue

import "gocomm/commmgr"

// An index gives comms small numbers, by which JavaScript names them.
type index struct {
	comms []*commmgr.Comm
	free  []int
}

// bind is [host.Options].Bound.
func (x *index) bind(c *commmgr.Comm) {
	i := len(x.comms)
	if n := len(x.free); n > 0 {
		i = x.free[n-1]
		x.free = x.free[:n-1]
		x.comms[i] = c
	} else {
		x.comms = append(x.comms, c)
	}
	program.d.SetIndex(c, i)
	own := int32(0)
	if c.OpenedHere() {
		own = 1
	}
	bound(int32(i), own, c.ID())
}

// unbind is [host.Options].Unbound.
func (x *index) unbind(c *commmgr.Comm) {
	i := program.d.Index(c)
	x.comms[i] = nil
	x.free = append(x.free, i)
	unbound(int32(i), c.Err().Error())
	program.events.forget(c)
}

func (x *index) comm(i int32) *commmgr.Comm {
	if i < 0 || int(i) >= len(x.comms) {
		return nil
	}
	return x.comms[i]
}
