package jsglue

import (
	"errors"

	"gocomm/commmgr"
)

// An index gives comms small numbers, by which JavaScript names them. A number is
// given anew only when nothing is to be called by it any more.
type index struct {
	entries []entry
	free    []int32
}

type entry struct {
	comm *commmgr.Comm // nil when it has ended
	inJS bool          // its handlers are JavaScript
}

func (x *index) add(c *commmgr.Comm) int32 {
	n := len(x.free)
	if n == 0 {
		x.entries = append(x.entries, entry{comm: c})
		return int32(len(x.entries) - 1)
	}
	i := x.free[n-1]
	x.free = x.free[:n-1]
	x.entries[i] = entry{comm: c}
	return i
}

func (x *index) release(i int32) { x.free = append(x.free, i) }

// bind is [commmgr.Options.Bound].
func (x *index) bind(c *commmgr.Comm) {
	i := x.add(c)
	c.Index = int(i)
	own := int32(0)
	if c.Own() {
		own = 1
	}
	bound(i, own, c.ID())
}

// unbind is [commmgr.Options.Unbound].
func (x *index) unbind(c *commmgr.Comm) {
	i := int32(c.Index)
	x.entries[i].comm = nil
	unbound(i, c.Err().Error())
	program.events.forget(c)
	if !x.entries[i].inJS || !closes(c.Err()) {
		x.release(i)
	}
}

// closes tells whether a JavaScript comm's close handler, which releases the
// comm's number, is called for this reason of its end.
func closes(reason error) bool {
	return errors.Is(reason, commmgr.ErrClosedByKernel) || errors.Is(reason, commmgr.ErrOverflow)
}

// foreign has c's handlers called in JavaScript by the number returned. A comm that
// was closed by the kernel before its target came gets another number.
func (x *index) foreign(c *commmgr.Comm) int32 {
	i := int32(c.Index)
	if err := c.Err(); err != nil {
		i = x.add(nil)
		late(i, c.ID(), err.Error())
	}
	x.entries[i].inJS = true
	return i
}

func (x *index) comm(i int32) *commmgr.Comm {
	if i < 0 || int(i) >= len(x.entries) {
		return nil
	}
	return x.entries[i].comm
}
