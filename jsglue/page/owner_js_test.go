package page_test

import (
	"errors"
	"runtime"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/jsglue/page"
)

// settled waits for a promise: what it was resolved or rejected with.
func settled(t *testing.T, promise js.Value) (v js.Value, rejected bool) {
	t.Helper()
	type result struct {
		v        js.Value
		rejected bool
	}
	done := make(chan result, 1)
	settle := func(rejected bool) js.Func {
		return js.FuncOf(func(_ js.Value, args []js.Value) any { done <- result{args[0], rejected}; return nil })
	}
	resolve, reject := settle(false), settle(true)
	defer resolve.Release()
	defer reject.Release()
	promise.Call("then", resolve, reject)
	r := <-done
	return r.v, r.rejected
}

// A function of Go may block; its result, error or panic settles the page's promise.
func TestOwnerFunc(t *testing.T) {
	o := page.NewOwner()
	defer o.Release()
	gate := make(chan string)
	v, err := o.Encode(map[string]any{
		"wait":   page.Func(func(args []js.Value) (any, error) { return <-gate + args[0].String(), nil }),
		"fail":   page.Func(func([]js.Value) (any, error) { return nil, errors.New("as told") }),
		"panics": page.Func(func([]js.Value) (any, error) { panic("as told") }),
		"chan":   page.Func(func([]js.Value) (any, error) { return gate, nil }),
	})
	require.NoError(t, err)
	promise := v.Call("wait", "!")
	gate <- "hello"
	got, rejected := settled(t, promise)
	require.False(t, rejected)
	require.Equal(t, "hello!", got.String())
	for method, want := range map[string]string{"fail": "as told", "panics": "a function panicked: as told", "chan": "no counterpart"} {
		got, rejected := settled(t, v.Call(method))
		require.True(t, rejected, method)
		require.Contains(t, got.Get("message").String(), want)
	}
}

// A function of the page is called with values of Go; what it throws is an error.
func TestFunctionCall(t *testing.T) {
	var fs map[string]page.Function
	require.NoError(t, page.Decode(eval(`{ add: (a, b) => a.x + b, fails: () => { throw new Error("thrown"); }, nothing: () => { throw null; } }`), &fs))
	sum, err := fs["add"].Call(map[string]int{"x": 1}, 2)
	require.NoError(t, err)
	require.Equal(t, 3, sum.Int())
	_, err = fs["fails"].Call()
	require.EqualError(t, err, "page: call: Error: thrown")
	_, err = fs["nothing"].Call()
	require.ErrorContains(t, err, "null")
	_, err = fs["add"].Call(make(chan int))
	require.ErrorContains(t, err, "no counterpart")
}

// What an owner has is released with it: listeners are taken off, functions do nothing.
func TestOwnerRelease(t *testing.T) {
	o := page.NewOwner()
	target := eval(`new EventTarget()`)
	var seen []string
	require.NoError(t, o.Listen(target, "ping", func(e js.Value) {
		seen = append(seen, e.Get("type").String())
		e.Call("preventDefault")
	}))
	require.NoError(t, o.Listen(target, "bad", func(js.Value) { panic("contained") }))
	ping := func() bool {
		return target.Call("dispatchEvent", js.Global().Get("Event").New("ping", map[string]any{"cancelable": true})).Bool()
	}
	require.False(t, ping(), "its default is prevented: it was handled within the event")
	target.Call("dispatchEvent", js.Global().Get("Event").New("bad"))
	require.Equal(t, []string{"ping"}, seen)
	f, err := o.Func(func([]js.Value) (any, error) { t.Error("called after its release"); return nil, nil })
	require.NoError(t, err)

	o.Release()
	o.Release()
	require.True(t, ping())
	require.Equal(t, []string{"ping"}, seen)
	require.True(t, f.Invoke().IsUndefined())
	_, err = o.Func(func([]js.Value) (any, error) { return nil, nil })
	require.ErrorIs(t, err, page.ErrOwnerReleased)
	require.ErrorIs(t, o.Listen(target, "ping", func(js.Value) {}), page.ErrOwnerReleased)
	require.True(t, ping())
	require.Error(t, page.NewOwner().Listen(eval(`{ addEventListener() { throw new Error("no"); } }`), "ping", func(js.Value) {}))
	require.Error(t, page.NewOwner().Listen(eval(`{}`), "ping", func(js.Value) {}))
}

// An owner that belongs to a comm is released when it ends.
func TestOwnedBy(t *testing.T) {
	k := commmgrtest.New(t, nil)
	c, err := k.Manager.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	before := runtime.NumGoroutine()
	o := page.OwnedBy(c)
	require.Equal(t, before, runtime.NumGoroutine(), "an owner has a goroutine only while there is work")
	f, err := o.Func(func([]js.Value) (any, error) { return "alive", nil })
	require.NoError(t, err)
	got, _ := settled(t, f.Invoke())
	require.Equal(t, "alive", got.String())
	require.NoError(t, c.Close(nil))
	for { // the owner's goroutine has its turn
		if _, err := o.Func(func([]js.Value) (any, error) { return nil, nil }); errors.Is(err, page.ErrOwnerReleased) {
			break
		}
		settled(t, js.Global().Get("Promise").Call("resolve"))
	}
	require.True(t, f.Invoke().IsUndefined())
	require.ErrorIs(t, c.Err(), commmgr.ErrClosedHere)
}
