package commmgr_test

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
)

type rude struct{}

func (*rude) Error() string { panic("no text") }

type stringer struct{}

func (stringer) String() string { return "a stringer" }

var errBoom = errors.New("boom")

// failures are the ways in which a handler fails.
var failures = []struct {
	name string
	fail func() error
	is   error  // besides ErrHandler
	text string // of the cause
}{
	{"error", func() error { return errBoom }, errBoom, "boom"},
	{"error without a text", func() error { var e *rude; return e }, nil, "a value whose text cannot be had"},
	{"panic with an error", func() error { panic(errBoom) }, errBoom, "panic: boom"},
	{"panic with a string", func() error { panic("ouch") }, nil, "panic: ouch"},
	{"panic with an int", func() error { panic(42) }, nil, "panic: 42"},
	{"panic with a bool", func() error { panic(true) }, nil, "panic: true"},
	{"panic with a float", func() error { panic(1.5) }, nil, "panic: 1.5"},
	{"panic with a Stringer", func() error { panic(stringer{}) }, nil, "panic: a stringer"},
	{"panic with a struct", func() error { panic(struct{}{}) }, nil, "panic: a value that is neither an error nor a string"},
	{"panic without a text", func() error { panic(&rude{}) }, nil, "panic: a value whose text cannot be had"},
	{"panic with nil", func() error { panic(nil) }, nil, "panic: panic called with nil argument"},
	{"runtime error", func() error { var p *int; *p = 1; return nil }, nil, "panic: runtime error: invalid memory address"},
	{"Goexit", func() error { runtime.Goexit(); return nil }, commmgr.ErrGoexit, "runtime.Goexit was called"},
}

func TestFailureIsContained(t *testing.T) {
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			k := commmgrtest.New(t, nil)
			got := make(chan string, 10)
			register(t, k, func(c *commmgr.Comm) {
				c.OnMsg(func(msg *commmgr.Message) error {
					if data(t, msg) == `"fail"` {
						return f.fail()
					}
					got <- data(t, msg)
					return nil
				})
				c.OnClose(func(*commmgr.Message) error { defer close(got); return f.fail() })
			})
			kc := k.Open("t", nil)
			for range 3 {
				kc.Send("fail")
				kc.Send("after")
			}
			for range 3 {
				require.Equal(t, `"after"`, receive(t, got, "the message after"))
			}
			kc.Close(nil)
			for range got { // until OnClose
			}
			errs := k.AwaitErrors(2)
			require.Len(t, errs, 2, "messages' failures are alike")
			for _, err := range errs {
				require.ErrorIs(t, err, commmgr.ErrHandler)
				if f.is != nil {
					require.ErrorIs(t, err, f.is)
				}
				require.ErrorContains(t, err, `: comm "`+kc.ID+`" (target "t"): the handler failed: `+f.text)
			}
			require.ErrorContains(t, errs[0], "commmgr: comm_msg")
			require.ErrorContains(t, errs[1], "commmgr: comm_close")
			require.Equal(t, 4, k.Manager.Stats().Failed)
			require.Empty(t, kc.Received(), "a message's failure closes nothing")
		})
	}
}

func TestPanicHasStack(t *testing.T) {
	k := commmgrtest.New(t, nil)
	register(t, k, func(*commmgr.Comm) { panicsHere() })
	k.Open("t", nil)
	var p *commmgr.PanicError
	require.ErrorAs(t, k.AwaitErrors(1)[0], &p)
	require.Equal(t, "here", p.Value)
	require.Contains(t, string(p.Stack), "panicsHere")
}

//go:noinline
func panicsHere() { panic("here") }

func TestOpenHandlerFails(t *testing.T) {
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			k := commmgrtest.New(t, nil)
			comms := make(chan *commmgr.Comm, 1)
			_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
				c.OnMsg(func(*commmgr.Message) error { t.Error("a message was handled"); return nil })
				comms <- c
				return f.fail()
			}, nil)
			require.NoError(t, err)
			kc := k.Open("t", nil)
			kc.Send(1)
			c := receive(t, comms, "the comm")
			closing := kc.Await(1)[0]
			require.Equal(t, commmgr.CommClose, closing.MsgType)
			require.Contains(t, string(closing.Data), "the target's open handler failed: "+f.text)
			receive(t, c.Done(), "Done")
			require.ErrorIs(t, c.Err(), commmgr.ErrOpenFailed)
			if f.is != nil {
				require.ErrorIs(t, c.Err(), f.is)
			}
			require.ErrorIs(t, k.AwaitErrors(1)[0], commmgr.ErrHandler)
			require.Empty(t, k.Manager.Comms())
		})
	}
	t.Run("of another client's comm", func(t *testing.T) {
		k := commmgrtest.New(t, nil)
		_, err := k.Manager.RegisterTarget("t", func(*commmgr.Comm, *commmgr.Message) error { return errBoom }, nil)
		require.NoError(t, err)
		kc := k.OpenAs("someone else", "t", nil)
		k.AwaitErrors(1)
		awaitIdle(t, k)
		require.Nil(t, k.Manager.Comm(kc.ID))
		require.Empty(t, k.Sent(), "another client's comm is not ours to close")
	})
	t.Run("and the close is refused", func(t *testing.T) {
		k := commmgrtest.New(t, nil)
		_, err := k.Manager.RegisterTarget("t", func(*commmgr.Comm, *commmgr.Message) error { return errBoom }, nil)
		require.NoError(t, err)
		offline := errors.New("offline")
		k.Refuse(offline)
		k.Open("t", nil)
		require.ErrorIs(t, k.AwaitErrors(2)[1], offline)
	})
}

func TestBlockedHandlerHoldsUpNobodyElse(t *testing.T) {
	k := commmgrtest.New(t, nil)
	gate := make(chan struct{})
	got := make(chan string, 100)
	register(t, k, func(c *commmgr.Comm) {
		c.OnMsg(func(msg *commmgr.Message) error {
			if data(t, msg) == `"block"` {
				<-gate
			}
			got <- data(t, msg)
			return nil
		})
	})
	blocked := k.Open("t", nil)
	blocked.Send("block")
	blocked.Send("behind")
	for range 10 {
		kc := k.Open("t", nil)
		kc.Send("other")
		require.Equal(t, `"other"`, receive(t, got, "another comm's message"))
	}
	close(gate)
	require.Equal(t, `"block"`, receive(t, got, "the blocked handler"))
	require.Equal(t, `"behind"`, receive(t, got, "the message behind it"))
}

// A comm that the kernel closes before its open handler runs has its OnClose
// called, although the handler fails, at sending for one.
func TestOpenHandlerFailsAfterClose(t *testing.T) {
	k := commmgrtest.New(t, nil)
	begun, gate, closed := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnClose(func(*commmgr.Message) error { closed <- c.Err(); return nil })
		close(begun)
		<-gate
		_, err := c.Send(nil)
		return err
	}, nil)
	require.NoError(t, err)
	kc := k.Open("t", nil)
	receive(t, begun, "the open handler")
	kc.Close(nil)
	k.Flush()
	close(gate)
	require.ErrorIs(t, receive(t, closed, "OnClose"), commmgr.ErrClosedByKernel)
	require.ErrorIs(t, k.AwaitErrors(1)[0], commmgr.ErrCommClosed)
	require.Empty(t, kc.Received())
}

// A handler that fails for each message is reported once in a while: each report is a
// line on the page's console, which keeps what it shows.
func TestFailuresInARow(t *testing.T) {
	const n = 1000
	k := commmgrtest.New(t, nil)
	handled := make(chan bool, n+3)
	register(t, k, func(c *commmgr.Comm) {
		c.OnMsg(func(msg *commmgr.Message) error {
			defer func() { handled <- true }()
			return errors.New(data(t, msg))
		})
	})
	kc := k.Open("t", nil)
	fail := func(times int, text string) {
		for range times {
			kc.Send(text)
		}
		for range times {
			receive(t, handled, "a message")
		}
	}
	fail(n, "boom")
	fail(1, "another")
	require.Eventually(t, func() bool { return k.Manager.Stats().Failed == n+1 }, patience, time.Millisecond)
	errs := k.AwaitErrors(2)
	require.Equal(t, 2, len(errs), "one for each kind")
	require.ErrorContains(t, errs[0], `the handler failed: "boom"`)
	require.ErrorContains(t, errs[1], `the handler failed: "another"`)
	require.Equal(t, n-1, k.Manager.Stats().Unreported)

	k.Clock.Advance(11 * time.Second)
	fail(1, "boom")
	require.ErrorContains(t, k.AwaitErrors(3)[2], `the handler failed: "boom"; 999 more like it before`)

	kc.Close(nil)
	for range 3 { // failed opens are like each other where their target is the same
		k.Open("fails", nil)
	}
	_, err := k.Manager.RegisterTarget("fails", func(*commmgr.Comm, *commmgr.Message) error { return errBoom }, nil)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return k.Manager.Stats().Failed == n+5 }, patience, time.Millisecond)
	require.Equal(t, 4, len(k.AwaitErrors(4)))
}
