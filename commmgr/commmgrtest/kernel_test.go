package commmgrtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/bystander"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestKernelSide(t *testing.T) {
	k := commmgrtest.New(t, nil)
	got := make(chan string, 10)
	k.RegisterTarget("k", func(c *commmgrtest.Comm, open commmgrtest.Message) {
		got <- open.MsgType + string(open.Data)
		c.OnMsg(func(msg commmgrtest.Message) { got <- msg.MsgType + string(msg.Data) + string(msg.Buffers[0]) })
		c.OnClose(func(msg commmgrtest.Message) { got <- msg.MsgType + string(msg.Data) })
	})
	c, err := k.Manager.Open("k", nil)
	require.NoError(t, err)
	buffer := []byte("b")
	_, err = c.Send(&commmgr.Payload{Data: []byte("1"), Buffers: [][]byte{buffer}})
	require.NoError(t, err)
	buffer[0] = 'X' // was copied
	require.NoError(t, c.Close(&commmgr.Payload{Data: []byte("2")}))
	require.Equal(t, "comm_open{}", <-got)
	require.Equal(t, "comm_msg1b", <-got)
	require.Equal(t, "comm_close2", <-got)
	require.Len(t, k.Sent(), 3)
	require.Panics(t, func() { k.Open("t", func() {}) }, "data that cannot be JSON")
}

func TestRefuse(t *testing.T) {
	k := commmgrtest.New(t, nil)
	c, err := k.Manager.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	offline := errors.New("offline")
	k.Refuse(offline)
	_, err = c.Send(nil)
	require.ErrorIs(t, err, offline)
	k.Refuse(nil)
	_, err = c.Send(nil)
	require.NoError(t, err)
	require.Len(t, k.Sent(), 1)
}

func TestClock(t *testing.T) {
	var c commmgrtest.Clock
	var got []string
	at := func(d time.Duration, name string) func() {
		return c.AfterFunc(commmgr.Duration(d), func() { got = append(got, fmt.Sprint(name, time.Duration(c.Now()))) })
	}
	at(2*time.Second, "b")
	at(time.Second, "a")
	at(2*time.Second, "c")
	stop := at(time.Second, "stopped")
	stop()
	stop()
	c.AfterFunc(commmgr.Duration(time.Second), func() { at(time.Second, "d") })
	c.Advance(time.Second - 1)
	require.Empty(t, got)
	c.Advance(time.Second + 1)
	require.Equal(t, []string{"a1s", "b2s", "c2s", "d2s"}, got)
	require.EqualValues(t, 2*time.Second, c.Now())
}

// A handler under test, and the kernel that tests it; in a test, t takes the
// place of this testing.TB.
func Example() {
	var t testing.TB = new(bystander.TB)
	defer t.(*bystander.TB).End()
	k := commmgrtest.New(t, nil)
	k.Manager.RegisterTarget("greeter", func(c *commmgr.Comm, open *commmgr.Message) error {
		data, err := open.JSON(commmgr.Data)
		if err != nil {
			return err
		}
		var name string
		if err := json.Unmarshal(data, &name); err != nil {
			return err
		}
		_, err = c.Send(&commmgr.Payload{Data: []byte(`"hello, ` + name + `"`)})
		return err
	}, nil)

	c := k.Open("greeter", "gopher")
	fmt.Println(string(c.Await(1)[0].Data))

	k.Open("nobody", nil)
	k.Flush()
	k.Clock.Advance(10 * time.Second)
	fmt.Println(errors.Is(k.AwaitErrors(1)[0], commmgr.ErrNoTarget))
	// Output:
	// "hello, gopher"
	// true
}
