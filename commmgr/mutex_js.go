package commmgr

import "runtime"

// A mutex guards state for a few instructions at a time: it is never held while
// a handler, a transport, a clock or a hook is called. All of Go runs on one
// thread on a page, where sync.Mutex costs more than what it guards.
type mutex struct{ held bool }

// lock waits on a goroutine: the holder may have been parked by the garbage
// collector in the middle of an allocation, and goes on before JavaScript does.
func (m *mutex) lock() {
	for m.held {
		runtime.Gosched()
	}
	m.held = true
}

func (m *mutex) unlock() { m.held = false }

// enter locks m at the start of what an exported function may call, which must not
// wait: that corrupts the program. Whenever JavaScript runs, nobody holds the lock;
// that somebody does is a bug, which must not pass in silence.
func (m *mutex) enter() {
	if m.held {
		panic("commmgr: bug: a lock was held across a call out of the package")
	}
	m.held = true
}
