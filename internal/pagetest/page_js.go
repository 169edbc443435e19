package pagetest

import (
	"encoding/json"
	"os"
	"runtime"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience bounds each piece of code on the page; conditions give up before it.
const patience = 60 * time.Second

// A Page is a frame in which a module of internal/js/test is loaded.
type Page struct {
	t     *testing.T
	frame js.Value
	names js.Value // what Run's code can name
}

// Open makes a page with a module, kernel-page.js or afm-page.js. When the test ends, nothing may be left uncaught on it.
func Open(t *testing.T, module string) *Page {
	web, modules := os.Getenv("GOCOMM_WEB"), os.Getenv("GOCOMM_TEST")
	require.NotEmpty(t, web, "GOCOMM_WEB is the URL at which dist/web is served: run these tests with `go run ./internal/tool wasmtest`")
	js.Global().Set("GOCOMM_WEB", web)
	doc := js.Global().Get("document")
	p := &Page{t: t, frame: doc.Call("createElement", "iframe")}
	doc.Get("body").Call("append", p.frame)
	t.Cleanup(func() {
		p.frame.Call("remove") // its timers and programs end with it
		*p = Page{}
		runtime.GC() // what Go refers to, the page keeps, and with it the memories of programs
	})
	load := p.frame.Get("contentWindow").Call("eval", "(u) => import(u)")
	window := await(t, load.Invoke(modules+"/window.js"))
	window.Call("watch")
	p.names = await(t, load.Invoke(modules+"/"+module))
	t.Cleanup(func() {
		uncaught := window.Get("uncaught")
		if t.Failed() || uncaught.Length() > 0 {
			t.Log("the page's console: ", js.Global().Get("JSON").Call("stringify", window.Get("lines"), nil, 1).String())
		}
		require.Equal(t, "", uncaught.Call("join", "\n").String(), "uncaught on the page")
	})
	return p
}

// Run runs the body of an async function on the page, and gives what it returns. What the module exports is in its scope.
func (p *Page) Run(code string) any {
	p.t.Helper()
	var v any
	p.Get(&v, code)
	return v
}

// Get is Run, with the result put into what dst points to.
func (p *Page) Get(dst any, code string) {
	p.t.Helper()
	object := js.Global().Get("Object")
	params := object.Call("keys", p.names)
	params.Call("push", code)
	async := p.frame.Get("contentWindow").Call("eval", "(async () => {}).constructor")
	f := js.Global().Get("Reflect").Call("construct", async, params)
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
		done <- result{err: "on the page: " + js.Global().Call("String", args[0]).String()}
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
