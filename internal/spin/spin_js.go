// Package spin has a lock for state that exported functions of a Go program on a page
// share with its goroutines. Off a page it is a sync.Mutex.
package spin

import "runtime"

// A Mutex guards state for a few instructions at a time. It is never held while an import,
// a handler or a hook is called, nor while a goroutine waits. All of Go runs on one thread
// on a page, where a sync.Mutex costs more than what it guards, and may not be waited for
// in an exported function.
type Mutex struct{ held bool }

// mostRounds is how often Lock lets other goroutines run before it gives up.
const mostRounds = 10_000

// Lock takes the lock. Its holder may be parked: the garbage collector parks a goroutine in
// the middle of an allocation. Such a goroutine is runnable before JavaScript runs again, so
// that it lets go of the lock while others are let run, also from an exported function.
// One that does not waits for something with the lock held, which is a bug.
func (m *Mutex) Lock() {
	if m.held {
		m.wait()
	}
	m.held = true
}

func (m *Mutex) wait() {
	for range mostRounds {
		runtime.Gosched()
		if !m.held {
			return
		}
	}
	panic("gocomm: bug: a lock was held across a call out")
}

// Unlock lets go of the lock.
func (m *Mutex) Unlock() { m.held = false }
