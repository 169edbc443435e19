package commmgr

import (
	"runtime"

	"gocomm/internal/spin"
)

// A scheduler decides when a goroutine runs. Comms with work, and functions, wait in
// ready; a goroutine is started for them, or one that has nothing to do is used again.
//
// Natively (page is nil) the Go runtime does the rest. On a page goroutines share the
// thread with the browser, so that they run in turns of about [defaultTurn].
//
// The pump is the goroutine in runReady, which takes jobs from ready and starts workers;
// there is at most one. A worker is a goroutine in work. The states of the pump:
//
//	state      pumping  what it means               what ends it
//	idle       false    no pump runs                startReady, with a job in ready -> pumping
//	pumping    true     a goroutine is in runReady  ready is empty -> idle; the turn is over -> turn over
//	turn over  true     none is, but page.NextTurn  the page has had its turn: newTurn -> pumping
//	                    will call newTurn
//
// Independently of that, on a page one worker may rest: resting is true, and it waits for
// a job on rested. It ends its rest when the pump gives it the next job (resume), when
// the first job of a turn is ready and nothing else (startReady, without a pump), or when
// the manager is closed. Whoever sets resting to false sends exactly one job.
//
// The turn's start, turnStart, is unknown from the arrival of a message, or the page's own
// turn, until the clock is read for another reason: reading it costs as much as handling a
// small message.
type scheduler struct {
	page   pageScheduler // nil where Go does not share its thread with a page
	clock  clock
	frames func(f func()) // calls f at the display's next frame; nil: a 60th of a second
	rested chan job       // has room for one

	mu         spin.Mutex // guards the rest, and most of the manager: never held while a handler, a transport, a clock or a hook is called
	ready      []job      // what has work and no goroutine, in order
	pumping    bool
	resting    bool
	closed     bool
	turnStart  Duration
	inFrames   []*Comm // those that wait for the next frame
	frameAsked bool
	frameSince Duration // since when those wait, about; or unknown
}

// unknown is a turn's start, or since when a frame is waited for, until the clock is read for another reason.
const unknown = 0

// A job is what the pump gives a goroutine: a comm with work, or a function.
type job struct {
	c *Comm
	f func()
}

func (j job) run() {
	if j.c != nil {
		j.c.run()
		return
	}
	j.f()
}

// add makes a job ready; the caller calls pump or arrived after it. s.mu is held.
func (s *scheduler) add(j job) { s.ready = append(s.ready, j) }

// arrived is pump for what the kernel has sent: on a page this begins a turn.
func (s *scheduler) arrived() {
	s.mu.Lock()
	if !s.pumping {
		s.turnStart = unknown
	}
	s.mu.Unlock()
	s.pump()
}

// pump has what is ready run, and the page woken for it.
func (s *scheduler) pump() {
	if s.startReady() {
		s.wake()
	}
}

// wake has goroutines run soon, on a page.
func (s *scheduler) wake() {
	if s.page != nil {
		s.page.Wake()
	}
}

// startReady is pump on a goroutine, where nobody needs to be woken.
func (s *scheduler) startReady() bool {
	var j job
	s.mu.Lock()
	start := len(s.ready) > 0 && !s.pumping
	// The first job of a turn needs no pump where a worker rests that can run it.
	pump := start && !(s.resting && s.turnStart == unknown && len(s.ready) == 1)
	if start && !pump {
		s.resting = false
		j = s.takeReady()
	}
	s.pumping = s.pumping || pump
	askFrame := len(s.inFrames) > 0 && !s.frameAsked
	s.frameAsked = s.frameAsked || askFrame
	s.mu.Unlock()
	if askFrame {
		s.askFrame()
	}
	if pump {
		go s.runReady() // ends when nothing is ready, or the turn is over
	} else if start {
		s.rested <- j
	}
	return start
}

// newTurn goes on when the page has had its turn.
func (s *scheduler) newTurn() {
	s.mu.Lock()
	s.turnStart = unknown
	s.mu.Unlock()
	go s.runReady() // ends as in startReady
}

// runReady is the pump: it starts the ready jobs one after the other, on a page until the
// turn is over. It may come and go several times within a turn, when a comm's goroutine
// waits or is slow to start: none of that begins a new turn.
func (s *scheduler) runReady() {
	for {
		j, ok, over := s.nextJob(true)
		if !ok {
			if over {
				s.page.NextTurn(s.newTurn)
			}
			return
		}
		if !s.resume(j) {
			go s.work(j) // ends when the job is done; on a page see work
		}
		runtime.Gosched() // on a page: the worker runs now, until it waits or ends
	}
}

// nextJob takes what is ready, unless the turn is over. Where the pump finds nothing
// it ends; over says that it is to go on in another turn.
func (s *scheduler) nextJob(pump bool) (j job, ok, over bool) {
	s.mu.Lock()
	none := len(s.ready) == 0
	if none && pump {
		s.pumping = false
	}
	s.mu.Unlock()
	if none {
		return j, false, false
	}
	over = s.turnOver()
	s.mu.Lock()
	defer s.mu.Unlock()
	over = over && len(s.ready) > 0
	if len(s.ready) == 0 || over {
		if pump {
			s.pumping = over
		}
		return j, false, over
	}
	return s.takeReady(), true, false
}

// takeReady takes the first of what is ready. s.mu is held.
func (s *scheduler) takeReady() job {
	j := s.ready[0]
	s.ready[0] = job{}
	s.ready = s.ready[1:]
	return j
}

// work runs a job. On a page it also runs those that are ready after it, and then rests
// until there is another: its stack has grown by then, which takes as long as some
// messages. When a handler waits, the pump starts another worker for the rest.
func (s *scheduler) work(j job) {
	for j.c != nil || j.f != nil {
		for ok := true; ok; {
			j.run()
			if s.page == nil {
				return
			}
			j, ok, _ = s.nextJob(false)
		}
		s.mu.Lock()
		rest := !s.resting && !s.closed // one rests: it ends with the manager
		s.resting = s.resting || rest
		s.mu.Unlock()
		if !rest {
			return
		}
		j = <-s.rested
	}
}

// resume gives a job to the worker that rests, if one does; that takes no time.
func (s *scheduler) resume(j job) bool {
	s.mu.Lock()
	rests := s.resting
	s.resting = false
	s.mu.Unlock()
	if rests {
		s.rested <- j
	}
	return rests
}

// close ends the worker that rests. s.closed is set.
func (s *scheduler) close() { s.resume(job{}) }

// turnOver tells that goroutines have kept the page for long enough.
func (s *scheduler) turnOver() bool {
	if s.page == nil {
		return false
	}
	now := s.clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	return now-s.turnBegan(now) > defaultTurn
}

// turnBegan gives the turn's start; s.mu is held.
func (s *scheduler) turnBegan(now Duration) Duration {
	if s.turnStart == unknown {
		s.turnStart = now
	}
	return s.turnStart
}
