package e2e

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// TestLabFaults has each part missing once: the console says so in one line, and Lab goes on.
func TestLabFaults(t *testing.T) {
	h := startLab(t, jupyter.Lab)
	// lines gives what the console says of gocomm, other than that something runs.
	lines := func(page *browse.Page) (all []string) {
		for _, m := range page.Console() {
			if strings.HasPrefix(m.Text, "gocomm: ") {
				all = append(all, m.Text)
			}
		}
		return all
	}
	for _, c := range []struct{ name, broken, says string }{
		{"program", "*/cookbook.wasm.gz*", "gocomm: cookbook.wasm could not be loaded"},
		{"lab.js", "*/lab.js*", "gocomm: lab.js could not be loaded"},
		{"disabled", "", "the extension gocomm is missing or disabled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := h
			if c.name == "disabled" {
				h = startDisabled(t)
			}
			page := newPage(t)
			if c.broken != "" {
				require.NoError(t, page.Break(c.broken))
			}
			require.NoError(t, page.OpenLab(h.NewNotebook(t, "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider")))
			require.NoError(t, page.RunLabCell(0))
			console(t, page, c.says)
			_, err := page.Python("slider.value = 7")
			require.NoError(t, err)
			require.NoError(t, page.Wait(browse.LabCell(0)+`.querySelector(".widget-readout")?.textContent.trim() === '7'`, soon))
			said := 0
			for _, line := range lines(page) {
				if strings.Contains(line, c.says) {
					said++
				}
			}
			if c.name == "disabled" {
				require.Equal(t, 2, said, "one for each program's extension: %q", lines(page))
				return
			}
			require.Equal(t, 1, said, "%q", lines(page))
			if c.name == "program" { // one that is registered later runs on the notebook too
				page.Pass(c.broken)
				_, err := browse.Eval[browse.Void](page, `(() => {
					const {programs} = globalThis[Symbol.for('gocomm.lab.1')];
					programs.push(programs.find(p => p.wasm.includes('cookbook')));
				})()`)
				require.NoError(t, err)
				labReady(t, page)
			}
		})
	}
	t.Run("late", func(t *testing.T) {
		t.Parallel()
		page := newPage(t)
		lab, err := page.Hold("*/lab.js*")
		require.NoError(t, err)
		settings, err := page.Hold("*/api/settings/gocomm:plugin*")
		require.NoError(t, err)
		program, err := page.Hold("*/cookbook.wasm.gz*")
		require.NoError(t, err)
		require.NoError(t, page.OpenLab(h.NewNotebook(t)))
		_, err = browse.Eval[browse.Void](page, `void (window.early = `+labKernel+`.requestExecute({code: `+
			`"from comm import create_comm; got = []; c = create_comm(target_name='my_comm_target', data={'early': 1}); c.on_msg(lambda m: got.append(m['content']['data'])); c.send(2)"}))`)
		require.NoError(t, err)
		_, err = page.WaitWire(func(f browse.Frame) bool { return f.MsgType == "comm_msg" }, soon)
		require.NoError(t, err)
		lab()
		// Another extension has the kernel object before gocomm's own has, and a message that comes then.
		require.True(t, eval[bool](t, page, `(async () => {
			const {load} = globalThis[Symbol.for('gocomm.lab.1')];
			const kernel = (await load()).labKernel(`+labKernel+`);
			void `+labKernel+`.requestExecute({code: 'c.send(3)'});
			return !kernel[Symbol.for('gocomm.hub.2')];
		})()`))
		settings()
		program()
		console(t, page, "cookbook: opened with", `{"early":1}`)
		console(t, page, "cookbook: got", `"data":2`)
		console(t, page, "cookbook: got", `"data":3`)
		require.Eventually(t, func() bool {
			out, err := page.Python("print(got)")
			return err == nil && strings.Contains(out, "[{'foo': 0}]")
		}, soon, 50*time.Millisecond)
	})
	t.Run("programs", func(t *testing.T) {
		t.Parallel()
		page := openPaper(t, h, "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider")
		labReady(t, page.Page)
		// Beside a program that runs: what is missing, broken, or of another release.
		require.NoError(t, page.Respond("*/broken.wasm.gz*", 200, "application/wasm", []byte("\x00asm, or not")))
		require.NoError(t, page.Respond("*/login.wasm.gz*", 200, "text/html", []byte("<!doctype html>")))
		require.NoError(t, page.Respond("*/other.js*", 200, "text/javascript", otherBorder(t)))
		_, err := browse.Eval[browse.Void](page.Page, `(async () => {
			const {programs, load} = globalThis[Symbol.for('gocomm.lab.1')];
			const {wasm} = programs.find(p => p.wasm.includes('cookbook'));
			for (const name of ['missing', 'broken', 'login']) programs.push({wasm: new URL(name + '.wasm', wasm).href});
			programs.push({started() { throw new Error('of this extension'); }}, {maxSend: '8 MiB', wasm: new URL('none.wasm', wasm).href});
			await load();
			const lab = performance.getEntriesByType('resource').map(e => e.name).find(name => /\/lab\.js/.test(name));
			const other = await import(new URL('other.js', lab).href); // which shares this page's kernel objects
			other.run(`+labKernel+`, {wasm: new URL('cookbook.wasm', wasm).href}).catch(e => console.error(e.message));
			const twin = await import(lab + '&twin'); // another copy of the same release
			twin.run(`+labKernel+`, {wasm: new URL('cookbook.wasm', wasm).href}).catch(e => console.error(e.message));
		})()`)
		require.NoError(t, err)
		for _, says := range [][]string{
			{"gocomm: missing.wasm could not be loaded", "the server answered 404 Not Found"},
			{"gocomm: broken.wasm could not be loaded", "reload the page, or build and install again"},
			{"gocomm: login.wasm could not be loaded", "is it a login page?"},
			{"gocomm: cookbook.wasm could not be loaded", "has version 99: build both from one release"},
			{"gocomm: the function started of a program", "of this extension"},
			{"gocomm: attach: maxSend is a number of bytes"},
			{"gocomm: cookbook.wasm could not be loaded", `(target "my_comm_target"): the target is taken by another program`},
		} {
			console(t, page.Page, says...)
		}
		page.run(t, 0)
		page.python(t, "slider.value = 7")
		require.NoError(t, page.Wait(page.in(0, ".widget-readout")+`?.textContent.trim() === '7'`, soon))
		page.python(t, "from comm import create_comm; got = []; c = create_comm(target_name='my_comm_target', data={}); c.on_msg(lambda m: got.append(m['content']['data']))")
		require.Eventually(t, func() bool { return page.python(t, "print(got)") == "[{'foo': 0}]" }, soon, 50*time.Millisecond)
		require.Len(t, lines(page.Page), 7, "one line each")

		// A kernel that knows no comms, and does not say so.
		_, err = browse.Eval[browse.Void](page.Page, `(async () => {
			window.former = `+labKernel+`;
			await jupyterapp.shell.currentWidget.sessionContext.changeKernel({name: 'echo'});
		})()`)
		require.NoError(t, err)
		require.NoError(t, page.Wait(labKernel+`?.connectionStatus === 'connected' && former !== `+labKernel, soon))
		labReady(t, page.Page)
		_, err = browse.Eval[browse.Void](page.Page, `(async () => {
			const {manager} = await globalThis[Symbol.for('gocomm.lab.1')].load();
			const ours = await manager(`+labKernel+`);
			for (const n of [1, 2]) ours.new_comm('nobody', n);
		})()`)
		require.NoError(t, err)
		console(t, page.Page, "gocomm: comm ", "(target nobody): the kernel echo does not know it after its open")
		page.run(t, 0)
		require.Contains(t, eval[string](t, page.Page, page.in(0, ".jp-OutputArea-output")+`.textContent`), "slider = ipywidgets", "the kernel's echo")
		unknown := slices.DeleteFunc(lines(page.Page), func(line string) bool { return !strings.Contains(line, "does not know it") })
		require.Len(t, unknown, 1, "once for a kernel")
	})
	t.Run("private names", func(t *testing.T) {
		t.Parallel()
		page := newPage(t)
		require.NoError(t, page.Break("*/cookbook.wasm.gz*")) // for the page's own connection
		require.NoError(t, page.OpenLab(h.NewNotebook(t)))
		console(t, page, "gocomm: cookbook.wasm could not be loaded")
		page.Pass("*/cookbook.wasm.gz*")
		// A connection as another release of Lab might have it, whose targets are Lab's to serve.
		got, err := browse.EvalTimeout[string](page, `(async () => {
			const {run} = await globalThis[Symbol.for('gocomm.lab.1')].load();
			const {wasm} = globalThis[Symbol.for('gocomm.lab.1')].programs.find(p => p.wasm.includes('cookbook'));
			const real = `+labKernel+`.clone({handleComms: true});
			const other = new Proxy(real, {get(_, name) {
				if (name === '_msgChain') return undefined;
				const value = Reflect.get(real, name, real);
				return typeof value === 'function' ? value.bind(real) : value;
			}});
			await run(other, {wasm});
			let out = '';
			const execute = async code => {
				const future = real.requestExecute({code, store_history: false});
				future.onIOPub = m => { if (m.header.msg_type === 'stream') out += m.content.text; if (m.header.msg_type === 'error') out += m.content.evalue; };
				await future.done;
			};
			await execute("from comm import create_comm; got = []; c = create_comm(target_name='my_comm_target', data={}); c.on_msg(lambda m: got.append(m['content']['data']))");
			for (let i = 0; i < 100 && !out.includes('foo'); i++) {
				await execute('print(got)');
				await new Promise(done => setTimeout(done, 100));
			}
			await execute('c.send(42); c.close()');
			return out;
		})()`, soon)
		require.NoError(t, err)
		require.Contains(t, got, "[{'foo': 0}]")
		console(t, page, "gocomm: this JupyterLab is of another make")
		console(t, page, "cookbook: got", "42")
		console(t, page, "cookbook: closed with")
	})
}

// startDisabled returns a server whose user has switched gocomm off, and none of its programs.
func startDisabled(t *testing.T) *host {
	t.Helper()
	const disable = "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'jupyterlab.labextensions', 'disable', 'gocomm', '--level=user'], check=True)"
	server, err := jupyter.Start(context.Background(), jupyter.Config{Host: jupyter.Lab, Env: labEnv(t), Dir: t.TempDir(), Settings: disable})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return &host{Server: server, Name: jupyter.Lab}
}

// otherBorder is lab.js as another release might have it.
func otherBorder(t *testing.T) []byte {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(fixture.root, "dist", "labextensions", "gocomm", "static", "lab.js"))
	require.NoError(t, err)
	other := regexp.MustCompile(`ABI = \d+`).ReplaceAll(source, []byte("ABI = 99"))
	require.NotEqual(t, source, other)
	return other
}
