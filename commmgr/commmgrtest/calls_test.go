package commmgrtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
	"gocomm/internal/bystander"
)

// The kernel's side of calls: it handles the client's, and calls the client.
func ExampleComm_Handle() {
	var t testing.TB = new(bystander.TB)
	defer t.(*bystander.TB).End()
	k := commmgrtest.New(t, nil)
	k.RegisterTarget("calculator", func(c *commmgrtest.Comm, open commmgrtest.Message) {
		c.Handle("double", func(ctx context.Context, params json.RawMessage, _ [][]byte) (any, [][]byte, error) {
			var n int
			if err := json.Unmarshal(params, &n); err != nil {
				return nil, nil, &typed.CallError{Code: "no_number", Message: string(params)}
			}
			return 2 * n, nil, nil
		})
	})

	ctx := context.Background()
	c, _ := k.Manager.Open("calculator", nil) // what is under test
	fmt.Println(typed.Call[int](ctx, c, "double", 21))
	_, err := typed.Call[int](ctx, c, "double", "text")
	fmt.Println(errors.Is(err, &typed.CallError{Code: "no_number"}))
	// Output:
	// 42 <nil>
	// true
}

// A target that handles calls, called by the kernel.
func ExampleComm_Call() {
	var t testing.TB = new(bystander.TB)
	defer t.(*bystander.TB).End()
	k := commmgrtest.New(t, nil)
	k.Manager.RegisterTarget("greeter", func(c *commmgr.Comm, _ *commmgr.Message) error {
		typed.Handle(c, "greet", func(_ context.Context, name string) (string, error) {
			return "hello, " + name, nil
		})
		return nil
	}, nil)

	c := k.Open("greeter", nil)
	result, _, err := c.Call(context.Background(), "greet", "gopher")
	fmt.Println(string(result), err)
	_, _, err = c.Call(context.Background(), "leave", nil)
	fmt.Println(err)
	// Output:
	// "hello, gopher" <nil>
	// no method "leave" on target "greeter" (unknown_method)
}

func TestCallsEnd(t *testing.T) {
	k := commmgrtest.New(t, nil)
	theirs := make(chan *commmgrtest.Comm, 1)
	k.RegisterTarget("t", func(c *commmgrtest.Comm, _ commmgrtest.Message) { theirs <- c })
	c, err := k.Manager.Open("t", nil)
	require.NoError(t, err)
	kc := <-theirs
	why := make(chan error, 1)
	kc.Handle("waits", func(ctx context.Context, _ json.RawMessage, _ [][]byte) (any, [][]byte, error) {
		<-ctx.Done()
		why <- context.Cause(ctx)
		return nil, nil, ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { _, err := typed.Call[int](ctx, c, "waits", 0); failed <- err }()
	kc.Await(2)
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
	require.ErrorIs(t, <-why, typed.ErrCallCanceled)

	go func() { _, err := typed.Call[int](t.Context(), c, "waits", 0); failed <- err }()
	kc.Await(4)
	typed.Handle(c, "waits", func(ctx context.Context, _ any) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	go func() { _, _, err := kc.Call(t.Context(), "waits", 0); why <- err }()
	require.NoError(t, c.Close(nil))
	require.ErrorIs(t, <-failed, commmgr.ErrClosedHere)
	require.ErrorIs(t, <-why, commmgr.ErrCommClosed)
	require.ErrorIs(t, <-why, commmgr.ErrCommClosed)
}
