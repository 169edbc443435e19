package commhost

import (
	"slices"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/widget/host"
)

// A request is a request_state that the kernel has not answered yet: with an update that has it
// as its parent.
type request struct {
	id    string
	asker *asker          // or nil: no one waits
	newer map[string]bool // traits that were sent since
}

// An asker waits for the state.
type asker struct {
	answer chan answer // has room for one
	l      *link       // to be told of what comes after the answer; or nil
}

type answer struct {
	v   host.Values
	err error
}

// ask asks the kernel for the state, and waits for it. From then on l is told of changes.
func (h *Host) ask(ctx host.Context, l *link) (host.Values, error) {
	a := &asker{make(chan answer, 1), l}
	err := h.requestState(a)
	if err == nil {
		select {
		case got := <-a.answer:
			return got.v, got.err
		case <-h.c.Done():
			err = h.c.Err()
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.requests {
		if r.asker == a {
			r.asker = nil
		}
	}
	h.unlink(l)
	return host.Values{}, err
}

// requestState asks for the state, for an asker or nil. It does not wait.
func (h *Host) requestState(a *asker) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	id, err := h.c.Send(&commmgr.Payload{Data: []byte(`{"method":"request_state"}`)})
	if err == nil {
		h.requests = append(h.requests, &request{id, a, map[string]bool{}})
	}
	return err
}

// answered gives the request that an update answers, or nil, and has the askers get the values.
// The kernel answers in order: a gap has swallowed the answers to earlier requests, whose askers get
// these.
func (h *Host) answered(id string, v host.Values) (*request, error) {
	h.mu.Lock()
	i := slices.IndexFunc(h.requests, func(r *request) bool { return r.id == id })
	if i < 0 {
		h.mu.Unlock()
		return nil, nil
	}
	r := h.requests[i]
	var askers []*asker
	for _, r := range h.requests[:i+1] {
		if r.asker != nil {
			askers = append(askers, r.asker)
			if r.asker.l != nil {
				h.links = append(slices.Clip(h.links), r.asker.l)
			}
			r.asker = nil
		}
	}
	h.requests = h.requests[i:] // until the models have the answer, updates are newer
	for trait := range h.expected {
		if !r.newer[trait] { // its echo came before the answer, or in a gap
			delete(h.expected, trait)
		}
	}
	h.mu.Unlock()
	var first error
	for _, a := range askers {
		buffers, err := codec.CopyBuffers(v.Buffers)
		if first == nil {
			first = err
		}
		a.answer <- answer{host.Values{Traits: v.Traits, Paths: v.Paths, Buffers: host.Bytes(buffers)}, err}
	}
	return r, first
}

// settle forgets a request, when the models know the answer.
func (h *Host) settle(r *request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = slices.DeleteFunc(h.requests, func(other *request) bool { return other == r })
}
