package commmgr

const (
	// frame stands for the display's, where nobody tells of them: 60 in a second.
	frame = Second / 60
	// lateFrame is how long a frame that was asked for may take, before a message stands for
	// it: a page that is hidden has none, and browsers hold its timers back for up to a minute.
	lateFrame = Second
)

// EachFrame has the comm's messages handled at the rate of the display: those that have
// come since the last frame are handled at the next one, in order. With [Comm.Merge] a
// handler sees one for each key. On a page a frame is the browser's animation frame;
// elsewhere a 60th of a second. While the page is hidden there are none: what has come is
// handled when a message comes a second or more after the handlers ran last, when the comm's
// queue is half full, and when the page is shown again. false ends that.
func (c *Comm) EachFrame(on bool) {
	c.m.mu.Lock()
	c.eachFrame = on
	c.activate()
	c.m.mu.Unlock()
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

// frameLate tells whether a frame that was asked for is late.
func (s *scheduler) frameLate() bool {
	now := s.clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frameSince == unknown {
		s.frameSince = now
	}
	return now-s.frameSince >= lateFrame
}

// onFrame is called at the frame that was asked for. It does not wait.
func (s *scheduler) onFrame() { s.giveFrame(true) }

// giveFrame has the messages handled that are there: at the frame that was asked for, or in its
// place, when it is still to come. It does not wait.
func (s *scheduler) giveFrame(came bool) {
	s.mu.Lock()
	due := s.inFrames
	s.inFrames, s.frameAsked, s.frameSince = nil, s.frameAsked && !came, unknown
	for _, c := range due {
		c.inFrames = false
		c.frameEnd = c.queue.end()
		c.activate()
	}
	s.mu.Unlock()
	s.arrived()
}
