package commmgr

// frame stands for the display's, where nobody tells of them: 60 in a second.
const frame = Second / 60

// EachFrame has the comm's messages handled at the rate of the display: those that have
// come since the last frame are handled at the next one, in order. With [Comm.Merge] a
// handler sees one for each key. On a page a frame is the browser's animation frame,
// and about a second while the page is hidden; elsewhere a 60th of a second. false ends that.
func (c *Comm) EachFrame(on bool) {
	c.m.mu.lock()
	c.eachFrame = on
	c.activate()
	c.m.mu.unlock()
	c.m.scheduler.pump()
}

// awaitsFrame tells whether the next message is to wait, and sees to it that the frame
// comes. m.mu is held.
func (c *Comm) awaitsFrame() bool {
	if !c.eachFrame || c.err != nil || c.queue.head < c.frameEnd {
		return false
	}
	if !c.inFrames {
		c.inFrames = true
		c.m.scheduler.inFrames = append(c.m.scheduler.inFrames, c)
	}
	return true
}

// askFrame has onFrame called at the next frame.
func (s *scheduler) askFrame() {
	if s.frames != nil {
		s.frames(s.onFrame)
	} else {
		s.clock.AfterFunc(frame, s.onFrame)
	}
}

// onFrame has the messages handled that are there. It does not wait.
func (s *scheduler) onFrame() {
	s.mu.lock()
	due := s.inFrames
	s.inFrames, s.frameAsked = nil, false
	for _, c := range due {
		c.inFrames = false
		c.frameEnd = c.queue.end()
		c.activate()
	}
	s.mu.unlock()
	s.arrived()
}
