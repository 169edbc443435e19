package wctx_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/widget/wctx"
	"gocomm/widget/widgettest"
)

func TestOf(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 1})
	m := widgettest.Bind[struct{ Value int }](w)
	ctx := wctx.Of(m)
	require.NoError(t, ctx.Err())
	require.Nil(t, ctx.Value(0))
	_, has := ctx.Deadline()
	require.False(t, has)
	below, cancel := context.WithCancel(ctx)
	defer cancel()
	w.Close()
	<-below.Done()
	require.ErrorIs(t, ctx.Err(), context.Canceled)
	require.ErrorIs(t, ctx.Err(), commmgr.ErrClosedByKernel)
	require.EqualError(t, ctx.Err(), m.Err().Error())
}
