package commhost

import (
	"slices"

	"gocomm/commmgr"
	"gocomm/widget"
)

// A link is a model's way to its widget.
type link struct {
	h  *Host
	to widget.Sink
}

// Set is [widget.Link].Set. While an update is under way the traits wait, and newer
// values take their place.
func (l *link) Set(traits []widget.Trait) error {
	h := l.h
	h.mu.Lock()
	err := error(nil)
	if h.inFlight {
		for _, t := range traits {
			h.merged = slices.DeleteFunc(h.merged, func(older widget.Trait) bool { return older.Name == t.Name })
			h.merged = append(h.merged, t.Own())
		}
		if h.c.Err() != nil {
			err = commmgr.ErrCommClosed
		}
	} else {
		err = h.update(traits)
	}
	others := slices.DeleteFunc(slices.Clone(h.links), func(other *link) bool { return other == l })
	h.mu.Unlock()
	if err == nil && len(others) > 0 {
		for i, t := range traits {
			traits[i] = t.Own()
		}
		go func() { // ends when the other models of this widget have been told
			v, _ := widget.Join(traits)
			for _, other := range others {
				if err := other.to.Change(func() (widget.Values, error) { return v, nil }); err != nil {
					h.w.o.OnError(err)
				}
			}
		}()
	}
	return err
}

// update sends traits. h.mu is held.
func (h *Host) update(traits []widget.Trait) error {
	v, buffers := widget.Join(traits)
	data := slices.Concat([]byte(`{"method":"update","state":`), v.Traits, []byte(`,"buffer_paths":`), v.Paths, []byte(`}`))
	id, err := h.c.Send(&commmgr.Payload{Data: data, Buffers: buffers, Callbacks: &commmgr.Callbacks{Status: h.status}})
	h.inFlight = err == nil
	if err != nil {
		return err
	}
	for _, t := range traits {
		h.expected[t.Name] = id
		if h.request != "" {
			h.newer[t.Name] = true
		}
	}
	return nil
}

// status takes the kernel's status of an update: when it is idle again, the next is sent.
func (h *Host) status(msg *commmgr.Message) {
	idle, err := isIdle(msg)
	if err != nil || !idle {
		return
	}
	h.mu.Lock()
	traits := h.merged
	h.merged, h.inFlight = nil, false
	if len(traits) > 0 {
		err = h.update(traits)
	}
	h.mu.Unlock()
	if err != nil {
		h.w.o.OnError(err)
		return
	}
	if len(traits) > 0 {
		// The kernel may have said otherwise meanwhile: this is what it has now.
		v, _ := widget.Join(traits)
		if err := h.each(func(to widget.Sink) error {
			return to.Change(func() (widget.Values, error) { return h.unmerged(v) })
		}); err != nil {
			h.w.o.OnError(err)
		}
	}
}

// fresh gives the values of an echo without those that are older than this side's own,
// whose echo is still to come, or which are about to be sent.
func (h *Host) fresh(msg *commmgr.Message, v widget.Values) (widget.Values, error) {
	id, err := parentID(msg)
	if err != nil {
		return v, err
	}
	return h.without(v, func(name string) bool {
		want, waits := h.expected[name]
		if waits && want == id {
			delete(h.expected, name)
			waits = false
		}
		return waits || h.merging(name)
	})
}

// since gives the values of an update, which all count, unless it answers a
// request_state: then those that were sent since are newer than the answer.
func (h *Host) since(msg *commmgr.Message, v widget.Values) (widget.Values, error) {
	id, err := parentID(msg)
	if err != nil {
		return v, err
	}
	h.mu.Lock()
	answers, newer := h.request != "" && h.request == id, h.newer
	h.mu.Unlock()
	if !answers {
		return v, nil
	}
	return h.without(v, func(name string) bool { return newer[name] || h.merging(name) })
}

// unmerged gives values without those of which newer ones are about to be sent.
func (h *Host) unmerged(v widget.Values) (widget.Values, error) { return h.without(v, h.merging) }

// merging tells whether a value of the trait is about to be sent. h.mu is held.
func (h *Host) merging(name string) bool {
	return slices.ContainsFunc(h.merged, func(t widget.Trait) bool { return t.Name == name })
}

// without has those values skipped that skip tells, which is called with h.mu held.
func (h *Host) without(v widget.Values, skip func(trait string) bool) (widget.Values, error) {
	traits, err := names(v)
	if err != nil {
		return v, err
	}
	v.Skip = map[string]bool{}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, name := range traits {
		v.Skip[name] = skip(name)
	}
	return v, nil
}

// Send is [widget.Link].Send.
func (l *link) Send(content []byte, buffers [][]byte) error {
	data := slices.Concat([]byte(`{"method":"custom","content":`), content, []byte(`}`))
	_, err := l.h.c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
	return err
}

// Open is [widget.Link].Open.
func (l *link) Open(ctx widget.Context, id string) (widget.Host, error) {
	return l.h.w.find(ctx, id)
}

// Report is [widget.Link].Report.
func (l *link) Report(err error) { l.h.w.o.OnError(err) }

// Unbind is [widget.Link].Unbind.
func (l *link) Unbind() {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	l.h.links = slices.DeleteFunc(slices.Clone(l.h.links), func(other *link) bool { return other == l })
}
