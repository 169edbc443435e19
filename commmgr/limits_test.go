package commmgr_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

// gated opens a comm to a target with these options, whose handler waits for gate and
// tells what it got. The first message has it wait already.
func gated(t *testing.T, k *commmgrtest.Kernel, o *commmgr.TargetOptions) (kc *commmgrtest.Comm, c *commmgr.Comm, gate chan struct{}, got chan string) {
	t.Helper()
	gate, got = make(chan struct{}), make(chan string, 1000)
	opened, waits := make(chan *commmgr.Comm, 1), make(chan struct{}, 1000)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			waits <- struct{}{}
			<-gate
			got <- data(t, msg)
			return nil
		})
		c.OnClose(func(*commmgr.Message) error { got <- "closed"; return nil })
		c.OnOverflow(func(n int) error { got <- "dropped " + string(rune('0'+n)); return nil })
		opened <- c
		return nil
	}, o)
	require.NoError(t, err)
	kc = k.Open("t", nil)
	c = receive(t, opened, "the comm")
	if o == nil || !o.EachFrame {
		kc.Send("first")
		receive(t, waits, "the first message")
	}
	return kc, c, gate, got
}

// A target's limits are its comms', and one comm may have its own; others keep the
// manager's.
func TestLimitsOfTargetAndComm(t *testing.T) {
	more := strings.Repeat("m", 1000)
	for _, test := range []struct {
		name   string
		target *commmgr.TargetOptions
		own    *commmgr.Limits
		sent   int
		fit    int
	}{
		{"the manager's", nil, nil, 8, 6},
		{"the target's", &commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 3}}, nil, 5, 3},
		{"the comm's", &commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 3}}, &commmgr.Limits{Messages: 4}, 6, 4},
		{"the comm's are put back", &commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 3}}, &commmgr.Limits{}, 8, 6},
		{"bytes", &commmgr.TargetOptions{Limits: commmgr.Limits{Bytes: 2500}}, nil, 4, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := commmgrtest.New(t, func(o *host.Options) { o.QueueLen = 6 })
			kc, c, gate, got := gated(t, k, test.target)
			if test.own != nil {
				c.SetLimits(*test.own)
			}
			for range test.sent {
				kc.Send(more)
			}
			require.Equal(t, commmgr.CommClose, kc.Await(1)[0].MsgType)
			require.ErrorIs(t, c.Err(), commmgr.ErrOverflow)
			require.ErrorIs(t, k.AwaitErrors(1)[0], commmgr.ErrOverflow)
			close(gate)
			require.Equal(t, `"first"`, receive(t, got, "the first"))
			for range test.fit {
				require.Equal(t, quoted(more), receive(t, got, "what fits"))
			}
			require.Equal(t, "closed", receive(t, got, "OnClose"))
			q := c.Queue()
			require.Equal(t, test.fit, q.MaxMessages)
			require.Equal(t, 1, q.Dropped)
			require.Zero(t, q.Messages)
			require.Zero(t, q.Bytes)
		})
	}
}

// A comm that tells of an overflow lives on: the handler hears of it in its place, the
// kernel once for a row, and the error handler.
func TestOverflowTells(t *testing.T) {
	k := commmgrtest.New(t, nil)
	kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 2, Overflow: commmgr.OverflowTells}})
	for _, word := range []string{"a", "b", "lost", "lost", "lost"} {
		kc.Send(word)
	}
	k.Flush()
	told := kc.Await(1)[0]
	require.Equal(t, commmgr.CommMsg, told.MsgType)
	want := `commmgr: comm_msg: comm "` + kc.ID + `" (target "t"): the queue is full; its handler is too slow for them, or blocked; what does not fit is dropped`
	require.JSONEq(t, `{"overflow":{"reason":`+quoted(want)+`}}`, string(told.Data))
	require.EqualError(t, k.AwaitErrors(1)[0], want)
	require.NoError(t, c.Err())
	q := c.Queue()
	require.Equal(t, 3, q.Dropped)
	require.Equal(t, 3, q.Messages, "two, and what tells of those that are missing")

	for range 2 {
		gate <- struct{}{}
	}
	require.Equal(t, []string{`"first"`, `"a"`}, []string{receive(t, got, "first"), receive(t, got, "a")})
	gate <- struct{}{}
	require.Equal(t, `"b"`, receive(t, got, "b"))
	require.Equal(t, "dropped 3", receive(t, got, "OnOverflow"))
	kc.Send("after")
	gate <- struct{}{}
	require.Equal(t, `"after"`, receive(t, got, "after"))
	k.Flush()
	require.Len(t, kc.Received(), 1, "the kernel is told once")
	require.Equal(t, 3, k.Manager.Stats().Dropped)

	kc.Send("next") // blocks the handler again: another row
	require.Eventually(t, func() bool { return c.Queue().Messages == 0 }, patience, 1e6)
	for range 4 {
		kc.Send("x")
	}
	require.Len(t, kc.Await(2), 2)
	close(gate)
	require.NoError(t, c.Close(nil))
}

// A comm of another client is not ours to answer for.
func TestOverflowTellsNotForOthers(t *testing.T) {
	k := commmgrtest.New(t, nil)
	opened := register(t, k, nil)
	kc := k.OpenAs("another", "t", nil)
	c := receive(t, opened, "the comm")
	c.SetLimits(commmgr.Limits{Messages: 1, Overflow: commmgr.OverflowTells})
	kc.Send(1)
	kc.Send(2)
	k.AwaitErrors(1)
	k.Flush()
	require.Empty(t, k.Sent())
	require.Equal(t, 1, c.Queue().Dropped)
}

// Close returns although a handler is blocked and the queue is full.
func TestCloseNeverWaits(t *testing.T) {
	k := commmgrtest.New(t, nil)
	kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 5}})
	for range 5 {
		kc.Send("waits")
	}
	k.Flush()
	require.NoError(t, c.Close(nil))
	require.Zero(t, c.Queue().Messages)
	close(gate)
	require.Equal(t, `"first"`, receive(t, got, "the handler's return"))
	awaitIdle(t, k)
	require.Empty(t, got)
}

// A comm that the kernel closes before OnClose is set tells it all the same.
func TestOnCloseAfterTheEnd(t *testing.T) {
	k := commmgrtest.New(t, nil)
	c, err := k.Manager.Open("nobody's", nil)
	require.NoError(t, err)
	<-c.Done()
	k.Flush()
	awaitIdle(t, k)
	closed := make(chan error, 10)
	for range 2 {
		c.OnClose(func(*commmgr.Message) error { closed <- c.Err(); return nil })
	}
	require.ErrorIs(t, receive(t, closed, "OnClose"), commmgr.ErrClosedByKernel)
	awaitIdle(t, k)
	require.Empty(t, closed, "once")
}
