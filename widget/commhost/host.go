package commhost

import (
	"errors"
	"slices"
	"sync"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/widget"
)

// A Host is a widget of the kernel, with its comm.
type Host struct {
	w *Widgets
	c *commmgr.Comm

	// mu is held while a message is handed to the comm, so that its msg_id is known
	// before its echo is looked at; not while a model is told something.
	mu       sync.Mutex
	looks    *widget.Values // while the program is offered the widget: its state
	first    *widget.Values // the same, where nothing can have come since
	links    []*link
	asking   []asking          // for the state
	inFlight bool              // an update, of which the kernel is not idle yet
	merged   []widget.Trait    // what is to be sent then
	expected map[string]string // trait: the msg_id of the update whose echo counts
	request  string            // the msg_id of the last request_state
	newer    map[string]bool   // traits that were sent since
}

// ID gives the widget's model id, which is its comm's.
func (h *Host) ID() string { return h.c.ID() }

// Text gives a trait of the state that the widget was opened with, where that is a
// string, such as _model_name; else "". It is for [Options].Open.
func (h *Host) Text(trait string) (text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.looks != nil {
		_ = codec.Members(h.looks.Traits, func(key string, value []byte) error {
			if key == trait {
				text, _ = codec.Text(value)
			}
			return nil
		})
	}
	return text
}

func (h *Host) describe(v *widget.Values) {
	h.mu.Lock()
	h.looks = v
	h.mu.Unlock()
}

// Bind is [widget.Host].Bind. Called by [Options].Open it takes the state that the
// kernel has sent; else it asks for it, which cannot be done by the model's handlers.
func (h *Host) Bind(ctx widget.Context, _ []string, to widget.Sink) (widget.Link, widget.Values, error) {
	l := &link{h: h, to: to}
	h.mu.Lock()
	first := h.first
	if first != nil {
		h.links = append(h.links, l)
	}
	h.mu.Unlock()
	if first != nil {
		return l, *first, nil
	}
	v, err := h.ask(ctx, l)
	return l, v, err
}

// An asking is for the state: the next update is taken for the answer.
type asking struct {
	answer chan widget.Values
	l      *link // to be told of what comes after the answer; or nil
}

// ask asks the kernel for the state, and waits for it. From then on l is told of changes.
func (h *Host) ask(ctx widget.Context, l *link) (widget.Values, error) {
	answer := make(chan widget.Values, 1)
	h.mu.Lock()
	h.asking = append(h.asking, asking{answer, l})
	h.mu.Unlock()
	err := h.requestState()
	if err == nil {
		select {
		case v := <-answer:
			return v, nil
		case <-h.c.Done():
			err = h.c.Err()
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	h.mu.Lock()
	h.asking = slices.DeleteFunc(h.asking, func(a asking) bool { return a.answer == answer })
	h.links = slices.DeleteFunc(h.links, func(other *link) bool { return other == l })
	h.mu.Unlock()
	return widget.Values{}, err
}

// requestState asks for the state, and does not wait for it.
func (h *Host) requestState() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	id, err := h.c.Send(&commmgr.Payload{Data: []byte(`{"method":"request_state"}`)})
	if err == nil {
		h.request, h.newer = id, map[string]bool{}
	}
	return err
}

// message handles what the kernel sends.
func (h *Host) message(msg *commmgr.Message) error {
	d, err := parse(msg)
	if err != nil {
		return err
	}
	switch d.method {
	case "update":
		return h.changed(d.values, func() (widget.Values, error) { return h.since(msg, d.values) })
	case "echo_update":
		return h.changed(d.values, func() (widget.Values, error) { return h.fresh(msg, d.values) })
	case "custom":
		return h.each(func(to widget.Sink) error { return to.Deliver(d.content, msg.Body) })
	}
	return malformed(errors.New("the method " + codec.Quote(d.method) + " is not known"))
}

// changed hands values on, or what is left of them then.
func (h *Host) changed(v widget.Values, then func() (widget.Values, error)) error {
	h.mu.Lock()
	links, asked := slices.Clone(h.links), h.asking
	h.asking = nil
	for _, a := range asked {
		if a.l != nil {
			h.links = append(h.links, a.l)
		}
	}
	h.mu.Unlock()
	if len(asked) > 0 {
		buffers, err := codec.CopyBuffers(v.Buffers)
		if err != nil {
			return err
		}
		for _, a := range asked {
			a.answer <- widget.Values{Traits: v.Traits, Paths: v.Paths, Buffers: widget.Bytes(buffers)} // its buffer has room
		}
	}
	return tell(links, func(to widget.Sink) error { return to.Change(then) })
}

// each calls f for the models. The first error is returned, when all were called.
func (h *Host) each(f func(widget.Sink) error) error {
	h.mu.Lock()
	links := slices.Clone(h.links)
	h.mu.Unlock()
	return tell(links, f)
}

func tell(links []*link, f func(widget.Sink) error) error {
	var first error
	for _, l := range links {
		if err := f(l.to); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// closed ends the models, since the comm has ended.
func (h *Host) closed(*commmgr.Message) error {
	h.w.remove(h)
	return h.each(func(to widget.Sink) error { to.End(h.c.Err()); return nil })
}
