package commhost

import (
	"slices"

	"gocomm/commmgr"
	"gocomm/widget/host"
)

// A link is a model's way to its widget.
type link struct {
	manager
	h  *Host
	to host.Sink

	// Guarded by h.mu.
	pending []host.Trait // what the widget's models have set, of which this one does not know yet
	telling bool         // a goroutine is about to tell it
}

// mostMerged is how many bytes of traits wait together: a server takes about that much in one
// message (commmgr/host.DefaultMaxSend).
const mostMerged = 8<<20 - 4096

// Set is [host.Link].Set. While an update travels the traits wait, and newer values replace them;
// but what would be too large together is sent at once.
func (l *link) Set(traits []host.Trait) error {
	h := l.h
	h.mu.Lock()
	defer h.mu.Unlock()
	waits := h.c.Err() == nil && !h.gate.Enter() // after the end, sending says what is wrong
	own := traits
	if waits || len(h.links) > 1 || h.current {
		own = clone(traits)
	}
	if merged := merge(h.merged, own); waits && size(merged) <= mostMerged {
		h.merged = merged
	} else if err := h.update(traits); err != nil {
		return err
	} else {
		h.merged = omit(h.merged, traits)
	}
	if h.current {
		h.since = merge(h.since, own)
	}
	l.pending = omit(l.pending, traits)
	for _, other := range h.links {
		if other != l {
			other.tellLater(own)
		}
	}
	return nil
}

// clone copies traits with their buffers, whose memory is the program's.
func clone(traits []host.Trait) []host.Trait {
	all := slices.Clone(traits)
	for i := range all {
		all[i].Buffers = slices.Clone(all[i].Buffers)
		for j, b := range all[i].Buffers {
			all[i].Buffers[j] = slices.Clone(b)
		}
	}
	return all
}

// size is about how many bytes of a message traits are.
func size(traits []host.Trait) (n int) {
	for _, t := range traits {
		n += len(t.Name) + len(t.JSON)
		for _, b := range t.Buffers {
			n += len(b)
		}
	}
	return n
}

// merge gives traits with newer ones in the place of those of the same names.
func merge(traits, newer []host.Trait) []host.Trait { return append(omit(traits, newer), newer...) }

// omit gives traits without those of the same names as others.
func omit(traits, others []host.Trait) []host.Trait {
	return slices.DeleteFunc(slices.Clone(traits), func(t host.Trait) bool { return has(others, t.Name) })
}

func has(traits []host.Trait, name string) bool {
	return slices.ContainsFunc(traits, func(t host.Trait) bool { return t.Name == name })
}

// tellLater has a model told of traits, on a goroutine: it may be making an update. h.mu is held.
func (l *link) tellLater(traits []host.Trait) {
	l.pending = merge(l.pending, traits)
	if l.telling {
		return
	}
	l.telling = true
	go func() { // ends when the model's update is made
		if err := l.to.Change(l.told); err != nil {
			l.Report(err)
		}
	}()
}

// told gives what is pending, now that the model is told.
func (l *link) told() (host.Values, error) {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	v, _ := host.Join(l.pending)
	l.pending, l.telling = nil, false
	return v, nil
}

// newest gives values of the kernel but those that skip names. The others are newer than what is
// pending. skip may be nil; it is called with h.mu held.
func (l *link) newest(v host.Values, skip func(trait string) bool) (host.Values, error) {
	h := l.h
	h.mu.Lock()
	all := skip == nil && len(l.pending) == 0
	h.mu.Unlock()
	if all {
		return v, nil
	}
	traits, err := names(v)
	if err != nil {
		return v, err
	}
	v.Skip = map[string]bool{}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, name := range traits {
		v.Skip[name] = skip != nil && skip(name)
	}
	l.pending = slices.DeleteFunc(slices.Clone(l.pending), func(t host.Trait) bool {
		skipped, there := v.Skip[t.Name]
		return there && !skipped
	})
	return v, nil
}

// Send is [host.Link].Send.
func (l *link) Send(content []byte, buffers [][]byte) error {
	data := slices.Concat([]byte(`{"method":"custom","content":`), content, []byte(`}`))
	_, err := l.h.c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
	return err
}

// Close is [host.Link].Close.
func (l *link) Close() error {
	return l.h.c.Close(nil)
}

// Report is [host.Link].Report.
func (l *link) Report(err error) { l.h.w.o.OnError(err) }

// Unbind is [host.Link].Unbind.
func (l *link) Unbind() {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	l.h.unlink(l)
}

// unlink removes a link. h.mu is held.
func (h *Host) unlink(l *link) {
	h.links = slices.DeleteFunc(slices.Clone(h.links), func(other *link) bool { return other == l })
}
