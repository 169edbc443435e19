package commmgr

import "gocomm/internal/seam"

// A Manager routes the comms of one kernel. Its methods may be called on any
// goroutine, and from handlers.
type Manager struct {
	o         *seam.Options
	transport transport

	scheduler // its mutex also guards what follows
	targets   map[string]*Target
	comms     map[string]*Comm // by comm id: those held and those open
	held      heldList         // those held, in order of arrival
	heldN     int              // messages held
	heldBytes int
	reports   reports

	watchdog Duration // 0 for none
	watching bool     // it will look again
	busy     busyList
}

// Comm looks a live comm up. It gives nil where there is none.
func (m *Manager) Comm(id string) *Comm {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.comms[id]
}

// Comms gives the live comms, in no order, those without the held ones.
func (m *Manager) Comms() []*Comm {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*Comm, 0, len(m.comms))
	for _, c := range m.comms {
		if !c.isHeld {
			all = append(all, c)
		}
	}
	return all
}

// Open opens a comm from the front end to a target of the kernel: it sends a
// comm_open, and returns at once. Messages that arrive before the comm's OnMsg
// was called wait for it. A kernel without such a target answers with a
// comm_close. It mirrors CommManager.new_comm; the specification's section is "Opening a
// Comm".
//
// The error is [ErrBadName], [ErrDetached] when the manager was taken off its kernel, or one
// of [Comm.Send]; no comm is opened then.
func (m *Manager) Open(target string, p *Payload) (*Comm, error) {
	c, err := m.RegisterComm(m.o.NewID(), target, nil)
	if err != nil {
		return nil, err
	}
	if _, err := c.send("comm_open", CommOpen, p); err != nil {
		c.end(err)
		return nil, err
	}
	return c, nil
}

// RegisterComm takes up a comm that is open already, or is about to be opened by
// the caller: nothing is sent. It mirrors CommManager.register_comm. The error is
// [ErrBadName], [ErrDuplicateID], or [ErrDetached].
func (m *Manager) RegisterComm(id, target string, o *TargetOptions) (*Comm, error) {
	c := &Comm{m: m, id: id, target: target, own: true}
	if o != nil {
		c.apply(o)
	}
	err := checkNames(c.id, c.target)
	if err == nil {
		err = m.add(c)
	}
	if err != nil {
		return nil, &OpError{Op: "register_comm", CommID: c.id, TargetName: c.target, Err: err}
	}
	return c, nil
}

// add enters c under its id.
func (m *Manager) add(c *Comm) error {
	if m.o.Taken != nil && m.o.Taken(c.id) {
		return ErrDuplicateID
	}
	m.mu.Lock()
	var err error
	switch {
	case m.closed:
		err = ErrDetached
	case m.comms[c.id] != nil:
		err = ErrDuplicateID
	default:
		m.comms[c.id] = c
	}
	m.mu.Unlock()
	if err == nil && m.o.Bound != nil {
		m.o.Bound(seam.Ptr(c))
	}
	return err
}

// endComms is host.Driver's EndComms.
func (m *Manager) endComms(reason error) {
	m.mu.Lock()
	all := make([]*Comm, 0, len(m.comms))
	for _, c := range m.comms {
		all = append(all, c)
	}
	for c := m.held.first; c != nil; c = c.nextHeld { // some have been closed by the kernel already
		all = append(all, c)
	}
	m.mu.Unlock()
	for _, c := range all {
		held := c.unhold(nil)
		first := c.end(reason)
		if held {
			c.drop() // no handler has seen it
			continue
		}
		if first {
			c.handle(item{kind: itemClose})
		}
	}
}

// detach is host.Driver's Detach.
func (m *Manager) detach() {
	m.mu.Lock()
	m.closed = true
	targets := m.targets
	m.targets = map[string]*Target{}
	m.mu.Unlock()
	if m.o.Unclaim != nil {
		for name := range targets {
			m.o.Unclaim(name)
		}
	}
	m.endComms(ErrDetached)
	m.scheduler.close()
}
