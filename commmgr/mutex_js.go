package commmgr

import "runtime"

// A mutex guards state for a few instructions at a time: it is never held while
// a handler, a transport, a clock or a hook is called. All of Go runs on one
// thread on a page, where sync.Mutex costs more than what it guards.
type mutex struct{ held bool }

// maxYields is far more than the garbage collector needs to let a goroutine go on.
const maxYields = 1 << 20

// lock takes the mutex. An exported function may call it, although one must not wait
// for a later event of the page: the holder waits for no event. It can only have been
// parked by the garbage collector, in the middle of an allocation. The collector's
// own goroutines let it go on, and those run before the scheduler returns to
// JavaScript. So letting others run is enough, and a mutex that stays held is a bug.
//
//go:noinline
func (m *mutex) lock() {
	for n := 0; m.held; n++ {
		if n == maxYields {
			panic("commmgr: bug: a lock was held across a call out of the package")
		}
		runtime.Gosched()
	}
	m.held = true
}

func (m *mutex) unlock() { m.held = false }
