package typed_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

func TestTyped(t *testing.T) {
	k := commmgrtest.New(t, nil)
	comms, ctxs := make(chan *commmgr.Comm, 1), make(chan context.Context, 10)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, open *commmgr.Message) error {
		typed.On(c, func(ctx context.Context, p point, buffers [][]byte) error {
			ctxs <- ctx
			return typed.Send(c, point{p.Y, p.X}, buffers...)
		})
		p, err := typed.Decode[point](open)
		if err != nil {
			return err
		}
		comms <- c
		return typed.Send(c, p)
	}, nil)
	require.NoError(t, err)
	kc := k.Open("t", point{1, 2})
	kc.Send("not a point")
	kc.Send(point{3, 4}, []byte("buffer"))
	got := kc.Await(2)
	require.JSONEq(t, `{"x":1,"y":2}`, string(got[0].Data))
	require.JSONEq(t, `{"x":4,"y":3}`, string(got[1].Data))
	require.Equal(t, [][]byte{[]byte("buffer")}, got[1].Buffers)
	errs := k.AwaitErrors(1)
	require.ErrorIs(t, errs[0], commmgr.ErrHandler)
	require.ErrorContains(t, errs[0], `decode comm_msg: comm "`+kc.ID+`"`)
	require.ErrorContains(t, errs[0], "cannot unmarshal string")

	c, ctx := <-comms, <-ctxs
	require.NoError(t, ctx.Err())
	require.Nil(t, ctx.Value(0))
	_, has := ctx.Deadline()
	require.False(t, has)
	below, cancel := context.WithCancel(ctx)
	defer cancel()
	kc.Close(nil)
	<-below.Done()
	require.ErrorIs(t, ctx.Err(), context.Canceled)
	require.ErrorIs(t, ctx.Err(), commmgr.ErrClosedByKernel)
	require.EqualError(t, ctx.Err(), c.Err().Error())
	require.ErrorIs(t, context.Cause(below), commmgr.ErrClosedByKernel)
	require.ErrorIs(t, typed.Send(c, 1), commmgr.ErrCommClosed)
}

func TestSendWhatIsNoJSON(t *testing.T) {
	k := commmgrtest.New(t, nil)
	c, err := k.Manager.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	require.EqualError(t, typed.Send[any](c, []any{make(chan int)}), `commmgr: send: comm "c" (target "t"): cannot send chan int as interface {}: the type cannot be read and written: chan int is none of JSON's`)
	require.Empty(t, k.Sent())
}

func TestDecodeReleased(t *testing.T) {
	_, err := typed.Decode[int](&commmgr.Message{MsgType: commmgr.CommMsg, CommID: "c"})
	require.ErrorIs(t, err, commmgr.ErrReleased)
}

func TestOnWithoutBuffers(t *testing.T) {
	k := commmgrtest.New(t, nil)
	got := make(chan int, 1)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		typed.On(c, func(_ context.Context, n int, buffers [][]byte) error {
			got <- n + len(buffers)
			return nil
		})
		return nil
	}, nil)
	require.NoError(t, err)
	k.Open("t", nil).Send(41)
	require.Equal(t, 41, <-got)
}
