package commmgr

// frame stands for the display's, where nobody tells of them: 60 in a second.
const frame = second / 60

// EachFrame has the comm's messages handled at the rate of the display: those that have
// come since the last frame are handled at the next one, in order. With [Comm.Merge] a
// handler sees one for each key. On a page a frame is the browser's animation frame,
// and about a second while the page is hidden; elsewhere a 60th of a second of
// [Options].Clock. false ends that.
func (c *Comm) EachFrame(on bool) {
	c.m.mu.lock()
	c.eachFrame = on
	c.activate()
	c.m.mu.unlock()
	c.m.pump()
}

// awaitsFrame tells whether the next message is to wait, and sees to it that the frame
// comes. m.mu is held.
func (c *Comm) awaitsFrame() bool {
	if !c.eachFrame || c.err != nil || c.queue.head < c.frameEnd {
		return false
	}
	if !c.inFrames {
		c.inFrames = true
		c.m.inFrames = append(c.m.inFrames, c)
	}
	return true
}

// askFrame has onFrame called at the next frame.
func (m *Manager) askFrame() {
	if m.o.NextFrame != nil {
		m.o.NextFrame(m.onFrame)
	} else {
		m.o.Clock.AfterFunc(frame, m.onFrame)
	}
}

// onFrame has the messages handled that are there. It does not wait.
func (m *Manager) onFrame() {
	m.mu.lock()
	due := m.inFrames
	m.inFrames, m.frameAsked = nil, false
	for _, c := range due {
		c.inFrames = false
		c.frameEnd = c.queue.end()
		c.activate()
	}
	m.mu.unlock()
	m.arrived()
}
