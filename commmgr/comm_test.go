package commmgr_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
)

func data(t *testing.T, msg *commmgr.Message) string {
	t.Helper()
	b, err := msg.JSON(commmgr.Data)
	require.NoError(t, err)
	return string(b)
}

// register registers "t" with an open handler that passes each comm on.
func register(t *testing.T, k *commmgrtest.Kernel, open func(*commmgr.Comm)) <-chan *commmgr.Comm {
	t.Helper()
	opened := make(chan *commmgr.Comm, 100)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		if open != nil {
			open(c)
		}
		opened <- c
		return nil
	}, nil)
	require.NoError(t, err)
	return opened
}

func TestEchoInOrder(t *testing.T) {
	k := commmgrtest.New(t, nil)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, open *commmgr.Message) error {
		echo := func(msg *commmgr.Message) error {
			b, err := msg.Buffers()
			if err != nil {
				return err
			}
			_, err = c.Send(&commmgr.Payload{Data: []byte(data(t, msg)), Buffers: b, Metadata: []byte(`{"m":1}`)})
			return err
		}
		c.OnMsg(echo)
		return echo(open)
	}, nil)
	require.NoError(t, err)
	kc := k.Open("t", "open")
	for i := range 200 {
		kc.Send(i, []byte{byte(i)}, nil)
	}
	got := kc.Await(201)
	require.JSONEq(t, `"open"`, string(got[0].Data))
	for i, msg := range got[1:] {
		require.Equal(t, strconv.Itoa(i), string(msg.Data))
		require.Equal(t, commmgr.CommMsg, msg.MsgType)
		require.JSONEq(t, `{"m":1}`, string(msg.Metadata))
		require.Len(t, msg.Buffers, 2)
		require.Equal(t, []byte{byte(i)}, msg.Buffers[0])
		require.Empty(t, msg.Buffers[1])
	}
	require.Equal(t, commmgr.Stats{Opened: 1, Messages: 200}, k.Manager.Stats())
	require.Empty(t, k.Errors())
}

func TestClosedByKernel(t *testing.T) {
	k := commmgrtest.New(t, nil)
	var order []string
	closed := make(chan string, 2)
	opened := register(t, k, func(c *commmgr.Comm) {
		c.OnMsg(func(msg *commmgr.Message) error { order = append(order, data(t, msg)); return nil })
		c.OnClose(func(msg *commmgr.Message) error { closed <- data(t, msg); return nil })
	})
	kc := k.Open("t", nil)
	for i := range 3 {
		kc.Send(i)
	}
	kc.Close("bye")
	require.Equal(t, `"bye"`, receive(t, closed, "OnClose"))
	require.Equal(t, []string{"0", "1", "2"}, order, "what came before the close is handled before it")
	c := receive(t, opened, "the comm")
	receive(t, c.Done(), "Done")
	require.ErrorIs(t, c.Err(), commmgr.ErrClosedByKernel)
	require.Nil(t, k.Manager.Comm(c.ID()))
	require.Empty(t, k.Manager.Comms())

	_, err := c.Send(nil)
	require.ErrorIs(t, err, commmgr.ErrCommClosed)
	require.ErrorIs(t, err, commmgr.ErrClosedByKernel)
	require.EqualError(t, err, `commmgr: send: comm "`+c.ID()+`" (target "t"): the comm is closed: closed by the kernel; open a new comm`)
	require.NoError(t, c.Close(nil), "closing a closed comm does nothing")
	require.Empty(t, k.Sent())
	require.Empty(t, closed, "OnClose is called once")
}

func TestClosedHere(t *testing.T) {
	tests := []struct {
		name  string
		close func(t *testing.T, k *commmgrtest.Kernel, c *commmgr.Comm, kc *commmgrtest.Comm)
	}{
		{"from outside", func(t *testing.T, _ *commmgrtest.Kernel, c *commmgr.Comm, _ *commmgrtest.Comm) {
			require.NoError(t, c.Close(&commmgr.Payload{Data: []byte(`"bye"`)}))
		}},
		{"twice", func(t *testing.T, _ *commmgrtest.Kernel, c *commmgr.Comm, _ *commmgrtest.Comm) {
			require.NoError(t, c.Close(&commmgr.Payload{Data: []byte(`"bye"`)}))
			require.NoError(t, c.Close(&commmgr.Payload{Data: []byte(`"again"`)}))
		}},
		{"in its own handler", func(t *testing.T, _ *commmgrtest.Kernel, c *commmgr.Comm, kc *commmgrtest.Comm) {
			c.OnMsg(func(*commmgr.Message) error {
				return errors.Join(c.Close(&commmgr.Payload{Data: []byte(`"bye"`)}), c.Close(nil))
			})
			kc.Send(1)
			kc.Send(2) // is dropped, or unknown
			receive(t, c.Done(), "the close")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := commmgrtest.New(t, nil)
			opened := register(t, k, func(c *commmgr.Comm) {
				c.OnClose(func(*commmgr.Message) error { t.Error("OnClose was called"); return nil })
			})
			kc := k.Open("t", nil)
			c := receive(t, opened, "the comm")
			test.close(t, k, c, kc)
			got := kc.Await(1)
			require.Equal(t, commmgr.CommClose, got[0].MsgType)
			require.JSONEq(t, `"bye"`, string(got[0].Data))
			require.ErrorIs(t, c.Err(), commmgr.ErrClosedHere)
			receive(t, c.Done(), "Done")
			require.Nil(t, k.Manager.Comm(c.ID()))
			_, err := c.Send(nil)
			require.ErrorIs(t, err, commmgr.ErrCommClosed)
			require.ErrorIs(t, err, commmgr.ErrClosedHere)
			k.Flush()
			require.Len(t, kc.Received(), 1)
		})
	}
}

func TestCloseRefusedByTransport(t *testing.T) {
	k := commmgrtest.New(t, nil)
	opened := register(t, k, nil)
	k.Open("t", nil)
	c := receive(t, opened, "the comm")
	offline := errors.New("offline")
	k.Refuse(offline)
	err := c.Close(nil)
	require.ErrorIs(t, err, offline)
	require.EqualError(t, err, `commmgr: close: comm "`+c.ID()+`" (target "t"): offline`)
	require.ErrorIs(t, c.Err(), commmgr.ErrClosedHere, "it has ended all the same")
	require.NoError(t, c.Close(nil))
}

// Close drops what waits, does not wait for the handler that runs, and no
// handler is called after it.
func TestCloseWhileHandlerBlocks(t *testing.T) {
	k := commmgrtest.New(t, nil)
	gate, running := make(chan struct{}), make(chan struct{}, 10)
	opened := register(t, k, func(c *commmgr.Comm) {
		c.OnMsg(func(*commmgr.Message) error {
			running <- struct{}{}
			<-gate
			return nil
		})
		c.OnClose(func(*commmgr.Message) error { t.Error("OnClose was called"); return nil })
	})
	kc := k.Open("t", nil)
	for range 5 {
		kc.Send("x", make([]byte, 10))
	}
	receive(t, running, "the handler")
	k.Flush()
	c := receive(t, opened, "the comm")
	n, bytes := c.Queue().Messages, c.Queue().Bytes
	require.Equal(t, 4, n)
	require.Greater(t, bytes, 40)
	require.NoError(t, c.Close(nil))
	n, bytes = c.Queue().Messages, c.Queue().Bytes
	require.Zero(t, n)
	require.Zero(t, bytes)
	kc.Send("late")
	require.ErrorIs(t, k.AwaitErrors(1)[0], commmgr.ErrUnknownComm)
	close(gate)
	awaitIdle(t, k)
	require.Empty(t, running, "a handler was called after Close")
}

// awaitIdle waits until a comm opened now has been served. Goroutines that were
// ready before it have had their chance then.
func awaitIdle(t *testing.T, k *commmgrtest.Kernel) {
	t.Helper()
	served := make(chan struct{}, 1)
	_, err := k.Manager.RegisterTarget("canary", func(*commmgr.Comm, *commmgr.Message) error {
		served <- struct{}{}
		return nil
	}, nil)
	require.NoError(t, err)
	k.Open("canary", nil)
	receive(t, served, "the canary")
}

func TestMessagesWaitForOnMsg(t *testing.T) {
	k := commmgrtest.New(t, nil)
	opened := register(t, k, nil)
	kc := k.Open("t", nil)
	c := receive(t, opened, "the comm")
	for i := range 3 {
		kc.Send(i)
	}
	k.Flush()
	n := c.Queue().Messages
	require.Equal(t, 3, n)
	got := make(chan string, 10)
	c.OnMsg(func(msg *commmgr.Message) error { got <- data(t, msg); return nil })
	for _, want := range []string{"0", "1", "2"} {
		require.Equal(t, want, receive(t, got, "a message"))
	}
	c.OnMsg(nil)
	kc.Send("discarded")
	awaitIdle(t, k)
	k.Await("the discarded message", func() bool { n := c.Queue().Messages; return n == 0 })
	c.OnMsg(func(msg *commmgr.Message) error { got <- data(t, msg); return nil })
	kc.Send("after")
	require.Equal(t, `"after"`, receive(t, got, "the message after"))
	require.Equal(t, 1, k.Manager.Stats().Discarded)
}

// The kernel's close comes through although OnMsg was never called.
func TestCloseDoesNotWaitForOnMsg(t *testing.T) {
	k := commmgrtest.New(t, nil)
	closed := make(chan struct{}, 1)
	register(t, k, func(c *commmgr.Comm) {
		c.OnClose(func(*commmgr.Message) error { closed <- struct{}{}; return nil })
	})
	kc := k.Open("t", nil)
	kc.Send(1)
	kc.Close(nil)
	receive(t, closed, "OnClose")
}
