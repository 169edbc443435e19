package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// fault is something wrong with what the extension loads.
type fault struct {
	name    string
	pattern string // of the requests that are held back until messages wait for the program
	answer  func(t *testing.T, p *browse.Page, pattern string) (release func(), err error)
	says    string // the one line on the console; without one, the program works in spite of it
	never   bool   // there is no answer; when it comes after all, the program works
	h2      bool   // seen on both hosts
}

const (
	theProgram = "*/commmgr.wasm.gz*"
	theRuntime = "*/commmgr.wasm.js*"
	theModule  = "*/gocomm/gocomm.js*"
)

var faults = []fault{
	{name: "no program", pattern: theProgram, answer: answer(404, "text/html", "not found"), says: "the server answered 404 Not Found", h2: true},
	{name: "a login page", pattern: theProgram, answer: answer(200, "text/html", "<!doctype html><title>Login</title>"),
		says: "this is not WebAssembly (text/html); is it a login page?"},
	{name: "cut off", pattern: theProgram, answer: changed(func(b []byte) []byte { return b[:len(b)/2] }), says: "it is damaged or cut off"},
	{name: "corrupt", pattern: theProgram, answer: changed(func(b []byte) []byte {
		copy(b[len(b)/2:], "not what was there")
		return b
	}), says: "it is damaged or cut off"},
	{name: "no Go program", pattern: theProgram, answer: answer(200, "application/wasm", "\x00asm\x01\x00\x00\x00"), says: "this is no Go program"},
	{name: "connection lost", pattern: theProgram, says: "is the server there?", answer: func(_ *testing.T, p *browse.Page, pattern string) (func(), error) {
		return p.HoldBreak(pattern)
	}},
	{name: "MIME type", pattern: theProgram, answer: changed(func(b []byte) []byte { return b }), h2: true}, // it says text/plain
	{name: "no runtime", pattern: theRuntime, answer: answer(404, "text/html", "not found"), says: "commmgr.wasm.js: TypeError"},
	{name: "another border", pattern: theModule, answer: func(t *testing.T, p *browse.Page, pattern string) (func(), error) {
		source := built(t, "gocomm.js")
		other := regexp.MustCompile(`ABI = \d+`).ReplaceAll(source, []byte("ABI = 99"))
		require.NotEqual(t, source, other)
		return p.HoldRespond(pattern, 200, "text/javascript", other)
	}, says: "this gocomm.js has version 99: build both from one release"},
	{name: "no module", pattern: theModule, answer: answer(404, "text/html", "not found"), says: "gocomm.js could not be loaded", h2: true},
	{name: "CSP", pattern: theProgram, answer: forbidden, says: "have the server allow 'wasm-unsafe-eval' in its script-src"},
	{name: "program never answers", pattern: theProgram, answer: silence, says: "commmgr.wasm has not answered for 5 s", never: true, h2: true},
	{name: "module never answers", pattern: theModule, answer: silence, says: "gocomm.js has not answered for 5 s", never: true},
}

func answer(status int, mime, body string) func(*testing.T, *browse.Page, string) (func(), error) {
	return func(_ *testing.T, p *browse.Page, pattern string) (func(), error) {
		return p.HoldRespond(pattern, status, mime, []byte(body))
	}
}

// changed answers with the program as it was built, but for a change.
func changed(f func([]byte) []byte) func(*testing.T, *browse.Page, string) (func(), error) {
	return func(t *testing.T, p *browse.Page, pattern string) (func(), error) {
		return p.HoldRespond(pattern, 200, "text/plain", f(built(t, "commmgr.wasm.gz")))
	}
}

func silence(_ *testing.T, p *browse.Page, pattern string) (func(), error) { return p.Hold(pattern) }

// forbidden has the page's policy allow no WebAssembly, before there is any.
func forbidden(t *testing.T, p *browse.Page, pattern string) (func(), error) {
	release, err := p.Hold(pattern)
	return sync.OnceFunc(func() {
		_, err := browse.Eval[browse.Void](p, `(() => {
			const meta = document.createElement('meta');
			meta.httpEquiv = 'Content-Security-Policy';
			meta.content = "script-src 'self' 'unsafe-inline'";
			document.head.append(meta);
		})()`)
		require.NoError(t, err)
		release()
	}), err
}

func built(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(fixture.root, "dist", "nbextension", "gocomm", name))
	require.NoError(t, err)
	return bytes.Clone(b)
}

// TestLoadFaults has what the extension loads be missing or wrong, with messages
// waiting for it: within 5 s the stock manager has them, in order, and the console has
// one line that says why.
func TestLoadFaults(t *testing.T) {
	forHosts(t, withGocomm, func(t *testing.T, h *host) {
		page := newPage(t)
		url := h.NewNotebook(t, `from ipykernel.comm import Comm
comm = Comm(target_name="js.target", data="real")
comm.send("first")`, `comm.send("second")`)
		for _, f := range faults {
			if h.Name != "h1" && !f.h2 {
				continue
			}
			ok := t.Run(f.name, func(t *testing.T) { testFault(t, page, url, f) })
			if !ok {
				return // what the page shows is kept, of the first that failed
			}
		}
	})
}

// holdJS puts messages of a comm to where those of a kernel come in.
const holdJS = `(() => {
	const kernel = Jupyter.notebook.kernel;
	const say = (msg_type, data) => kernel.get_iopub_handler(msg_type)({
		header: {msg_id: 'held-' + data, msg_type, session: 'kernel'}, parent_header: {session: kernel.session_id}, metadata: {}, buffers: [],
		content: {comm_id: 'held', target_name: 'js.target', data},
	});
	window.got = [];
	window.say = say;
	kernel.comm_manager.register_target('js.target', (comm, msg) => {
		got.push(msg.content.data);
		comm.on_msg(m => { window.lastAt = performance.now(); got.push(m.content.data); });
	});
	window.since = (kernel[Symbol.for('gocomm.hold')] ?? kernel[Symbol.for('gocomm.hub')]).since;
	say('comm_open', 'open');
	for (let n = 0; n < 20; n++) say('comm_msg', n);
	return got.length;
})()`

const heldInOrder = `["open",0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]`

func testFault(t *testing.T, page *browse.Page, url string, f fault) {
	before := len(page.Console())
	lines := func() []string {
		var found []string
		for _, m := range page.Console()[before:] {
			if strings.HasPrefix(m.Text, "gocomm: ") {
				found = append(found, m.Text)
			}
		}
		return found
	}
	_, _ = browse.Eval[browse.Void](page, `void (window.onbeforeunload = null, window.old = true)`)
	release, err := f.answer(t, page, f.pattern)
	require.NoError(t, err)
	defer page.Pass(f.pattern)
	defer release()
	require.NoError(t, page.LoadNotebook(url))
	const waiting = `!window.old && Jupyter.notebook.kernel.comm_manager && (Jupyter.notebook.kernel[Symbol.for('gocomm.hold')] || Jupyter.notebook.kernel[Symbol.for('gocomm.hub')])`
	require.NoError(t, page.Wait(waiting, 30*time.Second))
	passed, err := browse.Eval[int](page, holdJS)
	require.NoError(t, err)
	require.Zero(t, passed, "messages are held")
	if !f.never {
		release()
	}
	require.NoError(t, page.Wait(`got.length === 21`, soon))
	order, err := browse.Eval[string](page, `JSON.stringify(got)`)
	require.NoError(t, err)
	require.Equal(t, heldInOrder, order)
	late, err := browse.Eval[float64](page, `lastAt - since`)
	require.NoError(t, err)
	require.Less(t, late, 5500., "ms that messages were held")
	require.NotZero(t, page.Hits(f.pattern))

	require.NoError(t, page.WaitKernelReady())
	replaced := f.says == ""
	require.NoError(t, page.Wait(fmt.Sprintf(`('_hub' in Jupyter.notebook.kernel.comm_manager) === %t`, replaced), soon))
	require.NoError(t, page.RunCellWait(0))
	require.NoError(t, page.Wait(`got.slice(21).join() === "real,first"`, soon))
	if replaced {
		require.Empty(t, lines())
		return
	}
	require.Len(t, lines(), 1)
	require.Contains(t, lines()[0], f.says)
	if !f.never {
		gone, err := browse.Eval[bool](page, `!Jupyter.notebook.kernel[Symbol.for('gocomm.hub')] && !Jupyter.notebook.kernel[Symbol.for('gocomm.hold')]`)
		require.NoError(t, err)
		require.True(t, gone, "nothing of gocomm is left on the kernel object")
		return
	}

	// It comes after all: comms that the stock manager has got go on with it, once each.
	release()
	require.NoError(t, page.Wait(`'_hub' in Jupyter.notebook.kernel.comm_manager`, soon))
	_, err = browse.Eval[browse.Void](page, `void say('comm_msg', 'late')`)
	require.NoError(t, err)
	require.NoError(t, page.RunCellWait(1))
	require.NoError(t, page.Wait(`got.length >= 25`, soon))
	require.NoError(t, page.RunCellWait(0))
	require.NoError(t, page.Wait(`got.length >= 27`, soon))
	order, err = browse.Eval[string](page, `got.slice(21).join()`)
	require.NoError(t, err)
	require.Equal(t, "real,first,late,second,real,first", order)
	require.NoError(t, page.Wait(`Jupyter.notebook.kernel.comm_manager._hub.routes.size > 0`, soon), "a new comm is gocomm's")
	require.Len(t, lines(), 1)
}
