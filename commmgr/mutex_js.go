package commmgr

// enter locks m at the start of what an exported function may call. On a page
// all of Go runs on one thread, and an export that waits corrupts the program.
// Since nobody parks while holding the lock, it is free whenever JavaScript
// runs; that it is not is a bug, which must not pass in silence.
func (m *mutex) enter() {
	if !m.TryLock() {
		panic("commmgr: bug: a lock was held across a call out of the package")
	}
}
