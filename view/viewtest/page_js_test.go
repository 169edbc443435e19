package viewtest

import (
	_ "embed"
	"encoding/json"
	"os"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

//go:embed testdata/host.js
var hostJS string

// patience bounds each piece of code on the page; conditions give up before it.
const patience = 60 * time.Second

// A page is a frame with afm.js and a host.
type page struct {
	t     *testing.T
	frame js.Value
	names js.Value // what run's code can name
}

// newPage makes a page. When the test ends, nothing may be left uncaught on it.
func newPage(t *testing.T) *page {
	web := os.Getenv("GOCOMM_WEB")
	require.NotEmpty(t, web, "GOCOMM_WEB is the URL at which dist/web is served: run these tests with `go run ./internal/tool wasmtest`")
	doc := js.Global().Get("document")
	p := &page{t: t, frame: doc.Call("createElement", "iframe")}
	doc.Get("body").Call("append", p.frame)
	t.Cleanup(func() { p.frame.Call("remove") }) // its programs end with it
	load := p.window().Call("eval", "(u) => import(u)")
	p.names = await(t, await(t, load.Invoke(blob(hostJS))).Call("open", web))
	t.Cleanup(func() {
		uncaught := p.names.Get("uncaught")
		if t.Failed() || uncaught.Length() > 0 {
			t.Log("the page's console: ", js.Global().Get("JSON").Call("stringify", p.names.Get("lines"), nil, 1).String())
		}
		require.Equal(t, "", uncaught.Call("join", "\n").String(), "uncaught on the page")
	})
	return p
}

func (p *page) window() js.Value { return p.frame.Get("contentWindow") }

// run runs the body of an async function on the page, and gives what it returns. The
// names of testdata/host.js are in its scope.
func (p *page) run(code string) any {
	p.t.Helper()
	var v any
	p.get(&v, code)
	return v
}

// get is run, with the result put into what dst points to.
func (p *page) get(dst any, code string) {
	p.t.Helper()
	object := js.Global().Get("Object")
	params := object.Call("keys", p.names)
	params.Call("push", code)
	f := js.Global().Get("Reflect").Call("construct", p.window().Call("eval", "(async () => {}).constructor"), params)
	v := await(p.t, f.Call("apply", js.Null(), object.Call("values", p.names)))
	text := js.Global().Get("JSON").Call("stringify", v)
	if text.IsUndefined() {
		return
	}
	require.NoError(p.t, json.Unmarshal([]byte(text.String()), dst))
}

// await waits for a promise; a rejection fails the test.
func await(t *testing.T, promise js.Value) js.Value {
	t.Helper()
	type result struct {
		value js.Value
		err   string
	}
	done := make(chan result, 1)
	ok := js.FuncOf(func(_ js.Value, args []js.Value) any { done <- result{value: args[0]}; return nil })
	failed := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- result{err: "on the page: " + js.Global().Call("String", args[0].Get("stack")).String() + args[0].Call("toString").String()}
		return nil
	})
	defer ok.Release()
	defer failed.Release()
	promise.Call("then", ok, failed)
	select {
	case r := <-done:
		require.Empty(t, r.err)
		return r.value
	case <-time.After(patience):
		require.FailNow(t, "the page has not answered for "+patience.String())
	}
	return js.Undefined()
}

func blob(source string) js.Value {
	global := js.Global()
	b := global.Get("Blob").New([]any{source}, map[string]any{"type": "text/javascript"})
	return global.Get("URL").Call("createObjectURL", b)
}
