package commmgr

// A watcher is what [Comm.Watch] has set. tell starts goroutines: programs without watchers do not
// link what that takes.
type watcher struct {
	tell func(end bool)
	next *watcher
}

// Watch calls ended when the comm ends, whatever the reason, and gap at each gap in the
// connection. Each is called at once, on a goroutine of its own: neither waits for the
// messages that the comm's handlers have not handled yet, as OnClose and OnGap do. They
// are called in addition to those of earlier calls. Either may be nil.
func (c *Comm) Watch(ended, gap func() error) {
	w := &watcher{tell: func(end bool) {
		if end && ended != nil {
			c.Go("end", ended)
		} else if !end && gap != nil {
			c.Go("gap", gap)
		}
	}}
	c.m.mu.enter()
	late := c.err != nil
	w.next = c.watchers
	c.watchers = w
	c.m.mu.unlock()
	if late {
		w.tell(true)
	}
}

// tellWatchers tells all watchers of a gap, or of the end.
func (c *Comm) tellWatchers(end bool) {
	c.m.mu.enter()
	w := c.watchers
	c.m.mu.unlock()
	for ; w != nil; w = w.next {
		w.tell(end)
	}
}
