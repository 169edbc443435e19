// Package spin has a lock for state that exported functions of a Go program on a page
// share with its goroutines. Off a page it is a sync.Mutex.
package spin

import "runtime"

// A Mutex guards state for a few instructions at a time. It is never held while an import,
// a handler or a hook is called, nor while a goroutine waits. All of Go runs on one thread
// on a page, where a sync.Mutex costs more than what it guards, and may not be waited for
// in an exported function.
type Mutex struct{ held bool }

// mostRounds is how often Lock lets other goroutines run before it gives up: far more often
// than the garbage collector needs to let a goroutine go on.
const mostRounds = 1 << 20

// Lock takes the lock, also in an exported function, which must not wait for a later event
// of the page: the holder waits for no event.
func (m *Mutex) Lock() {
	if m.held {
		m.wait()
	}
	m.held = true
}

// wait lets others run until the lock is free. Its holder can only have been parked by the
// garbage collector, in the middle of an allocation. The collector's own goroutines let it
// go on, and those run before the scheduler returns to JavaScript. So it is enough to let
// others run, and a lock that stays held is a bug.
//
//go:noinline
func (m *Mutex) wait() {
	for n := 0; m.held; n++ {
		if n == mostRounds {
			panic("gocomm: bug: a lock was held across a call out")
		}
		runtime.Gosched()
	}
}

// Unlock lets go of the lock.
func (m *Mutex) Unlock() { m.held = false }
