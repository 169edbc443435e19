package commmgr

// A note is what a comm's handlers are told in the messages' order.
type note struct {
	gap     Gap
	dropped int // messages, at an overflow
}

// OnOverflow sets the handler that is told, in its place among the messages, how many
// of them have been dropped there, where the comm's limits say [OverflowTells]. Like
// the messages it waits for OnMsg to be called.
func (c *Comm) OnOverflow(h func(dropped int) error) {
	c.m.mu.Lock()
	c.onOverflow = h
	c.m.mu.Unlock()
}

// overflow is for an item that did not fit; hint says why.
func (c *Comm) overflow(it item, hint string) {
	op := it.op()
	if it.msg != nil {
		it.msg.Release()
	}
	first, again := c.dropLast()
	if again {
		c.m.count(countDropped)
		return
	}
	err := &OpError{Op: op, CommID: c.id, TargetName: c.target, Err: ErrOverflow}
	if first {
		c.m.count(countDropped)
		err.Hint = hint + "; what does not fit is dropped"
		c.m.report(countOverflow, c.id, err)
		if c.own {
			if _, failed := c.transmit("overflow", CommMsg, &Payload{Data: overflowData(err)}); failed != nil {
				c.m.o.OnError(failed)
			}
		}
		return
	}
	// A message dropped from the middle would leave the two sides with different states.
	// So the comm is closed.
	held := c.unhold(nil)
	err.Hint = hint
	c.m.report(countOverflow, c.id, err)
	live := c.refuse(err)
	if held {
		c.drop()
	} else if live {
		c.handle(item{kind: itemClose})
	}
}

// dropLast notes, for a comm that lives on, that a message was dropped behind all that
// waits: as the first there, or one more.
func (c *Comm) dropLast() (first, again bool) {
	m := c.m
	m.mu.Lock()
	defer m.mu.Unlock()
	c.dropped++
	if c.limits.Overflow != OverflowTells || c.isHeld || c.err != nil {
		return false, false
	}
	if last := c.queue.last(); last != nil && last.kind == itemOverflow {
		last.note.dropped++
		return false, true
	}
	c.queue.push(item{kind: itemOverflow, note: &note{dropped: 1}})
	c.activate()
	return true, false
}

// overflowHint says why the queue is full. m.mu is held.
func (c *Comm) overflowHint() string {
	switch {
	case c.isHeld:
		return "its target was not registered yet"
	case c.opening:
		return "its open handler has not returned yet"
	case !c.msgSet:
		return "OnMsg was never called; OnMsg(nil) discards messages"
	}
	return "its handler is too slow for them, or blocked"
}

func overflowData(err error) []byte {
	return append(append([]byte(`{"overflow":`), reasonData(err)...), '}')
}
