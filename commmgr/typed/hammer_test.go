package typed_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
)

// TestHammerCalls has both sides call each other from many goroutines, cancel some
// of their calls, and send ordinary messages, until the comm is closed in the middle:
// each call ends with its own result or a good reason.
func TestHammerCalls(t *testing.T) {
	const callers, calls = 8, 200
	k, c, kc := pair(t, nil)
	kc.Handle("echo", func(ctx context.Context, params json.RawMessage, buffers [][]byte) (any, [][]byte, error) {
		return params, buffers, nil
	})
	typed.Handle(c, "echo", func(_ context.Context, s string) (string, error) { return s, nil })
	var ordinary atomic.Int64
	typed.On(c, func(context.Context, int, [][]byte) error { ordinary.Add(1); return nil })

	var wg sync.WaitGroup
	var done, canceled, ended atomic.Int64
	judge := func(want, got string, err error) {
		switch {
		case err == nil:
			assert.Equal(t, want, got)
			done.Add(1)
		case errors.Is(err, commmgr.ErrCommClosed):
			ended.Add(1)
		default:
			assert.ErrorIs(t, err, context.Canceled)
			canceled.Add(1)
		}
	}
	half := make(chan bool, 2*callers)
	for i := range callers {
		run := func(call func(ctx context.Context, s string) (string, error)) {
			defer wg.Done()
			for n := range calls {
				if n == calls/2 {
					half <- true
				}
				ctx, cancel := context.WithCancel(context.Background())
				if rand.N(4) == 0 {
					go cancel() // ends at once
				}
				want := fmt.Sprint(i, "-", n)
				got, err := call(ctx, want)
				judge(want, got, err)
				cancel()
				kc.Send(n)
			}
		}
		wg.Add(2)
		go run(func(ctx context.Context, s string) (string, error) { return typed.Call[string](ctx, c, "echo", s) })
		go run(func(ctx context.Context, s string) (string, error) {
			result, _, err := kc.Call(ctx, "echo", s)
			var got string
			if err == nil {
				err = json.Unmarshal(result, &got)
			}
			return got, err
		})
	}
	for range 2 * callers {
		<-half
	}
	k.End()
	wg.Wait()
	require.EqualValues(t, 2*callers*calls, done.Load()+canceled.Load()+ended.Load())
	require.Positive(t, done.Load())
	require.NoError(t, typed.Drain(within(t), c))
	for _, err := range k.Errors() {
		require.ErrorIs(t, err, commmgr.ErrUnknownComm)
	}
	t.Logf("%d done, %d canceled, %d ended with the comm, %d ordinary messages", done.Load(), canceled.Load(), ended.Load(), ordinary.Load())
}

// TestHammerLatest has many goroutines send values while the comm is closed.
func TestHammerLatest(t *testing.T) {
	for range 50 {
		k := commmgrtest.New(t, nil)
		k.RegisterTarget("t", func(*commmgrtest.Comm, commmgrtest.Message) {})
		c, err := k.Manager.Open("t", nil)
		require.NoError(t, err)
		var wg sync.WaitGroup
		var accepted atomic.Int64
		for range 4 {
			wg.Go(func() {
				for n := range 50 {
					if err := typed.SendLatest(c, n); err == nil {
						accepted.Add(1)
					} else {
						assert.ErrorIs(t, err, commmgr.ErrCommClosed)
					}
				}
			})
		}
		wg.Go(func() { assert.NoError(t, c.Close(nil)) })
		wg.Wait()
		k.Flush()
		require.LessOrEqual(t, int64(len(k.Sent())-2+typed.Replaced(c)), accepted.Load())
		require.Empty(t, k.Errors())
	}
}
