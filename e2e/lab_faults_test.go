package e2e

import (
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
		{"gocomm", "*/extensions/gocomm/static/remoteEntry*", "the extension gocomm is missing or disabled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			page := newPage(t)
			require.NoError(t, page.Break(c.broken))
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
			if c.name == "gocomm" {
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
		program, err := page.Hold("*/cookbook.wasm.gz*")
		require.NoError(t, err)
		require.NoError(t, page.OpenLab(h.NewNotebook(t)))
		_, err = browse.Eval[browse.Void](page, `void (window.early = `+labKernel+`.requestExecute({code: `+
			`"from comm import create_comm; got = []; c = create_comm(target_name='my_comm_target', data={'early': 1}); c.on_msg(lambda m: got.append(m['content']['data'])); c.send(2)"}))`)
		require.NoError(t, err)
		_, err = page.WaitWire(func(f browse.Frame) bool { return f.MsgType == "comm_msg" }, soon)
		require.NoError(t, err)
		lab()
		program()
		console(t, page, "cookbook: opened with", `{"early":1}`)
		console(t, page, "cookbook: got", `"data":2`)
		require.Eventually(t, func() bool {
			out, err := page.Python("print(got)")
			return err == nil && strings.Contains(out, "[{'foo': 0}]")
		}, soon, 50*time.Millisecond)
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
