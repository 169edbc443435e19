package commmgr

// ReasonData is reasonData, for the tests.
var ReasonData = reasonData

// QueueCap gives the places that a comm's queue keeps.
func QueueCap(c *Comm) int { return len(c.queue.ring) }

// Leftovers counts what a manager keeps of comms: live ones, and those that are ready,
// busy, held or wait for a frame.
func Leftovers(m *Manager) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.comms) + len(m.scheduler.ready) + len(m.scheduler.inFrames) + m.heldN
	for w := m.busy.first; w != nil; w = w.next {
		n++
	}
	for c := m.held.first; c != nil; c = c.nextHeld {
		n++
	}
	return n
}
