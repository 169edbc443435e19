package commmgr

// goDo is layer.Go.
func (c *Comm) goDo(op string, f func() error) {
	m := c.m
	m.mu.Lock()
	m.scheduler.add(job{f: func() { c.oversee(op, f) }})
	m.mu.Unlock()
	m.scheduler.pump()
}

// handled is layer.Handled.
func (c *Comm) handled() <-chan struct{} {
	mark := make(chan struct{})
	m := c.m
	m.mu.Lock()
	if !c.active && c.queue.n+c.parked.n == 0 {
		m.mu.Unlock()
		close(mark)
		return mark
	}
	c.queue.push(item{kind: itemMark, mark: mark})
	if c.isHeld {
		m.heldN++
	}
	c.activate()
	m.mu.Unlock()
	m.scheduler.pump()
	return mark
}
