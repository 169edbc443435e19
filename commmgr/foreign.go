package commmgr

// A foreign comm is one whose handlers are not Go: on a page, JavaScript has them.
// The manager decides about its messages, and whoever has the handlers calls them.

// AcceptOpen decides about a comm_open to a target that is registered elsewhere. It
// gives nil when the comm is refused, which is counted and reported as by Deliver.
// own is as in [Message.Own].
func (m *Manager) AcceptOpen(id, target string, own bool) *Comm {
	c := &Comm{m: m, id: id, target: target, own: own, foreign: true}
	return m.accept(c, &Message{MsgType: CommOpen, CommID: id, TargetName: target})
}

// RegisterForeign takes up a comm that is open already, or is about to be opened by
// the caller: nothing is sent. It mirrors CommManager.register_comm. The error is
// [ErrBadName], [ErrDuplicateID] or [ErrDetached].
func (m *Manager) RegisterForeign(id, target string) (*Comm, error) {
	return m.registerComm(&Comm{m: m, id: id, target: target, own: true, foreign: true})
}

// Admit decides about a comm_msg for a foreign comm: whether its handler is to be
// called. One that has ended is counted and reported as by Deliver.
func (c *Comm) Admit() bool {
	m := c.m
	m.mu.enter()
	m.reports.counts[countMessages]++
	live := c.err == nil
	m.mu.unlock()
	if !live {
		m.refuse(&Message{MsgType: CommMsg, CommID: c.id}, countUnknown, ErrUnknownComm)
	}
	return live
}

// Refuse ends a comm whose open handler has failed, and tells the kernel why, if the
// comm is this client's to close. The failure is reported.
func (c *Comm) Refuse(cause error) {
	c.failed(item{kind: itemOpen}, cause)
}

// Foreign tells whether the comm's handlers are elsewhere.
func (c *Comm) Foreign() bool { return c.foreign }
