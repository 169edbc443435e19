package commmgr_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

func TestOverflow(t *testing.T) {
	tests := []struct {
		name   string
		change func(*host.Options)
		onMsg  bool
		hint   string
	}{
		{"by count", func(o *host.Options) { o.QueueLen = 10 }, true, "its handler is too slow for them, or blocked"},
		{"by bytes", func(o *host.Options) { o.QueueBytes = 12_000 }, true, "its handler is too slow for them, or blocked"},
		{"without OnMsg", func(o *host.Options) { o.QueueLen = 10 }, false, "OnMsg was never called; OnMsg(nil) discards messages"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := commmgrtest.New(t, test.change)
			gate := make(chan struct{})
			closed := make(chan *commmgr.Message, 10)
			opened := register(t, k, func(c *commmgr.Comm) {
				if test.onMsg {
					c.OnMsg(func(*commmgr.Message) error { <-gate; return nil })
				}
				c.OnClose(func(msg *commmgr.Message) error { closed <- msg; return nil })
			})
			kc := k.Open("t", nil)
			c := receive(t, opened, "the comm")
			for range 50 {
				kc.Send(strings.Repeat("x", 1000))
			}
			closing := kc.Await(1)[0]
			require.Equal(t, commmgr.CommClose, closing.MsgType)
			want := `commmgr: comm_msg: comm "` + kc.ID + `" (target "t"): the queue is full; ` + test.hint
			require.JSONEq(t, `{"reason":`+quoted(want)+`}`, string(closing.Data))
			require.ErrorIs(t, c.Err(), commmgr.ErrOverflow)
			require.EqualError(t, c.Err(), want)
			errs := k.AwaitErrors(1)
			require.EqualError(t, errs[0], want)
			close(gate)
			require.Nil(t, receive(t, closed, "OnClose"), "no message of the kernel closed it")
			k.Flush()
			awaitIdle(t, k)
			require.Empty(t, closed, "OnClose is called once")
			require.Len(t, kc.Received(), 1)
			require.Equal(t, 1, k.Manager.Stats().Overflow)
			_, err := c.Send(nil)
			require.ErrorIs(t, err, commmgr.ErrCommClosed)
			require.ErrorIs(t, err, commmgr.ErrOverflow)
		})
	}
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// A message larger than the whole queue passes when nothing else waits.
func TestLargeMessagePassesAlone(t *testing.T) {
	k := commmgrtest.New(t, func(o *host.Options) { o.QueueBytes = 1000 })
	got := make(chan int, 1)
	opened := register(t, k, nil)
	kc := k.Open("t", nil)
	c := receive(t, opened, "the comm")
	kc.Send(1, make([]byte, 5000))
	k.Flush()
	c.OnMsg(func(msg *commmgr.Message) error { got <- msg.BufferLen(0); return nil })
	require.Equal(t, 5000, receive(t, got, "the message"))
}

// When the program closes the comm on hearing of the overflow, OnClose is not
// called, as ever after Close.
func TestCloseOnHearingOfOverflow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{}
		var m *managed
		m, _ = newWired(func(o *host.Options) {
			o.QueueLen = 2
			o.OnError = func(error) {
				if c := m.Comm("c"); c != nil {
					c.Close(nil)
				}
			}
		})
		c, err := m.RegisterComm("c", "t", nil)
		require.NoError(t, err)
		called := false
		c.OnClose(func(*commmgr.Message) error { called = true; return nil })
		for range 4 {
			m.Deliver(l.message(commmgr.CommMsg, "c", ""))
		}
		synctest.Wait()
		require.False(t, called, "OnClose was called")
		require.ErrorIs(t, c.Err(), commmgr.ErrClosedHere)
		require.True(t, l.settled(), "all messages are released")
	})
}
