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
	to   host.Sink
	sets []string
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
func (h *fakeHost) Report(error)                {}
func (h *fakeHost) Unbind()                     {}
func (h *fakeHost) Open(host.Context, string) (host.Host, error) {
	return nil, errors.New("there are no others")
}

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
