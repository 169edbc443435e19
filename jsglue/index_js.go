package jsglue

import "gocomm/commmgr"

// An index gives comms small numbers, by which JavaScript names them.
type index struct {
	comms []*commmgr.Comm
	free  []int
}

// bind is [commmgr.Options.Bound].
func (x *index) bind(c *commmgr.Comm) {
	if n := len(x.free); n > 0 {
		c.Index = x.free[n-1]
		x.free = x.free[:n-1]
		x.comms[c.Index] = c
	} else {
		c.Index = len(x.comms)
		x.comms = append(x.comms, c)
	}
	own := int32(0)
	if c.Own() {
		own = 1
	}
	bound(int32(c.Index), own, c.ID())
}

// unbind is [commmgr.Options.Unbound].
func (x *index) unbind(c *commmgr.Comm) {
	x.comms[c.Index] = nil
	x.free = append(x.free, c.Index)
	unbound(int32(c.Index), c.Err().Error())
	program.events.forget(c)
}

func (x *index) comm(i int32) *commmgr.Comm {
	if i < 0 || int(i) >= len(x.comms) {
		return nil
	}
	return x.comms[i]
}
