//go:build !js

// Package spin has a lock for state that exported functions of a Go program on a page
// share with its goroutines. Off a page it is a [sync.Mutex].
package spin

import "sync"

// A Mutex guards state for a few instructions at a time. It is never held while an import,
// a handler or a hook is called, nor while a goroutine waits.
type Mutex struct{ sync.Mutex }
