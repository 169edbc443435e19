package widget_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/widget"
)

// A fakeHost is one whose calls the test makes.
type fakeHost struct {
	to   widget.Sink
	sets []string
}

func (h *fakeHost) Bind(_ widget.Context, _ []string, to widget.Sink) (widget.Link, widget.Values, error) {
	h.to = to
	return h, widget.Values{Traits: []byte(`{"value": 1}`)}, nil
}

func (h *fakeHost) Set(traits []widget.Trait) error {
	v, _ := widget.Join(traits)
	h.sets = append(h.sets, string(v.Traits))
	return nil
}

func (h *fakeHost) Send([]byte, [][]byte) error { return nil }
func (h *fakeHost) Report(error)                {}
func (h *fakeHost) Unbind()                     {}
func (h *fakeHost) Open(widget.Context, string) (widget.Host, error) {
	return nil, errors.New("there are no others")
}

// TestNoUpdateIsOverwrittenByWhatWasOlder: an update that begins while a change is being
// read is made after it.
func TestNoUpdateIsOverwrittenByWhatWasOlder(t *testing.T) {
	h := &fakeHost{}
	m, err := widget.Bind[struct{ Value int }](t.Context(), h)
	require.NoError(t, err)
	defer m.Close()
	done := make(chan error, 1)
	require.NoError(t, h.to.Change(func() (widget.Values, error) {
		older := widget.Values{Traits: []byte(`{"value": 50}`)}
		go func() { done <- m.Update(func(s *struct{ Value int }) { s.Value = 60 }) }()
		select {
		case err := <-done: // it would be lost
			done <- err
		case <-time.After(50 * time.Millisecond): // it waits
		}
		return older, nil
	}))
	require.NoError(t, <-done)
	require.Equal(t, 60, m.Get().Value)
	require.Equal(t, []string{`{"value":60}`}, h.sets)
	failed := errors.New("cannot be read")
	require.ErrorIs(t, h.to.Change(func() (widget.Values, error) { return widget.Values{}, failed }), failed)
	require.Equal(t, 60, m.Get().Value)
}
