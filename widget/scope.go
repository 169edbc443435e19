package widget

import "sync"

// A Scope holds what ends together, such as the handlers and listeners of a view. Its zero value is
// ready for use.
type Scope struct {
	// Report takes the errors of the scope's handlers. The model's host takes them where it is
	// nil, and those of handlers without a scope.
	Report func(error)

	mu    sync.Mutex
	last  int
	byKey map[int]func()
	ended bool
}

// Add adds a function that the scope's end calls, or Add itself after that. now calls it earlier.
// It is called once.
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

// End ends the scope: it calls the functions that were added, in no particular order.
func (s *Scope) End() {
	s.mu.Lock()
	all := s.byKey
	s.byKey, s.ended = nil, true
	s.mu.Unlock()
	for _, f := range all {
		f()
	}
}

// Len gives the number of functions that End would call.
func (s *Scope) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byKey)
}
