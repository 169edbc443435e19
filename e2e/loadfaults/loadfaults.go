// Package loadfaults has what the extension loads be missing or wrong, while messages
// wait for it.
package loadfaults

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"gocomm/e2e/browse"
)

// A Fault is something wrong with what the extension loads.
type Fault struct {
	Name    string
	H2      bool   // it is worth a look on both hosts
	pattern string // of the requests that are held back until messages wait for the program
	// answer answers them, with what is in the folder of the extension as built.
	answer func(built string, p *browse.Page, pattern string) (release func(), err error)
	says   string // the one line on the console; without one, the program works in spite of it
	never  bool   // there is no answer; when it comes after all, the program works
}

const soon = 30 * time.Second

const (
	theProgram = "*/commmgr.wasm.gz*"
	theRuntime = "*/commmgr.wasm.js*"
	theModule  = "*/gocomm/gocomm.js*"
)

// All are all of them.
var All = []Fault{
	{Name: "no program", pattern: theProgram, answer: answer(404, "text/html", "not found"), says: "the server answered 404 Not Found", H2: true},
	{Name: "a login page", pattern: theProgram, answer: answer(200, "text/html", "<!doctype html><title>Login</title>"),
		says: "this is not WebAssembly (text/html); is it a login page?"},
	{Name: "cut off", pattern: theProgram, answer: changed(func(b []byte) []byte { return b[:len(b)/2] }), says: "it is damaged or cut off"},
	{Name: "corrupt", pattern: theProgram, answer: changed(func(b []byte) []byte {
		copy(b[len(b)/2:], "not what was there")
		return b
	}), says: "it is damaged or cut off"},
	{Name: "no Go program", pattern: theProgram, answer: answer(200, "application/wasm", "\x00asm\x01\x00\x00\x00"), says: "this is no Go program"},
	{Name: "connection lost", pattern: theProgram, says: "is the server there?", answer: func(_ string, p *browse.Page, pattern string) (func(), error) {
		return p.HoldBreak(pattern)
	}},
	{Name: "MIME type", pattern: theProgram, answer: changed(func(b []byte) []byte { return b }), H2: true}, // it says text/plain
	{Name: "no runtime", pattern: theRuntime, answer: answer(404, "text/html", "not found"), says: "commmgr.wasm.js: TypeError"},
	{Name: "another border", pattern: theModule, answer: func(built string, p *browse.Page, pattern string) (func(), error) {
		source, err := os.ReadFile(filepath.Join(built, "gocomm.js"))
		if err != nil {
			return nil, err
		}
		other := regexp.MustCompile(`ABI = \d+`).ReplaceAll(source, []byte("ABI = 99"))
		if bytes.Equal(source, other) {
			return nil, errors.New("gocomm.js names no version of the border")
		}
		return p.HoldRespond(pattern, 200, "text/javascript", other)
	}, says: "this gocomm.js has version 99: build both from one release"},
	{Name: "no module", pattern: theModule, answer: answer(404, "text/html", "not found"), says: "gocomm.js could not be loaded", H2: true},
	{Name: "CSP", pattern: theProgram, answer: forbidden, says: "have the server allow 'wasm-unsafe-eval' in its script-src"},
	{Name: "program never answers", pattern: theProgram, answer: silence, says: "commmgr.wasm has not answered for 5 s", never: true, H2: true},
	{Name: "module never answers", pattern: theModule, answer: silence, says: "gocomm.js has not answered for 5 s", never: true},
}

func answer(status int, mime, body string) func(string, *browse.Page, string) (func(), error) {
	return func(_ string, p *browse.Page, pattern string) (func(), error) {
		return p.HoldRespond(pattern, status, mime, []byte(body))
	}
}

// changed answers with the program as it was built, but for a change.
func changed(f func([]byte) []byte) func(string, *browse.Page, string) (func(), error) {
	return func(built string, p *browse.Page, pattern string) (func(), error) {
		b, err := os.ReadFile(filepath.Join(built, "commmgr.wasm.gz"))
		if err != nil {
			return nil, err
		}
		return p.HoldRespond(pattern, 200, "text/plain", f(b))
	}
}

func silence(_ string, p *browse.Page, pattern string) (func(), error) { return p.Hold(pattern) }

// forbidden has the page's policy allow no WebAssembly, before there is any.
func forbidden(_ string, p *browse.Page, pattern string) (func(), error) {
	release, err := p.Hold(pattern)
	return sync.OnceFunc(func() {
		// Where this fails there is a program, and what is looked at is wrong.
		_, _ = browse.Eval[browse.Void](p, `(() => {
			const meta = document.createElement('meta');
			meta.httpEquiv = 'Content-Security-Policy';
			meta.content = "script-src 'self' 'unsafe-inline'";
			document.head.append(meta);
		})()`)
		release()
	}), err
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
	window.since = kernel[Symbol.for('gocomm.hook.2')].since;
	// A timer of the page's own, half a second after the one that ends the wait: on a busy machine both are late, in this order.
	setTimeout(() => setTimeout(() => { window.overdue = got.length < 21; }), 5500 - (performance.now() - since));
	say('comm_open', 'open');
	for (let n = 0; n < 20; n++) say('comm_msg', n);
	return got.length;
})()`

const heldInOrder = `["open",0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]`

// Cells are the cells of the notebook that is loaded.
var Cells = []string{`from ipykernel.comm import Comm
comm = Comm(target_name="js.target", data="real")
comm.send("first")`, `comm.send("second")`}

// Load loads a notebook with Cells, with messages waiting for what does not come
// right, and gives for how long they were held. The error says what is not as promised.
func (f Fault) Load(page *browse.Page, url, built string) (held time.Duration, err error) {
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
	release, err := f.answer(built, page, f.pattern)
	if err != nil {
		return 0, err
	}
	defer page.Pass(f.pattern)
	defer release()
	if err := page.LoadNotebook(url); err != nil {
		return 0, err
	}
	const waiting = `!window.old && Jupyter.notebook.kernel.comm_manager && Jupyter.notebook.kernel[Symbol.for('gocomm.hook.2')]`
	if err := page.Wait(waiting, soon); err != nil {
		return 0, err
	}
	passed, err := browse.Eval[int](page, holdJS)
	if err != nil || passed > 0 {
		return 0, errors.Join(err, fmt.Errorf("%d messages were not held", passed))
	}
	if !f.never {
		release()
	}
	if err := page.Wait(`got.length === 21`, soon); err != nil {
		return 0, err
	}
	if f.never {
		if err := page.Wait(`window.overdue === false`, soon); err != nil {
			return 0, fmt.Errorf("the messages were held for more than 5 s: %w", err)
		}
	}
	late, err := browse.Eval[float64](page, `lastAt - since`)
	held = time.Duration(late * float64(time.Millisecond))
	if err := errors.Join(err, same(page, `JSON.stringify(got)`, heldInOrder)); err != nil {
		return held, err
	}
	if page.Hits(f.pattern) == 0 {
		return held, errors.New("nothing was asked for")
	}
	replaced := f.says == ""
	if err := errors.Join(page.WaitKernelReady(),
		page.Wait(fmt.Sprintf(`('_hub' in Jupyter.notebook.kernel.comm_manager) === %t`, replaced), soon),
		page.RunCellWait(0),
		page.Wait(`got.slice(21).join() === "real,first"`, soon)); err != nil {
		return held, err
	}
	said := lines()
	switch {
	case replaced && len(said) > 0:
		return held, fmt.Errorf("the console has %q", said)
	case replaced:
		return held, nil
	case len(said) != 1 || !strings.Contains(said[0], f.says):
		return held, fmt.Errorf("the console has %q, not one line with %q", said, f.says)
	case !f.never:
		return held, same(page, `String(!Jupyter.notebook.kernel[Symbol.for('gocomm.hub.2')] && !Jupyter.notebook.kernel[Symbol.for('gocomm.hook.2')])`, "true")
	}
	release()
	return held, errors.Join(f.late(page), func() error {
		if n := len(lines()); n != 1 {
			return fmt.Errorf("the console has %d lines", n)
		}
		return nil
	}())
}

// late looks at what comes after all: comms that the stock manager has got go on with
// it, once each, and new ones are gocomm's.
func (f Fault) late(page *browse.Page) error {
	if err := page.Wait(`'_hub' in Jupyter.notebook.kernel.comm_manager`, soon); err != nil {
		return err
	}
	if _, err := browse.Eval[browse.Void](page, `void say('comm_msg', 'late')`); err != nil {
		return err
	}
	return errors.Join(page.RunCellWait(1), page.Wait(`got.length >= 25`, soon), page.RunCellWait(0), page.Wait(`got.length >= 27`, soon),
		same(page, `got.slice(21).join()`, "real,first,late,second,real,first"),
		page.Wait(`Jupyter.notebook.kernel.comm_manager._hub.routes.size > 0`, soon))
}

// same compares the text that a JavaScript expression gives.
func same(page *browse.Page, js, want string) error {
	got, err := browse.Eval[string](page, js)
	if err == nil && got != want {
		err = fmt.Errorf("%s is %s, not %s", js, got, want)
	}
	return err
}
