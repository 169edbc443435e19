package typed_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
	"gocomm/commmgr/typed"
)

// pair opens a comm from the front end: both sides of it.
func pair(t *testing.T, change func(*host.Options)) (*commmgrtest.Kernel, *commmgr.Comm, *commmgrtest.Comm) {
	t.Helper()
	k := commmgrtest.New(t, change)
	theirs := make(chan *commmgrtest.Comm, 1)
	k.RegisterTarget("t", func(c *commmgrtest.Comm, _ commmgrtest.Message) { theirs <- c })
	c, err := k.Manager.Open("t", nil)
	require.NoError(t, err)
	return k, c, <-theirs
}

// within gives a context that fails a test that waits for too long.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func sum(_ context.Context, params json.RawMessage, _ [][]byte) (any, [][]byte, error) {
	var p point
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, nil, err
	}
	return p.X + p.Y, nil, nil
}

func TestCall(t *testing.T) {
	k, c, kc := pair(t, nil)
	kc.Handle("sum", sum)
	got, err := typed.Call[int](within(t), c, "sum", point{20, 22})
	require.NoError(t, err)
	require.Equal(t, 42, got)

	kc.Handle("twice", func(_ context.Context, params json.RawMessage, buffers [][]byte) (any, [][]byte, error) {
		return params, append(buffers, buffers...), nil
	})
	text, back, err := typed.CallBuffers[string](within(t), c, "twice", "é", []byte("a"), []byte(""))
	require.NoError(t, err)
	require.Equal(t, "é", text)
	require.Equal(t, [][]byte{[]byte("a"), {}, []byte("a"), {}}, back)
	_, back, err = typed.CallBuffers[int](within(t), c, "twice", "é", []byte("a"))
	require.ErrorContains(t, err, "cannot unmarshal string")
	require.Empty(t, back)
	require.Empty(t, k.Errors())
	require.NoError(t, c.Close(nil))
	_, _, err = typed.CallBuffers[string](within(t), c, "twice", "é")
	require.ErrorIs(t, err, commmgr.ErrCommClosed)
}

func TestCallFails(t *testing.T) {
	k, c, kc := pair(t, nil)
	release := make(chan bool, 2)
	kc.Handle("fails", func(_ context.Context, params json.RawMessage, _ [][]byte) (any, [][]byte, error) {
		var e *typed.CallError
		if err := json.Unmarshal(params, &e); err != nil {
			return nil, nil, err
		}
		return nil, nil, e
	})
	kc.Handle("waits", func(ctx context.Context, _ json.RawMessage, _ [][]byte) (any, [][]byte, error) {
		<-ctx.Done()
		release <- true
		return nil, nil, context.Cause(ctx)
	})
	kc.Handle("left", func(ctx context.Context, _ json.RawMessage, _ [][]byte) (any, [][]byte, error) {
		deadline, ok := ctx.Deadline()
		if !ok {
			return nil, nil, errors.New("there is no deadline")
		}
		return time.Until(deadline).Seconds(), nil, nil
	})
	kc.Handle("text", func(context.Context, json.RawMessage, [][]byte) (any, [][]byte, error) { return "text", nil, nil })

	_, err := typed.Call[int](within(t), c, "fails", typed.CallError{Code: "too_far", Message: "that is too far"})
	require.EqualError(t, err, `commmgr: call "fails": comm "`+c.ID()+`" (target "t"): that is too far (too_far)`)
	require.ErrorIs(t, err, &typed.CallError{Code: "too_far"})
	require.ErrorIs(t, err, &typed.CallError{Code: "too_far", Message: "that is too far"})
	require.NotErrorIs(t, err, &typed.CallError{Code: "other"})
	_, err = typed.Call[int](within(t), c, "nope", 1)
	require.ErrorIs(t, err, &typed.CallError{Code: typed.CodeUnknownMethod})
	require.ErrorContains(t, err, "no method nope")
	_, err = typed.Call[int](within(t), c, "", 1)
	require.ErrorContains(t, err, "the method is missing")
	_, err = typed.Call[int](within(t), c, "text", 1)
	require.ErrorContains(t, err, `call "text"`)
	require.ErrorContains(t, err, "cannot unmarshal string")
	_, err = typed.Call[int](within(t), c, "text", func() {})
	require.Error(t, err, "what cannot be JSON")

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = typed.Call[int](ctx, c, "waits", 1)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	k.Flush() // that it was canceled has arrived too
	before := len(kc.Received())
	_, err = typed.Call[int](ctx, c, "waits", 1)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	k.Flush()
	require.Len(t, kc.Received(), before, "nothing was sent for it")
	left, err := typed.Call[float64](within(t), c, "left", 1)
	require.NoError(t, err)
	require.InDelta(t, 5, left, 5, "the handler knows the deadline")

	why := errors.New("enough")
	canceled, stop := context.WithCancelCause(t.Context())
	failed := make(chan error)
	for len(release) > 0 { // those of calls whose time was up
		<-release
	}
	before = len(kc.Received())
	go func() { _, err := typed.Call[int](canceled, c, "waits", 1); failed <- err }()
	kc.Await(before + 1)
	stop(why)
	err = <-failed
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, why)
	require.ErrorContains(t, err, "enough")
	<-release
	_, err = typed.Call[int](canceled, c, "waits", 1)
	require.ErrorIs(t, err, why)
}

// TestCallEnds has the comm end while calls are under way.
func TestCallEnds(t *testing.T) {
	for name, end := range map[string]func(*commmgrtest.Kernel, *commmgr.Comm, *commmgrtest.Comm) error{
		"by the kernel": func(_ *commmgrtest.Kernel, _ *commmgr.Comm, kc *commmgrtest.Comm) error {
			kc.Close(nil)
			return commmgr.ErrClosedByKernel
		},
		"by this program": func(_ *commmgrtest.Kernel, c *commmgr.Comm, _ *commmgrtest.Comm) error {
			c.Close(nil)
			return commmgr.ErrClosedHere
		},
		"with the kernel": func(k *commmgrtest.Kernel, _ *commmgr.Comm, _ *commmgrtest.Comm) error {
			k.End()
			return commmgr.ErrKernelGone
		},
	} {
		t.Run(name, func(t *testing.T) {
			k, c, kc := pair(t, nil)
			kc.Handle("waits", func(ctx context.Context, _ json.RawMessage, _ [][]byte) (any, [][]byte, error) {
				<-ctx.Done()
				return nil, nil, ctx.Err()
			})
			failed := make(chan error)
			own, stop := context.WithCancel(typed.Context(c)) // as handlers have it: it ends at the same time
			defer stop()
			for range 3 {
				go func() { _, err := typed.Call[int](context.Background(), c, "waits", 1); failed <- err }()
				go func() { _, err := typed.Call[int](own, c, "waits", 1); failed <- err }()
			}
			kc.Await(7)
			reason := end(k, c, kc)
			for range 6 {
				err := <-failed
				require.ErrorIs(t, err, commmgr.ErrCommClosed)
				require.ErrorIs(t, err, reason)
				require.ErrorContains(t, err, `call "waits": comm "`+c.ID()+`" (target "t"): the comm is closed: `)
			}
			_, err := typed.Call[int](context.Background(), c, "waits", 1)
			require.ErrorIs(t, err, commmgr.ErrCommClosed)
			require.ErrorIs(t, err, reason)
			_, err = typed.Call[int](own, c, "waits", 1)
			require.ErrorIs(t, err, commmgr.ErrCommClosed)
		})
	}
}

// TestCallInHandlers calls while the comm's own handler waits for it, and is called back.
func TestCallInHandlers(t *testing.T) {
	k, c, kc := pair(t, nil)
	kc.Handle("sum", sum)
	kc.Handle("through", func(ctx context.Context, params json.RawMessage, _ [][]byte) (any, [][]byte, error) {
		return kc.Call(ctx, "sum", params)
	})
	ctx := within(t)
	typed.Handle(c, "sum", func(ctx context.Context, p point) (int, error) {
		return typed.Call[int](ctx, c, "sum", p)
	})
	got := make(chan int, 2)
	typed.On(c, func(_ context.Context, p point, _ [][]byte) error {
		n, err := typed.Call[int](ctx, c, "sum", p)
		got <- n
		return err
	})
	kc.Send(point{1, 2})
	kc.Send(point{3, 4})
	require.Equal(t, 3, <-got)
	require.Equal(t, 7, <-got)
	n, err := typed.Call[int](ctx, c, "through", point{5, 6})
	require.NoError(t, err)
	require.Equal(t, 11, n)
	require.Empty(t, k.Errors())
}

func TestHandle(t *testing.T) {
	k, c, kc := pair(t, nil)
	ctx := within(t)
	typed.Handle(c, "swap", func(_ context.Context, p point) (point, error) { return point{p.Y, p.X}, nil })
	typed.Handle(c, "fails", func(_ context.Context, e *typed.CallError) (int, error) { return 0, fmt.Errorf("in vain: %w", e) })
	typed.Handle(c, "plain", func(context.Context, any) (int, error) { return 0, errors.New("plainly") })
	typed.Handle(c, "panics", func(context.Context, any) (int, error) { panic("at the disco") })
	typed.Handle(c, "exits", func(context.Context, any) (int, error) { runtime.Goexit(); return 0, nil })
	typed.Handle(c, "unsendable", func(context.Context, any) (any, error) { return make(chan int), nil })
	typed.Handle(c, "not a number", func(_ context.Context, f float64) (float64, error) { return f - f, nil })
	typed.Handle(c, "large", func(context.Context, any) (string, error) { return strings.Repeat("x", 9<<20), nil })
	typed.HandleBuffers(c, "buffers", func(_ context.Context, n int, b [][]byte) (int, [][]byte, error) {
		return n + len(b), append(b, b...), nil
	})
	typed.Handle(c, "gone", func(context.Context, any) (int, error) { return 0, nil })
	typed.Handle[any, int](c, "gone", nil)

	got, _, err := kc.Call(ctx, "swap", point{1, 2})
	require.NoError(t, err)
	require.JSONEq(t, `{"x": 2, "y": 1}`, string(got))
	got, _, err = kc.Call(ctx, "not a number", "inf")
	require.NoError(t, err)
	require.Equal(t, `"nan"`, string(got))
	got, back, err := kc.Call(ctx, "buffers", 5, []byte("a"), []byte("b"))
	require.NoError(t, err)
	require.Equal(t, "7", string(got))
	require.Equal(t, [][]byte{[]byte("a"), []byte("b"), []byte("a"), []byte("b")}, back)

	for _, want := range []struct {
		method  string
		params  any
		code    string
		message string
	}{
		{"fails", typed.CallError{Code: "mine", Message: "why"}, "mine", "in vain: why (mine)"},
		{"fails", typed.CallError{Message: "why"}, typed.CodeFailed, "in vain: why"},
		{"plain", 1, typed.CodeFailed, "plainly"},
		{"panics", 1, typed.CodeFailed, `the handler of "panics" panicked`},
		{"exits", 1, typed.CodeFailed, `the handler of "exits" panicked`},
		{"swap", "text", typed.CodeBadParams, "cannot unmarshal string"},
		{"unsendable", 1, typed.CodeBadResult, "chan int"},
		{"large", 1, typed.CodeBadResult, "too large"},
		{"nope", 1, typed.CodeUnknownMethod, `no method "nope" on target "t"`},
		{"gone", 1, typed.CodeUnknownMethod, `no method "gone"`},
	} {
		_, _, err := kc.Call(ctx, want.method, want.params)
		e, ok := errors.AsType[*typed.CallError](err)
		require.True(t, ok, "%s: %v", want.method, err)
		require.Equal(t, want.code, e.Code, want.method)
		require.Contains(t, e.Message, want.message)
	}
	errs := k.AwaitErrors(2)
	require.Len(t, errs, 2)
	for _, err := range errs {
		require.ErrorIs(t, err, commmgr.ErrHandler)
		require.ErrorContains(t, err, `commmgr: call "`)
	}
}

// TestHandleEnds cancels calls in their handlers and before, and lets their time run out.
func TestHandleEnds(t *testing.T) {
	_, c, kc := pair(t, nil)
	why := make(chan error, 1)
	begun := make(chan bool)
	typed.Handle(c, "waits", func(ctx context.Context, _ any) (int, error) {
		begun <- true
		<-ctx.Done()
		why <- context.Cause(ctx)
		return 0, ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	call := func(ctx context.Context) {
		go func() { _, _, err := kc.Call(ctx, "waits", 1); failed <- err }()
		<-begun
	}
	call(ctx)
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
	require.ErrorIs(t, <-why, typed.ErrCallCanceled)
	answers := len(kc.Received())

	// As the other side's clock may be behind, it is only told of the timeout.
	kc.Send(map[string]any{"gocomm": "call/1", "id": "short", "method": "waits", "timeout": 0.02, "params": nil})
	<-begun
	require.ErrorIs(t, <-why, context.DeadlineExceeded)
	require.JSONEq(t, `{"gocomm": "error/1", "id": "short", "code": "deadline", "message": "context deadline exceeded"}`,
		string(kc.Await(answers + 1)[answers].Data), "a call that was canceled is not answered")

	call(t.Context())
	kc.Close(nil)
	require.ErrorIs(t, <-why, commmgr.ErrClosedByKernel)
	require.ErrorIs(t, <-failed, commmgr.ErrCommClosed)
}

func TestCanceledBeforeItBegins(t *testing.T) {
	k, c, kc := pair(t, nil)
	begun, release := make(chan bool), make(chan bool)
	typed.Handle(c, "never", func(context.Context, any) (int, error) { panic("it was canceled") })
	typed.On(c, func(context.Context, any, [][]byte) error { begun <- true; <-release; return nil })
	kc.Send("ordinary")
	<-begun
	kc.Send(map[string]any{"gocomm": "call/1", "id": "1", "method": "never", "params": nil})
	kc.Send(map[string]any{"gocomm": "cancel/1", "id": "1"})
	kc.Send(map[string]any{"gocomm": "cancel/1", "id": "unknown"})
	k.Flush()
	release <- true
	require.NoError(t, typed.Drain(within(t), c))
	require.Empty(t, k.Errors())
	require.Len(t, kc.Received(), 1)
}

// TestCallsAreInOrder has calls find done what was sent before them.
func TestCallsAreInOrder(t *testing.T) {
	_, c, kc := pair(t, nil)
	var mu sync.Mutex
	seen := 0
	typed.On(c, func(context.Context, int, [][]byte) error { mu.Lock(); seen++; mu.Unlock(); return nil })
	typed.Handle(c, "seen", func(context.Context, any) (int, error) { mu.Lock(); defer mu.Unlock(); return seen, nil })
	for n := range 100 {
		kc.Send(n)
		got, _, err := kc.Call(within(t), "seen", nil)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(n+1), string(got))
	}
}

// TestCallsBeforeOpen has the kernel call as soon as it has opened the comm, and
// ordinary messages wait for OnMsg meanwhile.
func TestCallsBeforeOpen(t *testing.T) {
	k := commmgrtest.New(t, nil)
	comms := make(chan *commmgr.Comm, 1)
	proceed := make(chan bool)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		<-proceed
		typed.Handle(c, "sum", func(_ context.Context, p point) (int, error) { return p.X + p.Y, nil })
		comms <- c
		return nil
	}, nil)
	require.NoError(t, err)
	kc := k.Open("t", nil)
	kc.Send("ordinary")
	result := make(chan string)
	go func() {
		got, _, err := kc.Call(within(t), "sum", point{1, 2})
		result <- fmt.Sprint(string(got), err)
	}()
	k.Flush()
	proceed <- true
	require.Equal(t, "3<nil>", <-result)
	ordinary := make(chan string, 1)
	c := <-comms
	typed.On(c, func(_ context.Context, s string, _ [][]byte) error { ordinary <- s; return nil })
	require.Equal(t, "ordinary", <-ordinary)
}

// TestForeignComms: what another client's comm does not handle is not answered.
func TestForeignComms(t *testing.T) {
	k := commmgrtest.New(t, nil)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		typed.Handle(c, "here", func(context.Context, any) (int, error) { return 1, nil })
		return nil
	}, nil)
	require.NoError(t, err)
	kc := k.OpenAs("other", "t", nil)
	kc.Send(map[string]any{"gocomm": "call/1", "id": "1", "method": "not here"})
	got, _, err := kc.Call(within(t), "here", 1)
	require.NoError(t, err)
	require.Equal(t, "1", string(got))
	require.Len(t, kc.Received(), 1)
}

func TestTooManyCalls(t *testing.T) {
	_, c, kc := pair(t, nil)
	release := make(chan bool)
	typed.Handle(c, "waits", func(ctx context.Context, n int) (int, error) { <-release; return n, nil })
	for n := range 1025 {
		kc.Send(map[string]any{"gocomm": "call/1", "id": fmt.Sprint(n), "method": "waits", "params": n})
	}
	require.Contains(t, string(kc.Await(2)[1].Data), `"code":"busy"`)
	close(release)
	kc.Await(1026)
}
