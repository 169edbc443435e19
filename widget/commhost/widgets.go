package commhost

import (
	"errors"
	"sync"

	"gocomm/commmgr"
	"gocomm/internal/latest"
	"gocomm/internal/layer"
	"gocomm/widget/host"
)

// Target is the comm target of widgets.
const Target = host.Ipywidgets

// Options set [Register] up.
type Options struct {
	// Open is called for each widget of the kernel, on its comm's goroutine. It binds a
	// model, or leaves the widget alone. When it fails or panics the comm is closed.
	Open func(*Host) error
	// Controls is the version of the module @jupyter-widgets/controls that the kernel's ipywidgets has, which
	// package gocomm/widget/core needs to make widgets: "2.0.0" is that of ipywidgets 8, and "1.5.0" of ipywidgets
	// 7. Where it is "", it is that of the widgets of the kernel that have come, or else "2.0.0". Where it is not,
	// and those have another one, no widgets are made: the error says so.
	Controls string
	// OnError takes the errors that have no caller to return to and belong to no message.
	// The manager reports the others. Where it is nil, they are printed.
	OnError func(error)
}

// Widgets are the widgets of a kernel that are here.
type Widgets struct {
	m *commmgr.Manager
	o Options

	mu    sync.Mutex
	hosts map[string]*Host
	come  chan struct{} // closed, and made anew, when a host has been added
	base  string        // the version of the module @jupyter-widgets/base that the kernel has, or ""
}

// Register takes the target of widgets on a manager. The error is that of RegisterTarget:
// [commmgr.ErrTargetTaken] when another program on the page has the target,
// [commmgr.ErrDetached] when the manager was taken off its kernel.
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
	h := w.add(c, nil)
	c.OnMsg(h.message)
	h.describe(&d.values, true)
	defer h.describe(nil, false) // what it refers to is the open message's
	return w.o.Open(h)
}

// add makes a host of a comm.
func (w *Widgets) add(c *commmgr.Comm, made *making) *Host {
	h := &Host{w: w, c: c, made: made, expected: map[string]string{}}
	h.gate = latest.New(c, h.next)
	w.mu.Lock()
	w.hosts[c.ID()] = h
	close(w.come)
	w.come = make(chan struct{})
	w.mu.Unlock()
	layer.Watch(c, h.ended, nil)
	c.OnGap(func(commmgr.Gap) error { return h.gap() })
	return h
}

// Host gives the widget with a model id, or nil where it is not here.
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
func (w *Widgets) find(ctx host.Context, id string) (*Host, error) {
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
