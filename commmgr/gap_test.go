package commmgr_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
)

// A log is what the handlers of a comm were called with, in order.
type log struct {
	t     *testing.T
	lines chan string
}

func newLog(t *testing.T) *log { return &log{t, make(chan string, 100)} }

// watch sets the handlers of c; OnMsg is the last.
func (l *log) watch(c *commmgr.Comm) {
	c.OnClose(func(*commmgr.Message) error { l.lines <- "close: " + c.Err().Error(); return nil })
	c.OnGap(func(g commmgr.Gap) error {
		l.lines <- "gap " + strconv.FormatInt(int64(g.Since), 10) + "-" + strconv.FormatInt(int64(g.Until), 10)
		return nil
	})
	c.OnMsg(func(msg *commmgr.Message) error { l.lines <- data(l.t, msg); return nil })
}

func (l *log) has(want ...string) {
	l.t.Helper()
	for _, line := range want {
		require.Equal(l.t, line, receive(l.t, l.lines, line))
	}
}

func TestGap(t *testing.T) {
	gap := commmgr.Gap{Since: 1, Until: 2}
	const gone = "close: commmgr: its kernel was restarted, changed or shut down"
	for _, inline := range []bool{false, true} {
		t.Run("inline="+strconv.FormatBool(inline), func(t *testing.T) {
			k, l := commmgrtest.New(t, nil), newLog(t)
			open := func(c *commmgr.Comm, _ *commmgr.Message) error { l.watch(c); return nil }
			o := &commmgr.TargetOptions{Inline: inline}
			_, err := k.Manager.RegisterTarget("t", open, o)
			require.NoError(t, err)
			c := k.Open("t", nil)
			c.Send("before")
			k.Gap(gap)
			c.Send("after")
			k.Gap(commmgr.Gap{Since: 3, Until: 4})
			k.End()
			l.has(`"before"`, "gap 1-2", `"after"`, "gap 3-4", gone)

			held := k.Open("late", nil)
			held.Send("held")
			k.Gap(gap)
			k.Flush()
			_, err = k.Manager.RegisterTarget("late", open, o)
			require.NoError(t, err)
			l.has(`"held"`, "gap 1-2")
			require.Empty(t, k.Errors())
		})
	}
	t.Run("waits for OnMsg", func(t *testing.T) {
		k, l := commmgrtest.New(t, nil), newLog(t)
		k.RegisterTarget("kernel's", func(*commmgrtest.Comm, commmgrtest.Message) {})
		c, err := k.Manager.Open("kernel's", nil)
		require.NoError(t, err)
		other := newLog(t)
		opened := register(t, k, other.watch)
		k.Open("t", nil)
		receive(t, opened, "the other comm")
		for range 20 {
			k.Gap(gap)
			other.has("gap 1-2")
		}
		n := c.Queue().Messages
		require.Equal(t, 20, n)
		l.watch(c)
		l.has("gap 1-2")
	})
	t.Run("without a handler", func(t *testing.T) {
		m, _ := newWired(nil)
		c, err := m.RegisterComm("go", "t", nil)
		require.NoError(t, err)
		m.DeliverGap(gap)
		n := c.Queue().Messages
		require.Equal(t, 1, n)
		c.OnMsg(nil)
		require.Eventually(t, func() bool { n := c.Queue().Messages; return n == 0 }, patience, patience/10_000)
		require.NoError(t, c.Err())
	})
	t.Run("a failing handler", func(t *testing.T) {
		k := commmgrtest.New(t, nil)
		opened := register(t, k, func(c *commmgr.Comm) {
			c.OnGap(func(commmgr.Gap) error { panic("boom") })
			c.OnMsg(nil)
		})
		k.Open("t", nil)
		c := receive(t, opened, "the comm")
		k.Gap(gap)
		require.ErrorIs(t, k.AwaitErrors(1)[0], commmgr.ErrHandler)
		require.Contains(t, k.Errors()[0].Error(), `commmgr: gap: comm "`+c.ID()+`"`)
		require.NoError(t, c.Err(), "the comm lives on")
	})
}
