package commhost

import (
	"errors"
	"sync"

	"gocomm/commmgr"
	"gocomm/widget"
)

// Target is the comm target of widgets.
const Target = "jupyter.widget"

// Options set [Register] up.
type Options struct {
	// Open is called for each widget of the kernel, on its comm's goroutine. It binds a
	// model, or leaves the widget alone. When it fails the comm is closed.
	Open func(*Host) error
	// OnError takes what has no caller to return to and belongs to no message. The
	// others are reported by the manager. Where it is nil, they are printed.
	OnError func(error)
}

// Widgets are the widgets of a kernel.
type Widgets struct {
	m *commmgr.Manager
	o Options

	mu    sync.Mutex
	hosts map[string]*Host
	come  chan struct{} // closed, and made anew, when a host has been added
}

// Register takes the target of widgets on a manager.
func Register(m *commmgr.Manager, o Options) (*Widgets, error) {
	if o.OnError == nil {
		o.OnError = func(err error) { println(err.Error()) }
	}
	w := &Widgets{m: m, o: o, hosts: map[string]*Host{}, come: make(chan struct{})}
	_, err := m.RegisterTarget(Target, w.opened, nil)
	return w, err
}

// opened is the target's open handler.
func (w *Widgets) opened(c *commmgr.Comm, open *commmgr.Message) error {
	if err := checkVersion(open); err != nil {
		return err
	}
	d, err := parse(open)
	if err != nil {
		return err
	}
	h := w.add(c)
	c.OnMsg(h.message)
	return w.offer(h, d.values)
}

// offer has the program take up a widget whose state is known.
func (w *Widgets) offer(h *Host, v widget.Values) error {
	h.describe(&v)
	h.mu.Lock()
	h.first = &v
	h.mu.Unlock()
	defer func() { // what they refer to is the open message's
		h.describe(nil)
		h.mu.Lock()
		h.first = nil
		h.mu.Unlock()
	}()
	return w.o.Open(h)
}

// add makes a host of a comm.
func (w *Widgets) add(c *commmgr.Comm) *Host {
	h := &Host{w: w, c: c, expected: map[string]string{}}
	w.mu.Lock()
	w.hosts[c.ID()] = h
	close(w.come)
	w.come = make(chan struct{})
	w.mu.Unlock()
	c.OnClose(h.closed)
	c.OnGap(func(commmgr.Gap) error { return h.requestState() })
	return h
}

// Host gives the widget with a model id, or nil.
func (w *Widgets) Host(id string) *Host {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hosts[id]
}

func (w *Widgets) remove(h *Host) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hosts[h.c.ID()] == h {
		delete(w.hosts, h.c.ID())
	}
}

var errNoWidget = errors.New("commhost: the kernel has no such widget")

// find gives the widget with a model id. One whose comm_open is about to be handled
// is waited for.
func (w *Widgets) find(ctx widget.Context, id string) (*Host, error) {
	for {
		w.mu.Lock()
		h, come := w.hosts[id], w.come
		w.mu.Unlock()
		if h != nil {
			return h, nil
		}
		c := w.m.Comm(id)
		if c == nil || c.TargetName() != Target {
			return nil, errNoWidget
		}
		select {
		case <-come:
		case <-c.Done():
			return nil, errNoWidget
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
