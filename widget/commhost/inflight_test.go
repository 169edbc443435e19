package commhost_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/widgettest"
)

// TestUpdatesGoOnAfterAGap loses all that the kernel says about an update.
func TestUpdatesGoOnAfterAGap(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 1, "text": "t"})
	m := widgettest.Bind[state](w)
	w.Kernel.Delay(time.Second)
	require.NoError(t, m.Update(func(s *state) { s.Value = 2 }))
	w.Await("the kernel to have it", func() bool { return w.Get("value") == 2.0 })
	w.Kernel.Drop()
	w.Kernel.Delay(0)
	w.Kernel.Flush() // all are on their way
	w.Kernel.Clock.Advance(time.Second)
	w.Kernel.Flush()
	w.Kernel.Reconnect(3) // busy, echo_update, idle
	for range 100 {
		require.NoError(t, m.Update(func(s *state) { s.Value++ }))
	}
	w.Await("the kernel to have the last", func() bool { return w.Get("value") == 102.0 })
	require.Empty(t, w.Errors())
}

// TestLargeUpdatesWhileOneTravels: each is sent, though not in one message, or refused where it is made.
func TestLargeUpdatesWhileOneTravels(t *testing.T) {
	type large struct{ One, Two, Three []byte }
	w := widgettest.New(t, map[string]any{"one": []byte{}, "two": []byte{}, "three": []byte{}})
	m := widgettest.Bind[large](w)
	w.Kernel.Delay(time.Second)
	const size = 5_000_000
	require.NoError(t, m.Update(func(s *large) { s.One = make([]byte, size) }))
	require.NoError(t, m.Update(func(s *large) { s.Two = make([]byte, size) }))
	require.NoError(t, m.Update(func(s *large) { s.Three = make([]byte, size) }))
	err := m.Update(func(s *large) { s.One = make([]byte, 9_000_000) })
	require.ErrorIs(t, err, commmgr.ErrTooLarge)
	require.Len(t, m.Get().One, size, "as before")
	w.Kernel.Delay(0)
	for range 3 {
		w.Kernel.Flush()
		w.Kernel.Clock.Advance(time.Second)
	}
	for _, name := range []string{"one", "two", "three"} {
		w.Await("the kernel to have "+name, func() bool { b, _ := w.Get(name).([]byte); return len(b) == size })
	}
	require.Empty(t, w.Errors())
}

// A forgetful transport loses the idle of messages.
type forgetful struct{ host.Transport }

func (f forgetful) Send(o *host.Outgoing) (string, error) {
	busy := *o
	if o.Event != nil {
		busy.Event = func(e host.Event, msg *commmgr.Message) {
			if content, _ := msg.JSON(commmgr.Content); !strings.Contains(string(content), "idle") {
				o.Event(e, msg)
			}
		}
	}
	return f.Transport.Send(&busy)
}

// TestUpdatesGoOnAfterALostIdle has the kernel begin with an update, and a gap hide that it has ended, while a
// handler is at work.
func TestUpdatesGoOnAfterALostIdle(t *testing.T) {
	k, m, c := open(t, func(o *host.Options) { o.Transport = forgetful{o.Transport} })
	began, goOn := make(chan bool), make(chan bool)
	defer close(goOn)
	m.ObserveMsg(func(*widget.Msg) error { began <- true; <-goOn; return nil })
	c.Send(map[string]any{"method": "custom", "content": 1})
	receive(t, began, "the handler")
	require.NoError(t, m.Update(func(s *state) { s.Value = 2 }))
	require.NoError(t, m.Update(func(s *state) { s.Value = 3 }))
	require.Len(t, c.Await(1), 1)
	k.Gap(commmgr.Gap{})
	require.Equal(t, 3.0, stateOf(t, c.Await(2)[1])["value"])
}

// TestAHandlerWaitsForTheKernel has a handler make two updates and wait until the kernel has both.
func TestAHandlerWaitsForTheKernel(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 1, "text": "t"})
	m := widgettest.Bind[state](w)
	done := make(chan bool, 1)
	m.ObserveMsg(func(*widget.Msg) error {
		err := m.Update(func(s *state) { s.Value = 2 })
		err = errors.Join(err, m.Update(func(s *state) { s.Value = 3 }))
		for deadline := time.Now().Add(3 * time.Second); w.Get("value") != 3.0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		done <- w.Get("value") == 3.0
		return err
	})
	w.Send("go")
	require.True(t, receive(t, done, "the handler"), "the second update was not sent")
	require.Empty(t, w.Errors())
}

// open opens a widget whose kernel does nothing by itself, and binds a model.
func open(t *testing.T, change func(*host.Options)) (*commmgrtest.Kernel, *widget.Model[state], *commmgrtest.Comm) {
	k := commmgrtest.New(t, change)
	models := make(chan *widget.Model[state], 1)
	_, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		m, err := widget.Bind[state](t.Context(), h)
		models <- m
		return err
	}})
	require.NoError(t, err)
	c := k.Open(commhost.Target, map[string]any{"state": map[string]any{"value": 1, "text": "t"}})
	m := receive(t, models, "the model")
	t.Cleanup(m.Close)
	return k, m, c
}

// A mute transport is that of a kernel that says nothing about messages.
type mute struct{ host.Transport }

func (m mute) Send(o *host.Outgoing) (string, error) {
	quiet := *o
	quiet.Wants = 0
	return m.Transport.Send(&quiet)
}

// TestAKernelThatSaysNothing: some kernels send no status while a cell waits.
func TestAKernelThatSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, m, c := open(t, func(o *host.Options) { o.Transport = mute{o.Transport} })
		for range 10 {
			require.NoError(t, m.Update(func(s *state) { s.Value++ }))
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		require.Len(t, c.Received(), 2)
		require.Equal(t, 11.0, stateOf(t, c.Received()[1])["value"])
	})
}
