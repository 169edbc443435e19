package commmgr

// A job is what runReady gives a goroutine: a comm with work, or a function.
type job struct {
	c *Comm
	f func()
}

func (j job) run() {
	if j.c != nil {
		j.c.run()
		return
	}
	j.f()
}

// Go calls f on a goroutine of its own, on behalf of the comm: f may block, and
// neither the comm's handlers nor its end wait for it. On a page it gets its turn as
// handlers do. What becomes of it is reported as a handler's failure would be, op
// naming the operation.
func (c *Comm) Go(op string, f func() error) {
	m := c.m
	m.mu.lock()
	m.ready = append(m.ready, job{f: func() { c.oversee(op, f) }})
	m.mu.unlock()
	m.pump()
}

// contain calls f, and reports whatever becomes of it.
func (c *Comm) contain(op string, f func() error) {
	returned := false
	defer func() {
		if v := recover(); v != nil {
			c.report(op, &PanicError{Value: v, Stack: stack()})
		} else if !returned {
			c.report(op, ErrGoexit)
		}
	}()
	err := f()
	returned = true
	if err != nil {
		c.report(op, err)
	}
}

// report counts and reports a handler's failure.
func (c *Comm) report(op string, cause error) {
	c.m.count(countFailed)
	c.m.o.OnError(&OpError{Op: op, CommID: c.id, TargetName: c.target, Err: &handlerError{cause}})
}

// Handled gives a channel that is closed when all that waits for the comm's handlers
// now has been handled, or dropped with the comm's end. What waits for OnMsg, or for
// the target to be registered, makes it wait too.
func (c *Comm) Handled() <-chan struct{} {
	mark := make(chan struct{})
	m := c.m
	m.mu.lock()
	if !c.active && c.queue.n+c.parked.n == 0 {
		m.mu.unlock()
		close(mark)
		return mark
	}
	c.queue.push(item{kind: itemMark, mark: mark})
	if c.isHeld {
		m.heldN++
	}
	c.activate()
	m.mu.unlock()
	m.pump()
	return mark
}
