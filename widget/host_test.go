package widget_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"gocomm/widget"
	"gocomm/widget/host"
)

// A fakeHost is one whose calls the test makes.
type fakeHost struct {
	host.Alone
	to       host.Sink
	sets     []string
	reported error
}

func (h *fakeHost) Bind(_ host.Context, _ []string, to host.Sink) (host.Link, host.Values, error) {
	h.to = to
	return h, host.Values{Traits: []byte(`{"value": 1}`)}, nil
}

func (h *fakeHost) Set(traits []host.Trait) error {
	v, _ := host.Join(traits)
	h.sets = append(h.sets, string(v.Traits))
	return nil
}

func (h *fakeHost) Send([]byte, [][]byte) error { return nil }
func (h *fakeHost) Report(err error)            { h.reported = err }
func (h *fakeHost) Unbind()                     {}
func (h *fakeHost) ID() string                  { return "" }
func (h *fakeHost) Close() error                { return errors.New("it cannot be closed") }

// TestNoUpdateIsOverwrittenByWhatWasOlder: an update that begins while a change is being
// read is made after it.
func TestNoUpdateIsOverwrittenByWhatWasOlder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &fakeHost{}
		m, err := widget.Bind[struct{ Value int }](nil, h)
		require.NoError(t, err)
		defer m.Close()
		made := false
		done := make(chan error, 1)
		require.NoError(t, h.to.Change(func() (host.Values, error) {
			go func() {
				done <- m.Update(func(s *struct{ Value int }) { made = true; s.Value = 60 })
			}()
			synctest.Wait()
			require.False(t, made, "it would be lost")
			return host.Values{Traits: []byte(`{"value": 50}`)}, nil
		}))
		require.NoError(t, <-done)
		require.Equal(t, 60, m.Get().Value)
		require.Equal(t, []string{`{"value":60}`}, h.sets)
		failed := errors.New("cannot be read")
		require.ErrorIs(t, h.to.Change(func() (host.Values, error) { return host.Values{}, failed }), failed)
		require.Equal(t, 60, m.Get().Value)
	})
}

// A readingHost is one that has the values at hand.
type readingHost struct {
	fakeHost
	bytes []byte
	reads int
	fails error
}

func (h *readingHost) Bind(_ host.Context, _ []string, to host.Sink) (host.Link, host.Values, error) {
	h.to = to
	return h, h.values(), nil
}

func (h *readingHost) values() host.Values {
	return host.Values{Traits: []byte(`{"value": 1}`), Paths: []byte(`[["bytes"]]`), Buffers: host.Bytes{h.bytes}}
}

func (h *readingHost) Read(_ []string, f func(host.Values) error) error {
	h.reads++
	if h.fails != nil {
		return h.fails
	}
	return f(h.values())
}

// TestShed: a model that has let go of a large value reads it again when it is needed, and only then.
func TestShed(t *testing.T) {
	type large struct {
		Value int
		Bytes []byte
	}
	bind := func(t *testing.T, n int) (*readingHost, *widget.Model[large]) {
		h := &readingHost{bytes: make([]byte, n)}
		m, err := widget.Bind[large](nil, h)
		require.NoError(t, err)
		t.Cleanup(m.Close)
		h.to.Shed()
		return h, m
	}
	change := func(h *readingHost, v host.Values) {
		require.NoError(t, h.to.Change(func() (host.Values, error) { return v, nil }))
	}
	const size = 2 << 20

	t.Run("Small", func(t *testing.T) {
		h, m := bind(t, 1000)
		require.Len(t, m.Get().Bytes, 1000)
		require.Zero(t, h.reads)
	})
	t.Run("Get", func(t *testing.T) {
		h, m := bind(t, size)
		require.NoError(t, h.to.Deliver([]byte("1"), nil))
		require.Zero(t, h.reads, "no handler has asked for it")
		require.Len(t, m.Get().Bytes, size)
		require.Len(t, m.Get().Bytes, size)
		require.Equal(t, 1, h.reads)
		h.to.Shed()
		require.Len(t, m.Get().Bytes, size)
		require.Equal(t, 2, h.reads)
	})
	t.Run("Update", func(t *testing.T) {
		h, m := bind(t, size)
		require.NoError(t, m.Update(func(s *large) { s.Value = len(s.Bytes) }))
		require.Equal(t, []string{`{"value":2097152}`}, h.sets, "what was let go of has not changed")
	})
	t.Run("Observe", func(t *testing.T) {
		h, m := bind(t, size)
		told := make(chan [2]int, 2)
		m.Observe(func(old, now large) { told <- [2]int{len(old.Bytes), len(now.Bytes)} })
		change(h, host.Values{Traits: []byte(`{"value": 2}`)})
		require.Equal(t, [2]int{size, size}, <-told)
		h.to.Shed()
		change(h, host.Values{Traits: []byte(`{}`), Paths: []byte(`[["bytes"]]`), Buffers: host.Bytes{make([]byte, 7)}})
		require.Equal(t, 7, (<-told)[1])
		require.Equal(t, 1, h.reads, "the new value was there")
	})
	t.Run("ItCannotBeRead", func(t *testing.T) {
		h, m := bind(t, size)
		h.fails = errors.New("as told")
		require.Empty(t, m.Get().Bytes)
		require.ErrorContains(t, h.reported, "widget: get: ")
	})
	t.Run("Concurrently", func(t *testing.T) {
		h, m := bind(t, size)
		done := make(chan bool)
		go func() {
			defer close(done)
			for range 200 {
				h.to.Shed()
			}
		}()
		for range 200 {
			require.Len(t, m.Get().Bytes, size)
		}
		<-done
	})
}
