package commmgr

// An Interceptor sees a comm's messages before the handlers do, for what is layered
// on comms and has messages of its own: see Call in package gocomm/commmgr/typed.
type Interceptor interface {
	// Judge says what becomes of a comm_msg. It is called in the order of arrival,
	// within Deliver, so that it never waits; a message that came before the
	// Interceptor was set is shown when its turn comes.
	Judge(*Message) Verdict
	// Serve handles a message that was judged so, in turn with the others.
	Serve(*Message) error
	// Closing is called by [Comm.Close] while the comm can still send. It never waits.
	Closing()
}

// A Verdict is what becomes of a message that an [Interceptor] was shown.
type Verdict uint8

const (
	unseen Verdict = iota
	// Pass: it is for OnMsg's handler.
	Pass
	// Serve: it is for the Interceptor's, which also gets it while those for
	// OnMsg's wait for that to be called.
	Serve
	// Taken: the Interceptor is done with it, or has retained it.
	Taken
)

// Intercept sets the comm's [Interceptor], made by create, unless it has one, and gives
// the one that it has.
func (c *Comm) Intercept(create func() Interceptor) Interceptor {
	if i := c.Interceptor(); i != nil {
		return i
	}
	made := create()
	c.m.mu.lock()
	if c.inter == nil {
		c.inter = made
	}
	i := c.inter
	c.activate()
	c.m.mu.unlock()
	c.m.pump()
	return i
}

// Interceptor gives the comm's, or nil.
func (c *Comm) Interceptor() Interceptor {
	c.m.mu.lock()
	defer c.m.mu.unlock()
	return c.inter
}

// judge asks for a verdict. An Interceptor that fails has taken the message.
func (c *Comm) judge(it *item, i Interceptor) {
	it.verdict = Taken
	c.contain(CommMsg, func() error {
		it.verdict = i.Judge(it.msg)
		return nil
	})
}

// sort does what is to be done with an item before it is handled, where there is an
// Interceptor: it has a message judged that is unseen, and sets aside what waits for
// OnMsg while others need not. It tells whether that was all.
func (c *Comm) sort(it *item, i Interceptor) (done bool) {
	if i == nil {
		return false
	}
	if it.kind == itemMsg && it.verdict == unseen {
		if c.judge(it, i); it.verdict == Taken {
			it.msg.Release()
			return true
		}
	}
	c.m.mu.lock()
	defer c.m.mu.unlock()
	if c.msgSet || c.err != nil || c.inline {
		return false
	}
	switch it.kind {
	case itemMsg:
		done = it.verdict == Pass
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
