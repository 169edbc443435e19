package commmgr_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
)

// A page that is loaded again offers the comms of the page before to their targets.
func TestAdopt(t *testing.T) {
	gap := commmgr.Gap{Since: -5, Until: 2}
	none := func(*commmgr.Comm, *commmgr.Message) error { return errors.New("opened anew") }
	for _, inline := range []bool{false, true} {
		t.Run("inline="+strconv.FormatBool(inline), func(t *testing.T) {
			k, l := commmgrtest.New(t, nil), newLog(t)
			open := func(c *commmgr.Comm, _ *commmgr.Message) error { l.watch(c); return nil }
			_, err := k.Manager.RegisterTarget("t", open, nil)
			require.NoError(t, err)
			c := k.Open("t", nil)
			c.Send("before")
			l.has(`"before"`)
			k.Reload()
			l.has("close: commmgr: the manager was detached") // the page before

			_, err = k.Manager.RegisterTarget("t", none, &commmgr.TargetOptions{Inline: inline, Adopt: func(c *commmgr.Comm) error {
				require.Equal(t, "t", c.TargetName())
				require.True(t, c.OpenedHere())
				l.lines <- "adopted"
				l.watch(c)
				_, err := c.Send(&commmgr.Payload{Data: []byte(`"here"`)})
				return err
			}})
			require.NoError(t, err)
			k.Offer(gap)
			k.Offer(gap) // it is here already
			c.Send("after")
			l.has("adopted", "gap -5-2", `"after"`)
			k.Flush()
			require.Equal(t, `"here"`, string(c.Received()[0].Data))
			c.Close(nil)
			l.has("close: commmgr: closed by the kernel")
		})
	}
}

// Without Adopt nothing is as it was not before; where Adopt fails the kernel is told.
func TestAdoptRefused(t *testing.T) {
	k := commmgrtest.New(t, nil)
	open := func(c *commmgr.Comm, _ *commmgr.Message) error { c.OnMsg(nil); return nil }
	closed := make(chan string, 3)
	for _, target := range []string{"plain", "refusing", "missing"} {
		_, err := k.Manager.RegisterTarget(target, open, nil)
		require.NoError(t, err)
		k.Open(target, nil).OnClose(func(msg commmgrtest.Message) { closed <- target + string(msg.Data) })
	}
	k.Flush()
	k.Reload()
	_, err := k.Manager.RegisterTarget("plain", open, nil)
	require.NoError(t, err)
	_, err = k.Manager.RegisterTarget("refusing", open, &commmgr.TargetOptions{Adopt: func(*commmgr.Comm) error { return errors.New("unwanted") }})
	require.NoError(t, err)
	k.Offer(commmgr.Gap{})
	require.ErrorContains(t, k.AwaitErrors(1)[0], "adopt: comm")
	require.Regexp(t, `^refusing.*unwanted`, receive(t, closed, "the close"))
	k.Flush()
	require.Empty(t, k.Manager.Comms())
	require.Empty(t, closed)
}
