package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// openCalls opens a notebook with a comm to the probe's target calls, on both of
// whose sides there are methods.
func openCalls(t *testing.T, h *host) *browse.Page {
	t.Helper()
	page := openProbe(t, h)
	h.AddFile(t, "testdata/probe/calls.py")
	python(t, page, fmt.Sprintf("PACKAGE = %q\n%%run -i calls.py", filepath.Join(fixture.root, "nbextension")))
	return page
}

// TestCallsByPython has Python call Go: plainly, with the cell waiting, and awaiting.
func TestCallsByPython(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openCalls(t, h)
		for _, call := range []struct{ plain, await string }{
			{"peer.call", ""}, {"peer.call_async", "await "},
		} {
			form := call.await + call.plain
			require.Equal(t, "42", python(t, page, `print(`+form+`("add", {"a": 20, "b": 22}, timeout=20))`))
			for _, failing := range []struct{ method, params, class, code, text string }{
				{"fail", `"so it is"`, "CallError", "told_to", "so it is"},
				{"panic", `""`, "CallError", "failed", `the handler of \"panic\" panicked`},
				{"add", `"text"`, "CallError", "bad_params", "cannot unmarshal string"},
				{"nope", `1`, "CallError", "unknown_method", `no method \"nope\" on target \"probe.calls\"`},
				{"wait", `"", timeout=.3`, "CallTimeout", "deadline", ""},
			} {
				out := python(t, page, `try: print(`+form+`("`+failing.method+`", `+failing.params+`))
except calls.CallError as e: print(type(e).__name__, e.code, json.dumps(str(e)))`)
				require.True(t, strings.HasPrefix(out, failing.class+" "+failing.code+" "), "%s %s: %s", form, failing.method, out)
				require.Contains(t, out, failing.text)
			}
			// Go's handler calls Python, which waits for it.
			require.Equal(t, "3", python(t, page, `print(`+form+`("through", {"a": 1, "b": 2}, timeout=20))`))
		}
		// NaN and infinities are floats in Go, and texts for float() in Python.
		require.Equal(t, "nan inf [1, 'nan']", python(t, page, `got_xs = []
peer.handle("mean", lambda xs: got_xs.append(xs) or sum(map(float, xs)) / len(xs))
print(float(peer.call("mean", [1.0, float("nan")], timeout=20)), float(peer.call("mean", [1.0, float("inf")], timeout=20)), got_xs[0])`))
		// The same, when the handler in Python is a coroutine function: a blocking call stops its event loop.
		python(t, page, `async def later(params): await asyncio.sleep(.01); return params["a"] + params["b"]
peer.handle("add", later)`)
		for _, form := range []string{"peer.call", "await peer.call_async"} {
			require.Equal(t, "3", python(t, page, `print(`+form+`("through", {"a": 1, "b": 2}, timeout=20))`))
		}
		for _, e := range page.Errors() {
			require.Contains(t, e.Text, "the probe was told to")
		}
		require.NotEmpty(t, page.Errors()) // those that are alike are counted for a while

		// Many at once, with ordinary messages between them.
		require.Equal(t, "True", python(t, page, `pending = []
for n in range(50):
    pending.append(peer.start("add", {"a": n, "b": n}))
    order("replaced")
print([p.result(20) for p in pending] == [2 * n for n in range(50)])`))
		require.Equal(t, "True", python(t, page, `print(await asyncio.gather(*[peer.call_async("add", {"a": n, "b": 1}) for n in range(50)]) == list(range(1, 51)))`))
		kernelHas(t, page, `50`, `len(said)`)
		require.Equal(t, "7 [b'world', b'hi']", python(t, page, `p = peer.start("swap", "", buffers=[b"hi", b"world"])
print(p.result(20), [bytes(b) for b in p.buffers])`))

		// What Python gives up ends in Go.
		python(t, page, `p = peer.start("wait", ""); p.cancel()`)
		console(t, page, "probe: wait ended: typed: the caller has canceled the call")

		// The comm's end is the end of its calls, on both sides.
		require.Equal(t, "CommClosed closed", python(t, page, `p = peer.start("wait", "")
order("close")
try: p.result(20)
except calls.CallError as e: print(type(e).__name__, e.code)`))
		kernelHas(t, page, `[-1, -2]`, `said[50:]`)
		require.Equal(t, "CommClosed", python(t, page, `try: peer.call("add", 1)
except calls.CallError as e: print(type(e).__name__)`))
		console(t, page, "probe: wait ended: commmgr: closed by this program")
		require.NotEmpty(t, page.Errors()) // those that are alike are counted for a while
	})
}

// TestCallsByGo has Go call Python.
func TestCallsByGo(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openCalls(t, h)
		id := python(t, page, `print(comm.comm_id)`)
		prefix := func(method string) string {
			return fmt.Sprintf(`commmgr: call %q: comm %q (target "probe.calls"): `, method, id)
		}
		said := 0
		answer := func(do string) string {
			t.Helper()
			python(t, page, do)
			said++
			kernelHas(t, page, fmt.Sprint(said), `len(said)`)
			return python(t, page, `print(said[-1])`)
		}
		says := func(want, do string) {
			t.Helper()
			require.Equal(t, want, answer(do))
		}
		says("100", `order("call", "add")`)
		says("100; 101; 102; 103; 104", `order("call", "add", 5)`)
		says("100; 101; 102; 103; 104", `order("call", "add_later", 5)`)
		says(prefix("refuse")+"not today (refused)", `order("call", "refuse")`)
		says(prefix("break")+"ZeroDivisionError: division by zero", `order("call", "break")`)
		says(prefix("nope")+`no method "nope" on target "probe.calls" (unknown_method)`, `order("call", "nope")`)
		// Both sides look at the clock: whose answer comes first depends on how busy the machine is.
		require.Contains(t, []string{prefix("wait") + "context deadline exceeded", prefix("wait") + "its time was up (deadline)"},
			answer(`order("call", "wait", ms=300)`))
		kernelHas(t, page, `[0]`, `canceled`)

		python(t, page, `order("call", "wait"); order("call", "wait")`)
		_, err := page.WaitWire(func(f browse.Frame) bool {
			return f.Direction == browse.Sent && f.CommID == id && strings.Contains(string(f.Data), `"method":"wait","params"`)
		}, soon)
		require.NoError(t, err)
		python(t, page, `comm.close()`)
		console(t, page, "probe: "+prefix("wait")+"the comm is closed: closed by the kernel")
		console(t, page, "probe: calls "+id+" closed")
		kernelHas(t, page, `[0, 0]`, `canceled`)
		require.Empty(t, page.Errors())
	})
}

// TestSendLatest sends a burst of values while the kernel is at work, and while it is idle.
func TestSendLatest(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openCalls(t, h)
		python(t, page, `import time
order("latest", n=1000); time.sleep(1)`)
		kernelHas(t, page, `[0, 999]`, `said`)
		python(t, page, `order("replaced")`)
		kernelHas(t, page, `"replaced 998"`, `said[-1]`)
		python(t, page, `said.clear(); [order("latest", n=100) for _ in range(10)]`)
		kernelHas(t, page, `99`, `said[-1] if said else None`)
		python(t, page, `order("replaced")`)
		kernelHas(t, page, `true`, `str(said[-1]).startswith("replaced")`)
		kernelHas(t, page, `0`, `998 + 1000 - int(said[-1].split()[1]) - (len(said) - 1)`)
		require.Empty(t, page.Errors())
	})
}
