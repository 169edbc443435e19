package commmgr

import "gocomm/internal/spin"

// A mutex guards state for a few instructions at a time: it is never held while
// a handler, a transport, a clock or a hook is called.
type mutex struct{ spin.Mutex }

func (m *mutex) lock()   { m.Lock() }
func (m *mutex) unlock() { m.Unlock() }
