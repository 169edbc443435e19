package commmgr

// A Gap is a time in which the connection to the kernel was lost. Messages that the
// kernel sent then, or shortly before, may be lost; those of this side were kept.
type Gap struct {
	// When the loss was noticed and when the connection was back, on the host's clock: on
	// a page since it was opened.
	Since, Until Duration
}

// deliverGap is host.Driver's DeliverGap.
func (m *Manager) deliverGap(g Gap) {
	m.mu.Lock()
	all := make([]*Comm, 0, len(m.comms))
	for _, c := range m.comms {
		all = append(all, c)
	}
	m.mu.Unlock()
	for _, c := range all {
		c.tellWatchers(false)
		c.handle(item{kind: itemGap, note: &note{gap: g}})
	}
}

// OnGap sets the handler for gaps in what the kernel has sent: it may ask the kernel
// for its state anew. It is called in order with the messages, between those from
// before and from after the gap, and like them it waits for OnMsg to be called. The
// comm lives on. A comm without it is not told.
func (c *Comm) OnGap(h func(Gap) error) {
	c.m.mu.Lock()
	c.onGap = h
	c.m.mu.Unlock()
}
