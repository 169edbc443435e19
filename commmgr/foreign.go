package commmgr

// A foreign comm is one whose handlers are not Go: on a page, JavaScript has them.
// Whoever keeps it numbers it, from 0 on, and the manager decides about it; then the
// keeper calls the handlers. Most comms of a page are such, so that one costs a byte
// here: ids, names and messages stay where they are.

// foreign is what the manager knows of a foreign comm, by its number.
type foreign byte

const (
	foreignLive foreign = 1 << iota
	foreignOwn          // opened on behalf of this client
)

// CheckForeign tells whether a comm may be taken up under this id. The error is
// [ErrBadName], [ErrDuplicateID] or [ErrDetached].
func (m *Manager) CheckForeign(id, target string) error {
	err := checkNames(id, target)
	if err == nil {
		m.mu.lock()
		switch {
		case m.closed:
			err = ErrDetached
		case m.comms[id] != nil:
			err = ErrDuplicateID
		}
		m.mu.unlock()
	}
	if err == nil && m.o.Taken != nil && m.o.Taken(id) {
		err = ErrDuplicateID
	}
	if err != nil {
		return &OpError{Op: "register_comm", CommID: id, TargetName: target, Err: err}
	}
	return nil
}

// AcceptForeign takes up the comm n, which the kernel has opened. own is as in
// [Message].Own. The caller has seen to what CheckForeign checks. The error is
// [ErrDetached].
func (m *Manager) AcceptForeign(n int, own bool) error {
	state := foreignLive
	if own {
		state |= foreignOwn
	}
	err := m.addForeign(n, state)
	if err == nil {
		m.count(countOpened)
	}
	return err
}

// RegisterForeign is AcceptForeign for a comm that this client has opened, or is
// about to open: nothing is sent. It mirrors CommManager.register_comm.
func (m *Manager) RegisterForeign(n int) error {
	return m.addForeign(n, foreignLive|foreignOwn)
}

func (m *Manager) addForeign(n int, state foreign) error {
	m.mu.lock()
	closed := m.closed
	if !closed {
		for n >= len(m.foreign) {
			m.foreign = append(m.foreign, 0)
		}
		m.foreign[n] = state
	}
	m.mu.unlock()
	if closed {
		return ErrDetached
	}
	return nil
}

// AdmitForeign decides about a comm_msg for the comm n: whether its handler is to be
// called.
func (m *Manager) AdmitForeign(n int) bool {
	m.mu.lock()
	live := n < len(m.foreign) && m.foreign[n]&foreignLive != 0
	if live {
		m.reports.counts[countMessages]++
	} else { // the keeper's index lags behind
		m.reports.counts[countUnknown]++
	}
	m.mu.unlock()
	return live
}

// EndForeign ends the comm n, whose number is free then. It sends nothing.
func (m *Manager) EndForeign(n int) {
	m.mu.lock()
	if n < len(m.foreign) {
		m.foreign[n] = 0
	}
	m.mu.unlock()
}

// RefuseForeign ends the comm n since its open handler has failed, and tells the
// kernel why, if the comm is this client's to close. The failure is reported.
func (m *Manager) RefuseForeign(n int, id, target string, cause error) {
	m.mu.lock()
	own := n < len(m.foreign) && m.foreign[n]&foreignOwn != 0
	m.mu.unlock()
	m.EndForeign(n)
	m.count(countFailed)
	m.o.OnError(&OpError{Op: CommOpen, CommID: id, TargetName: target, Err: &handlerError{cause}})
	if own {
		reason := &OpError{Op: CommOpen, CommID: id, TargetName: target, Err: &openError{cause}}
		(&Comm{m: m, id: id, target: target}).tell(reason)
	}
}

// endForeign ends all of them, and tells their keeper.
func (m *Manager) endForeign(reason error) {
	m.mu.lock()
	ended := m.foreign
	m.foreign = nil
	m.mu.unlock()
	for n, state := range ended {
		if state&foreignLive != 0 && m.o.ForeignEnded != nil {
			m.o.ForeignEnded(n, reason)
		}
	}
}
