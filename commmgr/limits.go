package commmgr

// Limits bound what a comm may take up. They are a target's, for its comms, or one
// comm's ([Comm.SetLimits]). Comms whose handlers run within Deliver have no queue.
type Limits struct {
	// Messages and Bytes are how much may wait for the handlers; 0 stands for the
	// manager's: 65,536 messages and 64 MiB, unless its host says otherwise. A message that is larger than Bytes
	// passes when nothing else waits.
	Messages int
	Bytes    int
	// Overflow says what becomes of the comm when there is more.
	Overflow Overflow
}

// An Overflow says what happens when more messages come than a comm's queue holds.
// The host is told in each case: on a page the console shows it.
type Overflow uint8

const (
	// OverflowCloses ends the comm with [ErrOverflow] after what waits already: the
	// kernel gets a comm_close with the reason, and OnClose is called. It is the
	// default, since comms carry state.
	OverflowCloses Overflow = iota
	// OverflowTells drops what does not fit, and the comm lives on. The kernel gets a
	// comm_msg for the first of a row, with the data {"overflow": {"reason": text}},
	// and OnOverflow is called where the messages are missing.
	OverflowTells
)

// QueueStats counts what has happened in a comm's queue.
type QueueStats struct {
	Messages    int // messages that wait now
	Bytes       int // their size: see [Message].Size
	MaxMessages int // the most messages that have waited at a time
	MaxBytes    int // the most bytes
	Dropped     int // messages that did not fit
	Merged      int // messages that a newer one has replaced: see [Comm.Merge]
}

// SetLimits sets the comm's limits, in the place of its target's. What waits already
// stays.
func (c *Comm) SetLimits(l Limits) {
	c.m.mu.Lock()
	c.limits = l
	c.m.mu.Unlock()
}

// Queue gives the counts of the comm's queue so far.
func (c *Comm) Queue() QueueStats {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	n, bytes := c.waiting()
	return QueueStats{
		Messages: n, Bytes: bytes, MaxMessages: c.mostN, MaxBytes: c.mostBytes,
		Dropped: c.dropped, Merged: c.merged,
	}
}

// waiting gives what waits for the handlers. m.mu is held.
func (c *Comm) waiting() (messages, bytes int) {
	return c.queue.n - c.queue.dead + c.parked.n, c.queue.bytes + c.parked.bytes
}

// full tells whether an item does not fit into the queue. m.mu is held.
func (c *Comm) full(it *item) bool {
	m := c.m
	n, waiting := c.waiting()
	switch {
	case it.kind == itemClose:
		return false
	case c.isHeld && (m.heldN >= defaultHeldMessages || m.heldBytes+it.size() > defaultHeldBytes):
		return true
	case n == 0:
		return false
	}
	messages, bytes := c.most()
	return n >= messages || waiting+it.size() > bytes
}

// crowded tells whether the queue is half full. One message alone is no crowd, however few
// fit. m.mu is held.
func (c *Comm) crowded() bool {
	n, waiting := c.waiting()
	messages, bytes := c.most()
	return n > 1 && n >= messages/2 || waiting >= bytes/2
}

// most gives how much the queue takes. m.mu is held.
func (c *Comm) most() (messages, bytes int) {
	messages, bytes = c.limits.Messages, c.limits.Bytes
	if c.opening && c.merge != nil { // they are merged after that
		messages, bytes = 0, 0
	}
	if messages == 0 {
		messages = c.m.o.QueueLen
	}
	if bytes == 0 {
		bytes = c.m.o.QueueBytes
	}
	return messages, bytes
}
