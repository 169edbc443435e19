package commmgr_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/layer"
)

// A sorter takes messages that begin with "take", serves those with "serve".
type sorter struct {
	t       *testing.T
	taken   chan string
	served  chan string
	closing func()
}

func (s *sorter) Judge(msg *commmgr.Message) layer.Verdict {
	b, err := msg.JSON(commmgr.Data)
	require.NoError(s.t, err)
	switch text := string(b); {
	case strings.HasPrefix(text, "take"):
		s.taken <- text
		return layer.Taken
	case strings.HasPrefix(text, "serve"):
		return layer.Serve
	case strings.HasPrefix(text, "panic"):
		panic(text)
	}
	return layer.Pass
}

func (s *sorter) Serve(msg *commmgr.Message) error {
	b, err := msg.JSON(commmgr.Data)
	if err == nil {
		s.served <- string(b)
	}
	return err
}

func (s *sorter) Closing() { s.closing() }

func sorted(t *testing.T, c *commmgr.Comm) *sorter {
	s := &sorter{t: t, taken: make(chan string, 10), served: make(chan string, 10), closing: func() {}}
	require.Same(t, s, layer.Intercept(c, func() layer.Interceptor { return s }))
	require.Same(t, s, layer.Intercept(c, func() layer.Interceptor { panic("it has one") }))
	return s
}

func TestInterceptor(t *testing.T) {
	l := &ledger{}
	m, w := newWired(nil)
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	deliver := func(texts ...string) {
		for _, text := range texts {
			m.Deliver(l.message(commmgr.CommMsg, "c", text))
		}
	}
	deliver("before", "serve before", "take before")
	s := sorted(t, c)
	require.Equal(t, "serve before", receive(t, s.served, "a message served"))
	require.Equal(t, "take before", receive(t, s.taken, "a message that came before"))
	deliver("after", "take", "serve", "panic")
	require.Equal(t, "take", <-s.taken, "at once")
	require.Equal(t, "serve", receive(t, s.served, "a message served while others wait for OnMsg"))
	m.DeliverGap(commmgr.Gap{})
	handled := layer.Handled(c)
	n, bytes := c.Queue().Messages, c.Queue().Bytes
	require.GreaterOrEqual(t, n, 2)
	require.GreaterOrEqual(t, bytes, 200)

	got := make(chan string, 10)
	c.OnGap(func(commmgr.Gap) error { got <- "gap"; return nil })
	c.OnMsg(func(msg *commmgr.Message) error {
		b, err := msg.JSON(commmgr.Data)
		got <- string(b)
		return err
	})
	receive(t, handled, "all to be handled")
	require.Equal(t, []string{"before", "after", "gap"}, drain(got))
	require.Len(t, w.Errors(), 1)
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrHandler)
	require.ErrorContains(t, w.Errors()[0], `comm_msg: comm "c" (target "t"): the handler failed: panic: panic`)

	var late error
	s.closing = func() { _, late = c.Send(&commmgr.Payload{Data: []byte(`"late"`)}) }
	require.NoError(t, c.Close(nil))
	require.NoError(t, c.Close(nil))
	require.NoError(t, late)
	sent := w.Sent()
	require.Len(t, sent, 2)
	require.Equal(t, `"late"`, string(sent[0].Data))
	require.Equal(t, commmgr.CommClose, sent[1].MsgType)
	require.True(t, l.settled())
}

// TestParkedAtTheEnd has a comm end while messages wait for OnMsg.
func TestParkedAtTheEnd(t *testing.T) {
	for _, end := range []string{"Close", "comm_close"} {
		t.Run(end, func(t *testing.T) {
			l := &ledger{}
			m, w := newWired(nil)
			c, err := m.RegisterComm("c", "t", nil)
			require.NoError(t, err)
			s := sorted(t, c)
			for _, text := range []string{"waits", "serve"} {
				m.Deliver(l.message(commmgr.CommMsg, "c", text))
			}
			require.Equal(t, "serve", receive(t, s.served, "a message served"))
			closed := make(chan bool, 1)
			c.OnClose(func(*commmgr.Message) error { closed <- true; return nil })
			handled := layer.Handled(c)
			if end == "Close" {
				require.NoError(t, c.Close(nil))
			} else {
				m.Deliver(l.message(commmgr.CommClose, "c", ""))
				receive(t, closed, "OnClose")
			}
			receive(t, handled, "what waits to be dropped or handled")
			receive(t, layer.Handled(c), "nothing")
			require.True(t, l.settled())
			require.Empty(t, w.Errors())
		})
	}
}

func TestParkedCountsForTheLimit(t *testing.T) {
	l := &ledger{}
	m, w := newWired(func(o *host.Options) { o.QueueLen = 3 })
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	s := sorted(t, c)
	for _, text := range []string{"1", "2", "3", "serve"} {
		m.Deliver(l.message(commmgr.CommMsg, "c", text))
		if text == "3" {
			m.Deliver(l.message(commmgr.CommMsg, "c", "take"))
			<-s.taken
		}
	}
	require.ErrorIs(t, c.Err(), commmgr.ErrOverflow)
	receive(t, layer.Handled(c), "the end")
	require.True(t, l.settled())
	require.Len(t, w.Errors(), 1)
}

func TestInterceptedInline(t *testing.T) {
	l := &ledger{}
	m, w := newWired(nil)
	c, err := m.RegisterComm("c", "t", &commmgr.TargetOptions{Inline: true})
	require.NoError(t, err)
	s := sorted(t, c)
	for _, text := range []string{"discarded", "serve", "take"} {
		m.Deliver(l.message(commmgr.CommMsg, "c", text))
	}
	require.Equal(t, []string{"serve"}, drain(s.served))
	require.Equal(t, []string{"take"}, drain(s.taken))
	require.Equal(t, 1, m.Stats().Discarded)
	require.True(t, l.settled())
	require.Empty(t, w.Errors())
}

func TestGo(t *testing.T) {
	m, w := newWired(nil)
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	release := make(chan bool)
	for _, f := range []func() error{
		func() error { return nil },
		func() error { return errors.New("it failed") },
		func() error { panic("it panics") },
		func() error { runtime.Goexit(); return nil },
	} {
		layer.Go(c, "job", func() error {
			defer func() { release <- true }()
			return f()
		})
	}
	for range 4 {
		receive(t, release, "the jobs")
	}
	require.Eventually(t, func() bool { return len(w.Errors()) == 3 }, patience, patience/1000)
	for _, err := range w.Errors() {
		require.ErrorIs(t, err, commmgr.ErrHandler)
		require.ErrorContains(t, err, `commmgr: job: comm "c" (target "t"): the handler failed: `)
	}
	require.Equal(t, 3, m.Stats().Failed)
}

// TestHandled asks while a handler is at work.
func TestHandled(t *testing.T) {
	l := &ledger{}
	m, _ := newWired(nil)
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	receive(t, layer.Handled(c), "nothing")
	began, release := make(chan bool), make(chan bool)
	c.OnMsg(func(*commmgr.Message) error { began <- true; <-release; return nil })
	m.Deliver(l.message(commmgr.CommMsg, "c", "1"))
	receive(t, began, "the handler")
	handled := layer.Handled(c)
	require.Empty(t, handled)
	release <- true
	receive(t, handled, "the handler to return")
	require.True(t, l.settled())
}

// TestInlineCallbacks is a callback called while the comm's handler is at work.
func TestInlineCallbacks(t *testing.T) {
	l := &ledger{}
	m, w := newWired(nil)
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	began, release := make(chan bool), make(chan bool)
	c.OnMsg(func(*commmgr.Message) error { began <- true; <-release; return nil })
	m.Deliver(l.message(commmgr.CommMsg, "c", "1"))
	receive(t, began, "the handler")
	var got []string
	_, err = c.Send(&commmgr.Payload{Callbacks: &commmgr.Callbacks{Inline: true, Status: func(msg *commmgr.Message) {
		b, err := msg.JSON(commmgr.Content)
		require.NoError(t, err)
		got = append(got, string(b))
	}}})
	require.NoError(t, err)
	w.Sent()[0].Event(host.EventStatus, l.message("status", "c", "idle"))
	require.Equal(t, []string{"idle"}, got)
	handled := layer.Handled(c)
	release <- true
	receive(t, handled, "the handler to return")
	require.True(t, l.settled())
}
