package typed_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

func TestDrain(t *testing.T) {
	k, c, kc := pair(t, nil)
	require.NoError(t, typed.Drain(within(t), c), "nothing is queued")
	handled := 0
	began, release := make(chan bool, 100), make(chan bool)
	typed.On(c, func(context.Context, int, [][]byte) error {
		began <- true
		<-release
		handled++
		return nil
	})
	for n := range 10 {
		kc.Send(n)
	}
	<-began
	k.Flush()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := typed.Drain(ctx, c)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, `commmgr: drain: comm "`+c.ID()+`" (target "t"): context canceled; its handler is still at work`)
	go func() {
		for range 10 {
			release <- true
		}
	}()
	require.NoError(t, typed.Drain(within(t), c))
	require.Equal(t, 10, handled)
	for range 9 {
		<-began
	}

	kc.Send(11)
	kc.Send(12)
	<-began
	k.Flush()
	require.NoError(t, c.Close(nil)) // drops what waits, and leaves what runs
	go func() { release <- true }()
	require.NoError(t, typed.Drain(within(t), c))
	require.Equal(t, 11, handled)
	require.ErrorIs(t, c.Err(), commmgr.ErrClosedHere)
}
