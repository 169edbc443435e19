package commhost

import (
	"errors"
	"slices"
	"sync"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/internal/latest"
	"gocomm/widget/host"
)

// A Host is a widget of the kernel, with its comm. It is a [host.Host].
type Host struct {
	w    *Widgets
	c    *commmgr.Comm
	gate *latest.Gate // for updates
	made *making      // where this side has made it
	kind kind         // guarded by w.mu

	// mu is held while a message is sent, so that its msg_id is known before its echo or its
	// answer is looked at. It is not held while a model is told something.
	mu       sync.Mutex
	offered  *host.Values      // the state, while [Options].Open runs
	current  bool              // offered is: no message has been handled since
	since    []host.Trait      // the models' own updates since then
	links    []*link           // never changed in place
	requests []*request        // for the state, in the order in which they were sent
	merged   []host.Trait      // the next update
	expected map[string]string // trait: the msg_id of the update whose echo counts
}

// ID gives the widget's model id, which is its comm's.
func (h *Host) ID() string { return h.c.ID() }

// Text gives a trait of the state that the widget was opened with, such as _model_name, where it
// is a string; else "". It is for [Options].Open.
func (h *Host) Text(trait string) (text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.offered != nil {
		_ = codec.Members(h.offered.Traits, func(key string, value []byte) error {
			if key == trait {
				text, _ = codec.Text(value)
			}
			return nil
		})
	}
	return text
}

// describe sets the state that is offered, or nil.
func (h *Host) describe(v *host.Values, current bool) {
	if v != nil {
		h.w.learn(h, *v)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.offered, h.current, h.since = v, current, nil
}

// Bind connects a model, for widget.Bind. The kernel sends all traits, so it needs no names.
// Called by [Options].Open it takes the state that the kernel has sent. Otherwise it asks the
// kernel, and waits for the answer, until ctx or the widget ends. The answer comes after the
// messages that wait for the handlers of the widget's models: those handlers cannot wait for it.
func (h *Host) Bind(ctx host.Context, _ []string, to host.Sink) (host.Link, host.Values, error) {
	l := &link{manager: manager{h.w}, h: h, to: to}
	v, known, err := h.bindOffered(l)
	if !known {
		v, err = h.ask(ctx, l)
	}
	if why := h.c.Err(); err == nil && why != nil { // else it is told
		err = why
	}
	return l, v, err
}

// bindOffered binds a model to the state that is offered, if one is.
func (h *Host) bindOffered(l *link) (v host.Values, known bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.offered == nil || !h.current {
		return v, false, nil
	}
	v = *h.offered
	buffers, err := codec.CopyBuffers(v.Buffers) // they may be those of a message that is released soon
	v.Buffers = host.Bytes(buffers)
	if err == nil {
		h.links = append(slices.Clip(h.links), l)
		if len(h.since) > 0 {
			l.tellLater(h.since)
		}
	}
	return v, true, err
}

// message handles a message of the kernel.
func (h *Host) message(msg *commmgr.Message) error {
	d, err := parse(msg)
	if err != nil {
		return err
	}
	switch d.method {
	case "update":
		if done, err := h.answersOpen(msg); done || err != nil {
			return err
		}
		return h.changed(msg, d)
	case "echo_update":
		return h.changed(msg, d)
	case "custom":
		return h.each(func(l *link) error { return l.to.Deliver(d.content, msg.Body) })
	}
	return malformed(errors.New("the method " + codec.Quote(d.method) + " is not known"))
}

// changed tells the models what the kernel says of traits.
func (h *Host) changed(msg *commmgr.Message, d data) error {
	echo := d.method == "echo_update"
	h.mu.Lock()
	needed := echo && len(h.expected) > 0 || !echo && len(h.requests) > 0
	links := h.links // an asker has its answer, and is told of what comes after that
	h.mu.Unlock()
	id, err := "", error(nil)
	if needed {
		if id, err = parentID(msg); err != nil {
			return err
		}
	}
	skip := func(trait string) bool { return echo && h.awaitsEcho(trait, id) || h.merging(trait) }
	if !echo {
		switch r, err := h.answered(id, d.values); {
		case err != nil:
			return err
		case r == nil: // an assignment in Python, which counts
			skip = nil
		default: // older than the updates that were sent after the request
			defer h.settle(r)
			skip = func(trait string) bool { return r.newer[trait] || h.merging(trait) }
		}
	}
	return each(links, func(l *link) error {
		return l.to.Change(func() (host.Values, error) { return l.newest(d.values, skip) })
	})
}

// each calls f for the models.
func (h *Host) each(f func(*link) error) error {
	h.mu.Lock()
	links := h.links
	h.mu.Unlock()
	return each(links, f)
}

// each gives the first error, when f was called for all.
func each(links []*link, f func(*link) error) error {
	var first error
	for _, l := range links {
		if err := f(l); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// gap asks for the state, and tells the models of the gap.
func (h *Host) gap() error {
	err := h.requestState(nil)
	return errors.Join(err, h.each(func(l *link) error { l.to.Gap(); return nil }))
}

// ended tells the models of the widget's end, at once. What came before is still handled.
func (h *Host) ended() error {
	h.w.remove(h)
	reason := h.c.Err()
	if h.made.refused(reason) {
		return nil // the close message may say why: see closed
	}
	return h.each(func(l *link) error { l.to.End(reason); return nil })
}
