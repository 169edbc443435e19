package commmgrtest

import "sync"

// A worker does things in order, one at a time, on one goroutine. Anyone may give
// it work, the work itself too.
type worker struct {
	mu      sync.Mutex
	todo    []func()
	more    sync.Cond
	stopped bool
	ended   chan struct{}
}

func newWorker() *worker {
	w := &worker{ended: make(chan struct{})}
	w.more.L = &w.mu
	go w.run() // the kernel's; ends with stop
	return w
}

func (w *worker) do(f func()) {
	w.mu.Lock()
	w.todo = append(w.todo, f)
	w.mu.Unlock()
	w.more.Signal()
}

func (w *worker) stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.more.Signal()
	<-w.ended
}

func (w *worker) run() {
	defer close(w.ended)
	w.mu.Lock()
	for {
		for len(w.todo) == 0 && !w.stopped {
			w.more.Wait()
		}
		if w.stopped {
			w.mu.Unlock()
			return
		}
		f := w.todo[0]
		w.todo = w.todo[1:]
		w.mu.Unlock()
		f()
		w.mu.Lock()
	}
}
