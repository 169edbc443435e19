package jsglue

import "gocomm/commmgr"

// clock is the page's clock, and its [host.Scheduler].
type clock struct{}

const nanosecondsPerMillisecond = 1e6

func (clock) Now() commmgr.Duration { return commmgr.Duration(now() * nanosecondsPerMillisecond) }

func (clock) AfterFunc(d commmgr.Duration, f func()) (stop func()) {
	id := program.timers.add(f)
	timer(id, float64(d)/nanosecondsPerMillisecond)
	return func() {
		if program.timers.take(id) != nil {
			untimer(id)
		}
	}
}

func (clock) Wake() { wake() }

func (clock) NextTurn(f func()) {
	program.turn = f
	turn()
}

// timers are the functions that wait for gocomm_timer.
type timers struct {
	byID map[int32]func()
	last int32
}

func (t *timers) add(f func()) int32 {
	if t.byID == nil {
		t.byID = map[int32]func(){}
	}
	t.last++
	t.byID[t.last] = f
	return t.last
}

func (t *timers) take(id int32) func() {
	f := t.byID[id]
	delete(t.byID, id)
	return f
}

// nextFrame is [host.Options].NextFrame.
func nextFrame(f func()) { timer(program.timers.add(f), -1) }
