package commmgr

// A watcher is what [Comm.Watch] has set.
type watcher struct {
	ended, gap func() error
	next       *watcher
}

// Watch calls ended when the comm ends, whatever the reason, and gap at each gap in the
// connection. Each is called at once, on a goroutine of its own: neither waits for the
// messages that the comm's handlers have not handled yet, as OnClose and OnGap do. They
// are called in addition to those of earlier calls. Either may be nil.
func (c *Comm) Watch(ended, gap func() error) {
	w := &watcher{ended: ended, gap: gap}
	c.m.mu.enter()
	late := c.err != nil
	w.next = c.watchers
	c.watchers = w
	c.m.mu.unlock()
	if late && ended != nil {
		c.Go("end", ended)
	}
}

// tellWatchers calls ended, or gap, of all watchers.
func (c *Comm) tellWatchers(end bool) {
	c.m.mu.enter()
	w := c.watchers
	c.m.mu.unlock()
	for ; w != nil; w = w.next {
		if end && w.ended != nil {
			c.Go("end", w.ended)
		} else if !end && w.gap != nil {
			c.Go("gap", w.gap)
		}
	}
}
