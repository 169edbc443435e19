package docs

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
)

// What docs/handlers.md shows.
func TestHandlers(t *testing.T) {
	open := func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.JSON(commmgr.Data)
			if err == nil {
				_, err = c.Send(&commmgr.Payload{Data: data})
			}
			return err
		})
		return nil
	}
	m := commmgrtest.New(t, nil).Manager
	m.RegisterTarget("plot", open, &commmgr.TargetOptions{
		Limits: commmgr.Limits{Messages: 100, Bytes: 1 << 20, Overflow: commmgr.OverflowTells},
	})
	options := &commmgr.TargetOptions{Merge: commmgr.ByField("name"), EachFrame: true}
	_, err := m.RegisterTarget("sliders", open, options)
	require.NoError(t, err)
	require.Len(t, m.Targets(), 2)

	k := commmgrtest.New(t, nil)
	k.Manager.RegisterTarget("my_target", open, nil)
	c := k.Open("my_target", map[string]int{"foo": 1}) // the kernel opens a comm
	c.Stream(100, nil)                                 // 0, 1, 2, …
	got := c.Await(100)                                // the messages that the handlers have sent
	require.Equal(t, "99", string(got[99].Data))
}

// What docs/cookbook.md and docs/calls.md show.
func TestOpenAndCall(t *testing.T) {
	type Size struct{ Width, Height float64 }
	k := commmgrtest.New(t, nil)
	m := k.Manager
	opened := make(chan *commmgrtest.Comm, 1)
	k.RegisterTarget("greeter", func(c *commmgrtest.Comm, msg commmgrtest.Message) {
		require.JSONEq(t, `{"name": "Go"}`, string(msg.Data))
		c.Handle("sum", func(_ context.Context, params json.RawMessage, _ [][]byte) (any, [][]byte, error) {
			require.JSONEq(t, `[1, 2, 3]`, string(params))
			return 6, nil, nil
		})
		opened <- c
	})
	c, err := typed.Open(m, "greeter", map[string]string{"name": "Go"})
	require.NoError(t, err)
	ctx := context.Background()
	func() {
		typed.Handle(c, "area", func(ctx context.Context, p Size) (float64, error) { return p.Width * p.Height, nil })
		sum, err := typed.Call[int](ctx, c, "sum", []int{1, 2, 3})
		require.NoError(t, err)
		require.Equal(t, 6, sum)
	}()
	area, _, err := (<-opened).Call(ctx, "area", Size{2, 3})
	require.NoError(t, err)
	require.Equal(t, "6", string(area))
}
