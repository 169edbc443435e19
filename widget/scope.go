package widget

import "sync"

// A Scope is what ends together, such as what a view has added: handlers, listeners.
type Scope struct {
	// Report takes the failures of the scope's handlers. Where it is nil, or for
	// handlers without a scope, the model's host does.
	Report func(error)

	mu    sync.Mutex
	last  int
	byKey map[int]func()
	ended bool
}

// Add has remove called at the scope's end. The function that it gives calls it
// earlier. It is called once.
func (s *Scope) Add(remove func()) (now func()) {
	if s == nil {
		return sync.OnceFunc(remove)
	}
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		remove()
		return func() {}
	}
	if s.byKey == nil {
		s.byKey = map[int]func(){}
	}
	s.last++
	key := s.last
	s.byKey[key] = remove
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		f := s.byKey[key]
		delete(s.byKey, key)
		s.mu.Unlock()
		if f != nil {
			f()
		}
	}
}

// End ends the scope, in no particular order.
func (s *Scope) End() {
	s.mu.Lock()
	all := s.byKey
	s.byKey, s.ended = nil, true
	s.mu.Unlock()
	for _, f := range all {
		f()
	}
}

// Len gives how many things the scope has to take away.
func (s *Scope) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byKey)
}
