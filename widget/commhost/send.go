package commhost

import (
	"slices"

	"gocomm/commmgr"
	"gocomm/widget/host"
)

// update sends traits. h.mu is held, and the gate is entered.
func (h *Host) update(traits []host.Trait) error {
	v, buffers := host.Join(traits)
	data := slices.Concat([]byte(`{"method":"update","state":`), v.Traits, []byte(`,"buffer_paths":`), v.Paths, []byte(`}`))
	id, err := h.gate.Send(&commmgr.Payload{Data: data, Buffers: buffers})
	if err != nil {
		return err
	}
	for _, t := range traits {
		h.expected[t.Name] = id
		for _, r := range h.requests {
			r.newer[t.Name] = true
		}
	}
	return nil
}

// next sends what was merged, when the kernel is done with the update before.
func (h *Host) next() error {
	if h.c.Err() != nil {
		return nil
	}
	h.mu.Lock()
	traits := h.merged
	h.merged = nil
	var err error
	if len(traits) > 0 {
		err = h.update(traits)
	}
	if err == nil {
		for _, l := range h.links { // the kernel may have changed them meanwhile: this is what it gets
			l.tellLater(traits)
		}
	}
	h.mu.Unlock()
	if err != nil {
		h.w.o.OnError(err)
	}
	return nil
}

// awaitsEcho tells whether an echo of a trait is older than this client's own value, whose echo is
// still to come. id is the msg_id of the echoed update. h.mu is held.
func (h *Host) awaitsEcho(trait, id string) bool {
	want, waits := h.expected[trait]
	if waits && want == id {
		delete(h.expected, trait)
		return false
	}
	return waits
}

// merging tells whether a newer value of the trait waits to be sent. h.mu is held.
func (h *Host) merging(trait string) bool { return has(h.merged, trait) }
