//go:build !js

package commmgr

// enter locks m at the start of what a transport's reader may call.
func (m *mutex) enter() { m.Lock() }
