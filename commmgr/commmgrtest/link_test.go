package commmgrtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
)

// echoes registers a target that sends back what comes, and tells of gaps and its end.
func echoes(t testing.TB, m *commmgr.Manager, said chan<- string) {
	_, err := m.RegisterTarget("echo", func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.JSON(commmgr.Data)
			if err == nil {
				_, err = c.Send(&commmgr.Payload{Data: data})
			}
			return err
		})
		c.OnGap(func(g commmgr.Gap) error { said <- fmt.Sprint("gap of ", time.Duration(g.Until-g.Since)); return nil })
		c.OnClose(func(*commmgr.Message) error { said <- c.Err().Error(); return nil })
		return nil
	}, nil)
	require.NoError(t, err)
}

func numbers(from, to int) (all []string) {
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return all
}

func texts(msgs []commmgrtest.Message) (all []string) {
	for _, m := range msgs {
		all = append(all, string(m.Data))
	}
	return all
}

func TestStreamAcrossADrop(t *testing.T) {
	k := commmgrtest.New(t, nil)
	said := make(chan string, 10)
	echoes(t, k.Manager, said)
	c := k.Open("echo", nil)
	c.Stream(10, nil)
	c.Await(10)
	k.Drop()
	c.Stream(10, nil)
	front := k.Manager.Comm(c.ID)
	_, err := front.Send(&commmgr.Payload{Data: []byte(`"meanwhile"`)})
	require.NoError(t, err)
	k.Clock.Advance(3 * time.Second)
	k.Flush()
	require.Len(t, c.Received(), 10, "nothing comes through")
	k.Reconnect(4)
	c.Stream(2, func(i int) any { return []int{i} })
	got := c.Await(19)
	require.Equal(t, "gap of 3s", <-said)
	want := append(numbers(0, 10), `"meanwhile"`)
	require.Equal(t, append(append(want, numbers(14, 20)...), "[20]", "[21]"), texts(got))
}

func TestDelay(t *testing.T) {
	k := commmgrtest.New(t, nil)
	echoes(t, k.Manager, make(chan string, 10))
	c := k.Open("echo", nil)
	k.Delay(time.Second)
	c.Stream(2, nil)
	k.Flush()
	k.Delay(0)
	c.Stream(1, nil)
	k.Flush()
	k.Clock.Advance(time.Second - 1)
	k.Flush()
	require.Empty(t, c.Received())
	k.Clock.Advance(1)
	require.Equal(t, numbers(0, 3), texts(c.Await(3)))
}

func TestRestart(t *testing.T) {
	k := commmgrtest.New(t, nil)
	said := make(chan string, 10)
	echoes(t, k.Manager, said)
	k.RegisterTarget("kernel's", func(*commmgrtest.Comm, commmgrtest.Message) {})
	c := k.Open("echo", nil)
	c.Stream(1, nil)
	c.Await(1)
	k.Restart()
	require.Equal(t, "commmgr: its kernel was restarted, changed or shut down", <-said)
	c.Stream(1, nil)
	c.Close(nil)
	k.Flush()
	require.Empty(t, k.Errors(), "what is dead says nothing")
	next := k.Open("echo", nil)
	next.Stream(1, nil)
	next.Await(1)
	front, err := k.Manager.Open("kernel's", nil)
	require.NoError(t, err)
	<-front.Done()
	require.ErrorIs(t, front.Err(), commmgr.ErrClosedByKernel, "the next kernel has no targets yet")
}

func TestReload(t *testing.T) {
	k := commmgrtest.New(t, nil)
	said := make(chan string, 10)
	echoes(t, k.Manager, said)
	c := k.Open("echo", nil)
	c.Stream(1, nil)
	c.Await(1)
	old := k.Manager
	orphan, err := old.RegisterComm("orphan", "t", nil)
	require.NoError(t, err)
	k.Reload()
	require.NotSame(t, old, k.Manager)
	require.Equal(t, "commmgr: the manager was detached", <-said)
	_, err = orphan.Send(nil)
	require.ErrorIs(t, err, commmgr.ErrCommClosed)
	_, err = old.RegisterComm("late", "t", nil)
	require.ErrorIs(t, err, commmgr.ErrDetached)
	echoes(t, k.Manager, said)
	c.Stream(1, nil)
	require.ErrorIs(t, k.AwaitErrors(1)[0], commmgr.ErrUnknownComm)
	next := k.Open("echo", nil)
	next.Stream(1, nil)
	next.Await(1)
	require.Len(t, c.Received(), 1)
}

// What the client sends on a comm that the kernel has closed is not received, and a
// comm is closed once.
func TestClosedByTheKernel(t *testing.T) {
	k := commmgrtest.New(t, nil)
	said := make(chan string, 10)
	echoes(t, k.Manager, said)
	c := k.Open("echo", nil)
	k.Delay(time.Second) // the close is on its way
	c.Close(nil)
	c.Close(nil)
	k.Flush()
	_, err := k.Manager.Comm(c.ID).Send(nil)
	require.NoError(t, err)
	k.Flush()
	require.Empty(t, c.Received())
	k.Clock.Advance(time.Second)
	require.Equal(t, "commmgr: closed by the kernel", <-said)
	k.Flush()
	require.Empty(t, k.Errors())
}
