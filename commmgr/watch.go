package commmgr

// A watcher is what watch has set. tell starts goroutines: programs without watchers do not
// link what that takes.
type watcher struct {
	tell func(end bool)
	next *watcher
}

// watch is what package layer documents.
func (c *Comm) watch(ended, gap func() error) {
	w := &watcher{tell: func(end bool) {
		if end && ended != nil {
			c.goDo("end", ended)
		} else if !end && gap != nil {
			c.goDo("gap", gap)
		}
	}}
	c.m.mu.Lock()
	late := c.err != nil
	w.next = c.watchers
	c.watchers = w
	c.m.mu.Unlock()
	if late {
		w.tell(true)
	}
}

// tellWatchers tells all watchers of a gap, or of the end.
func (c *Comm) tellWatchers(end bool) {
	c.m.mu.Lock()
	w := c.watchers
	c.m.mu.Unlock()
	for ; w != nil; w = w.next {
		w.tell(end)
	}
}
