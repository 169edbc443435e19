package commmgr_test

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

// together runs f on n goroutines and waits for them.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// awaitSettled waits until all messages are released.
func awaitSettled(t *testing.T, l *ledger) {
	t.Helper()
	require.Eventually(t, l.settled, patience, patience/10_000,
		"made %d messages, released %d, some twice: %d", l.made.Load(), l.released.Load(), l.doubly.Load())
}

func TestHammerMessages(t *testing.T) {
	const comms, messages, deliverers = 100, 100_000, 4
	l := &ledger{}
	m, w := newWired(nil)
	var left atomic.Int64
	left.Store(messages)
	done := make(chan struct{})
	got := make([][]string, comms)
	_, err := m.RegisterTarget("t", func(c *commmgr.Comm, open *commmgr.Message) error {
		n, err := strconv.Atoi(c.ID())
		c.OnMsg(func(msg *commmgr.Message) error {
			b, err := msg.JSON(commmgr.Data)
			got[n] = append(got[n], string(b))
			if left.Add(-1) == 0 {
				close(done)
			}
			return err
		})
		return err
	}, nil)
	require.NoError(t, err)
	together(deliverers, func(i int) { // each delivers to comms of its own
		for n := i; n < comms; n += deliverers {
			m.Deliver(l.message(commmgr.CommOpen, strconv.Itoa(n), ""))
		}
		for seq := range messages / comms {
			for n := i; n < comms; n += deliverers {
				m.Deliver(l.message(commmgr.CommMsg, strconv.Itoa(n), strconv.Itoa(seq)))
			}
		}
	})
	receive(t, done, "all messages")
	for n := range got {
		require.Len(t, got[n], messages/comms)
		for seq, text := range got[n] {
			if text != strconv.Itoa(seq) {
				t.Fatalf("comm %d got %s as number %d", n, text, seq)
			}
		}
	}
	require.Empty(t, w.Errors())
	awaitSettled(t, l)
}

// Targets come and go while comms are opened to them: no comm is opened twice or
// by nobody, and each has its messages in order.
func TestHammerHeld(t *testing.T) {
	for _, inline := range []bool{false, true} {
		t.Run("inline="+strconv.FormatBool(inline), func(t *testing.T) {
			const comms, messages = 2000, 5
			l := &ledger{}
			m, w := newWired(nil)
			var opens, left atomic.Int64
			left.Store(comms * messages)
			done := make(chan struct{})
			open := func(c *commmgr.Comm, _ *commmgr.Message) error {
				opens.Add(1)
				seq := 0
				c.OnMsg(func(msg *commmgr.Message) error {
					if b, _ := msg.JSON(commmgr.Data); string(b) != strconv.Itoa(seq) {
						t.Errorf("comm %s: message %s came as number %d", c.ID(), b, seq)
					}
					seq++
					if left.Add(-1) == 0 {
						close(done)
					}
					return nil
				})
				return nil
			}
			stop := make(chan struct{})
			var registrar sync.WaitGroup
			registrar.Go(func() {
				for {
					target, err := m.RegisterTarget("t", open, &commmgr.TargetOptions{Inline: inline})
					if err != nil {
						t.Error(err)
						return
					}
					select {
					case <-stop:
						return // and leaves the target registered
					default:
						target.Unregister()
					}
				}
			})
			for i := range comms {
				id := strconv.Itoa(i)
				m.Deliver(l.message(commmgr.CommOpen, id, ""))
				for seq := range messages {
					m.Deliver(l.message(commmgr.CommMsg, id, strconv.Itoa(seq)))
				}
			}
			close(stop)
			registrar.Wait()
			receive(t, done, "all messages")
			require.EqualValues(t, comms, opens.Load())
			require.Empty(t, w.Errors())
			awaitSettled(t, l)
		})
	}
}

// Everything at once: nothing deadlocks, races or leaks, and the manager works
// afterwards.
func TestHammerEverything(t *testing.T) {
	const goroutines, loops = 8, 2000
	l := &ledger{}
	clock := &commmgrtest.Clock{}
	m, w := newWired(func(o *host.Options) {
		o.Clock = clock
		o.QueueLen = 20
	})
	type life struct { // of a comm whose open handler was called
		c              *commmgr.Comm
		closes, inside atomic.Int64
	}
	var mu sync.Mutex
	var lives []*life
	var late, doubly atomic.Int64 // messages after the end, and handlers of one comm at once
	open := func(c *commmgr.Comm, _ *commmgr.Message) error {
		o := &life{c: c}
		mu.Lock()
		lives = append(lives, o)
		mu.Unlock()
		within := func(f func() error) func(*commmgr.Message) error {
			return func(*commmgr.Message) error {
				if o.inside.Add(1) > 1 {
					doubly.Add(1)
				}
				defer o.inside.Add(-1)
				return f()
			}
		}
		c.OnMsg(within(func() error {
			if o.closes.Load() > 0 {
				late.Add(1)
			}
			_, err := c.Send(nil)
			return err
		}))
		c.OnClose(within(func() error { o.closes.Add(1); return c.Err() }))
		return nil
	}
	openInline := func(c *commmgr.Comm, _ *commmgr.Message) error { // within whichever Deliver
		c.OnMsg(func(*commmgr.Message) error { _, err := c.Send(nil); return err })
		c.OnClose(func(*commmgr.Message) error { return c.Err() })
		return nil
	}
	together(goroutines, func(g int) {
		r := rand.New(rand.NewPCG(1, uint64(g)))
		for range loops {
			id := "c" + strconv.Itoa(r.IntN(20))
			switch r.IntN(14) {
			case 0:
				if r.IntN(4) == 0 {
					m.RegisterTarget("t", openInline, &commmgr.TargetOptions{Inline: true})
				} else {
					m.RegisterTarget("t", open, nil)
				}
			case 1:
				if target, err := m.RegisterTarget("t", open, nil); err == nil {
					target.Unregister()
				}
			case 2, 3:
				m.Deliver(l.message(commmgr.CommOpen, id, ""))
			case 4, 5, 6, 7:
				m.Deliver(l.message(commmgr.CommMsg, id, ""))
			case 8:
				m.Deliver(l.message(commmgr.CommClose, id, ""))
			case 9:
				if c, err := m.Open("k", nil); err == nil {
					c.OnMsg(nil)
					defer c.Close(nil)
				}
			case 10:
				if c := m.Comm(id); c != nil {
					c.Close(nil)
				}
			case 11:
				for _, c := range m.Comms() {
					c.Send(nil)
					c.Queue()
				}
			case 12:
				clock.Advance(time.Second)
				m.DeliverGap(commmgr.Gap{})
				m.Stats()
				m.Targets()
			case 13:
				if r.IntN(10) == 0 {
					m.EndComms(errBoom)
				}
			}
		}
	})
	served := make(chan struct{}, 1)
	_, err := m.RegisterTarget("t", func(*commmgr.Comm, *commmgr.Message) error { served <- struct{}{}; return nil }, nil)
	require.NoError(t, err)
	m.Deliver(l.message(commmgr.CommOpen, "canary", ""))
	receive(t, served, "the canary")
	m.Detach()
	require.Empty(t, m.Comms())
	awaitSettled(t, l)
	for _, err := range w.Errors() {
		require.NotErrorAs(t, err, new(*commmgr.PanicError))
	}
	require.NotEmpty(t, lives)
	require.Zero(t, late.Load(), "messages after OnClose")
	require.Zero(t, doubly.Load(), "two handlers of a comm at once")
	for _, o := range lives {
		want := int64(1)
		if errors.Is(o.c.Err(), commmgr.ErrClosedHere) {
			want = 0
		}
		require.Error(t, o.c.Err())
		require.Eventually(t, func() bool { return o.closes.Load() == want }, patience, time.Millisecond,
			"comm %s ended with %v", o.c.ID(), o.c.Err())
	}
}
