package commmgr

import "gocomm/internal/seam"

// An interceptor is a layer.Interceptor: it sees a comm's messages before the handlers do.
type interceptor interface {
	Judge(*Message) seam.Verdict
	Serve(*Message) error
	Closing()
}

// intercept sets the comm's interceptor, made by create, unless it has one, and gives
// the one that it has.
func (c *Comm) intercept(create func() any) any {
	c.m.mu.Lock()
	i, outer := c.inter, c.outer
	c.m.mu.Unlock()
	if outer != nil {
		return outer.inner(create)
	}
	if i != nil {
		return i
	}
	made := create().(interceptor)
	c.m.mu.Lock()
	if c.inter == nil {
		c.inter = made
	}
	i = c.inter
	c.activate()
	c.m.mu.Unlock()
	c.m.scheduler.pump()
	return i
}

// An outer is what enclose.Set has set.
type outer struct {
	send  func(*Payload) (msgID string, err error)
	inner func(create func() any) any
}

// enclose is enclose.Set.
func (c *Comm) enclose(made any, outer *outer) bool {
	c.m.mu.Lock()
	first := c.inter == nil
	if first {
		c.inter, c.outer = made.(interceptor), outer
		c.activate()
	}
	c.m.mu.Unlock()
	c.m.scheduler.pump()
	return first
}

// enclosing is enclose.Of.
func (c *Comm) enclosing() any {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	if c.outer == nil {
		return nil
	}
	return c.inter
}

// interceptor gives the comm's, or nil.
func (c *Comm) interceptor() interceptor {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	return c.inter
}

// judge asks for a verdict. An interceptor that fails has taken the message.
func (c *Comm) judge(it *item, i interceptor) {
	it.verdict = seam.Taken
	c.contain(CommMsg, func() error {
		it.verdict = i.Judge(it.msg)
		return nil
	})
}

// sort does what is to be done with an item before it is handled, where there is an
// interceptor: it has a message judged that is unseen, and sets aside what waits for
// OnMsg while others need not. It tells whether that was all.
func (c *Comm) sort(it *item, i interceptor) (done bool) {
	if i == nil {
		return false
	}
	if it.kind == itemMsg && it.verdict == seam.Unseen {
		if c.judge(it, i); it.verdict == seam.Taken {
			it.msg.Release()
			return true
		}
	}
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	if c.msgSet || c.err != nil || c.inline {
		return false
	}
	switch it.kind {
	case itemMsg:
		done = it.verdict == seam.Pass
	case itemGap, itemOverflow:
		done = true
	case itemMark:
		done = c.parked.n > 0
	}
	if done {
		c.parked.push(*it)
	}
	return done
}
