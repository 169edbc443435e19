package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// labHosts are the hosts with JupyterLab's pages.
var labHosts = []jupyter.Host{jupyter.Lab, jupyter.Notebook7}

// startLab returns the server of a host that has the wheel, and the cookbook's program as an extension of its own.
func startLab(t *testing.T, name jupyter.Host) *host {
	t.Helper()
	return startShared(t, "comms-", name, labEnv(t))
}

// labEnv gives the environment that startLab's servers run in.
func labEnv(t *testing.T) string {
	t.Helper()
	const key = "lab with the cookbook"
	wheelEnvs.Lock()
	defer wheelEnvs.Unlock()
	if wheelEnvs.made[key] == "" {
		dir, err := os.MkdirTemp(fixture.tmp, "wheel-lab-")
		require.NoError(t, err)
		env := layerIn(t, dir, filepath.Join(fixture.envs, string(jupyter.H1)))
		pipInstall(t, env, theWheel(t))
		places := filepath.Join(env, "share", "jupyter", "labextensions")
		cookbook := filepath.Join(fixture.root, "dist", "labextensions", "gocomm-cookbook")
		require.NoError(t, os.CopyFS(filepath.Join(places, "gocomm-cookbook"), os.DirFS(cookbook)))
		labProgram(t, places, "conformance")
		echoKernel(t, env)
		wheelEnvs.made[key] = env
	}
	return wheelEnvs.made[key]
}

// echoKernel installs a kernel that handles no comms.
func echoKernel(t *testing.T, env string) {
	t.Helper()
	dir := filepath.Join(env, "share", "jupyter", "kernels", "echo")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	copyFile(t, "testdata/hosts/echo.py", filepath.Join(dir, "echo.py"))
	spec, err := json.Marshal(map[string]any{
		"argv": []string{filepath.Join(env, "bin", "python"), filepath.Join(dir, "echo.py"), "-f", "{connection_file}"}, "display_name": "Echo", "language": "text",
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "kernel.json"), spec, 0o644))
}

const (
	// labKernel is the connection of the page's notebook, as JavaScript.
	labKernel = `jupyterapp.shell.currentWidget.sessionContext.session.kernel`
	// labHub is gocomm's hub of that connection.
	labHub = labKernelObject + `?.[Symbol.for('gocomm.hub.2')]`
	// labKernelObject is the kernel object that gocomm makes of it.
	labKernelObject = labKernel + `[Symbol.for('gocomm.lab.kernel.1')]`
)

// labProgram makes an extension of a program of dist/web as its author does: from the cookbook's.
func labProgram(t *testing.T, places, name string) {
	t.Helper()
	names := strings.NewReplacer("gocomm-cookbook", name, "cookbook.wasm", name+".wasm")
	cookbook := filepath.Join(fixture.root, "dist", "labextensions", "gocomm-cookbook")
	for _, pattern := range []string{"*.json", "static/remoteEntry.*"} {
		files, err := filepath.Glob(filepath.Join(cookbook, pattern))
		require.NoError(t, err)
		for _, from := range files {
			text, err := os.ReadFile(from)
			require.NoError(t, err)
			rel, err := filepath.Rel(cookbook, from)
			require.NoError(t, err)
			to := filepath.Join(places, name, rel)
			require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
			require.NoError(t, os.WriteFile(to, []byte(names.Replace(string(text))), 0o644))
		}
	}
	for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
		copyFile(t, filepath.Join(fixture.root, "dist", "web", name+suffix), filepath.Join(places, name, "static", name+suffix))
	}
}

// labReady waits until the cookbook's program runs.
func labReady(t *testing.T, page *browse.Page) {
	t.Helper()
	require.NoError(t, page.Wait(labHub+`?.claims.has('my_comm_target') ?? false`, soon))
}

// TestLabCookbook is the cookbook's Python module, verbatim, with the same program as on classic pages: imported, and pasted into a
// cell. Beside it ipywidgets and anywidget go on.
func TestLabCookbook(t *testing.T) {
	module, err := os.ReadFile("testdata/seed/comm_module.py")
	require.NoError(t, err)
	cells := map[string]struct{ cell, comm string }{
		"imported": {`import comm_module`, `comm_module.my_comm`},
		"pasted":   {string(module), `my_comm`},
	}
	sideBySide(t, labHosts, func(t *testing.T, name jupyter.Host) {
		h := startLab(t, name)
		h.AddFile(t, "testdata/seed/comm_module.py")
		for name, seed := range cells {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				page := openPaper(t, h, seed.cell, seed.comm+`._closed`, seed.comm+`.close()`,
					"import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider")
				page.run(t, 3)
				page.run(t, 0)
				exchange(t, page.Page)
				console(t, page.Page, "cookbook: opened with", `{"foo":1}`)
				console(t, page.Page, "cookbook: got", `"data":{"foo":0}`)
				page.run(t, 1)
				require.Equal(t, "False", page.output(t, 1))
				page.run(t, 2)
				console(t, page.Page, "cookbook: closed with")
				page.python(t, "slider.value = 7")
				require.NoError(t, page.Wait(page.in(3, ".widget-readout")+`?.textContent.trim() === '7'`, soon))
				require.Empty(t, page.Errors())
				if name == "pasted" {
					require.NoError(t, page.Wait(entryButton+`.textContent === "gocomm"`, soon))
					require.NoError(t, page.Click(entryButton))
					for _, text := range []string{"Lab's own; programs in Go run beside it", "cookbook.wasm: running, 0 live comms", "Last problemnone"} {
						require.NoError(t, page.Wait(entryDetails+`.textContent.includes(`+quoted(t, text)+`)`, soon))
					}
					require.NoError(t, page.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "cookbook-"+string(h.Name)+".png")))
				}
			})
		}
	})
}

// TestLabDemoNotebook runs the cookbook's notebook, the one that `make demo` opens on a classic page: nothing in it alarms.
func TestLabDemoNotebook(t *testing.T) {
	sideBySide(t, labHosts, func(t *testing.T, name jupyter.Host) {
		const notebook = "../examples/cookbook/cookbook.ipynb"
		h := startLab(t, name)
		h.AddFile(t, notebook)
		page := openPaperAt(t, h, h.NotebookURL(filepath.Base(notebook)))
		labReady(t, page.Page)
		_, err := browse.Eval[browse.Void](page.Page, `jupyterapp.commands.execute('notebook:run-all-cells').then(() => {})`)
		require.NoError(t, err)
		require.NoError(t, page.Wait(`['{"greeting":"hello, page"', "{'foo': 0}"].every(text => [...document.querySelectorAll('.jp-OutputArea-output')].some(o => o.textContent.includes(text)))`, soon))
		console(t, page.Page, "cookbook: closed with")
		require.Equal(t, 0, eval[int](t, page.Page, `document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"]').length`))
		require.NoError(t, page.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "examples", "demo-"+string(name)+".png")))
		require.Empty(t, page.Errors())
	})
}

// TestLabConformance runs the cases of every host of comms in JupyterLab and Notebook 7.
func TestLabConformance(t *testing.T) {
	sideBySide(t, labHosts, func(t *testing.T, name jupyter.Host) {
		h := startLab(t, name)
		h.AddFile(t, "testdata/conformance/conformance.py")
		p := newProxy(t, h)
		page := newPage(t)
		do := func(method string) func() error {
			return func() error {
				_, err := browse.Eval[browse.Void](page, labKernel+"."+method+"()")
				return err
			}
		}
		d := &conformanceDriver{
			page: page, proxy: p, kernel: labKernelObject,
			restart: do("restart"), reconnect: do("reconnect"), reload: page.ReloadLab,
		}
		require.NoError(t, page.OpenLab(p.through(h.NewNotebook(t))))
		d.run(t)
	})
}

// plainAnywidget is a cell with a widget of anywidget's, without gocomm.
const plainAnywidget = `import anywidget, traitlets
class Plain(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
        const button = document.createElement("button");
        button.className = "plain";
        const show = () => { button.textContent = model.get("n"); };
        button.onclick = () => { model.set("n", model.get("n") + 1); model.save_changes(); };
        model.on("change:n", show);
        show();
        el.append(button);
    } };"""
    n = traitlets.Int(0).tag(sync=True)
plain = Plain()
plain`

// TestLabLife is a page's life with a comm of Go's beside Lab's: a second view and a console on the same kernel, JavaScript with a
// manager of its own, a restart, and a reload while a cell runs.
func TestLabLife(t *testing.T) {
	sideBySide(t, labHosts, func(t *testing.T, name jupyter.Host) {
		h := startLab(t, name)
		const open = "from comm import create_comm\ngot = []\nc = create_comm(target_name='my_comm_target', data={'n': 1})\n" +
			"c.on_msg(lambda m: got.append(m['content']['data']))"
		page := openPaper(t, h, open, "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider", plainAnywidget)
		labReady(t, page.Page)
		page.run(t, 1)
		page.run(t, 2)
		page.run(t, 0)
		console(t, page.Page, "cookbook: opened with", `{"n":1}`)
		answered := func() {
			t.Helper()
			require.Eventually(t, func() bool { return page.python(t, "print(got)") == "[{'foo': 0}]" }, soon, 50*time.Millisecond)
		}
		answered()

		// Another connection, such as a console's or a cloned notebook's, gets no program, and takes none away.
		other, err := browse.Eval[string](page.Page, `(async () => {
			const {load} = globalThis[Symbol.for('gocomm.lab.1')], {labKernel} = await load();
			window.other = `+labKernel+`.clone();
			try { labKernel(other); return ''; } catch (e) { return e.message; }
		})()`)
		require.NoError(t, err)
		require.Contains(t, other, "this connection has no comms")
		page.python(t, "c.send({'n': 2})")
		console(t, page.Page, "cookbook: got", `{"n":2}`)
		page.python(t, "slider.value = 8")
		require.NoError(t, page.Wait(page.in(1, ".widget-readout")+`?.textContent.trim() === '8'`, soon))
		require.NoError(t, page.Wait(page.in(2, ".plain")+`?.textContent === '0'`, soon))
		_, err = browse.Eval[browse.Void](page.Page, `void `+page.in(2, ".plain")+`.click()`)
		require.NoError(t, err)
		require.Eventually(t, func() bool { return page.python(t, "print(plain.n)") == "1" }, soon, 50*time.Millisecond)

		// JavaScript has the manager's methods of classic Notebook, with early opens held.
		page.python(t, "early = create_comm(target_name='of_javascript', data={'early': True}); early.on_msg(lambda m: got.append(m['content']['data']))")
		_, err = browse.Eval[browse.Void](page.Page, `(async () => {
			const {load} = globalThis[Symbol.for('gocomm.lab.1')], {manager} = await load();
			window.ours = await manager(`+labKernel+`, {stallLimit: 300});
			ours.register_target('of_javascript', (comm, msg) => {
				comm.on_close(msg => console.log('javascript: closed: ' + msg.content.data.reason));
				comm.send(msg.content.data);
			}, {closeWithKernel: true});
		})()`)
		require.NoError(t, err)
		require.Eventually(t, func() bool { return page.python(t, "print(got)") == "[{'foo': 0}, {'early': True}]" }, soon, 50*time.Millisecond)
		// A handler that is never done holds its own request until the limit, and nobody else.
		_, err = browse.Eval[browse.Void](page.Page, `void ours.register_target('never', () => new Promise(() => {}))`)
		require.NoError(t, err)
		page.python(t, "never = create_comm(target_name='never'); print(1)")
		console(t, page.Page, "(target never): its handler's promise has not settled")
		// Lab's own targets too.
		page.python(t, "create_comm(target_name='of_lab', data={'early': 1})")
		_, err = browse.Eval[browse.Void](page.Page, `void `+labKernel+`.registerCommTarget('of_lab', (comm, msg) => console.log('lab: ' + JSON.stringify(msg.content.data)))`)
		require.NoError(t, err)
		console(t, page.Page, `lab: {"early":1}`)

		// A restart ends each comm once, and so does a change of the kernel.
		_, err = browse.Eval[browse.Void](page.Page, labKernel+`.restart()`)
		require.NoError(t, err)
		console(t, page.Page, "cookbook: closed with")
		console(t, page.Page, "javascript: closed: its kernel was restarted")
		closed := func(by string) (n int) {
			for _, m := range page.Console() {
				if strings.HasPrefix(m.Text, by+": closed") {
					n++
				}
			}
			return n
		}
		require.Equal(t, []int{1, 1}, []int{closed("cookbook"), closed("javascript")}, "%v", page.Console())
		page.run(t, 0)
		answered()
		_, err = browse.Eval[browse.Void](page.Page, `(async () => {
			window.former = `+labKernel+`;
			await jupyterapp.shell.currentWidget.sessionContext.changeKernel({name: 'python3'});
		})()`)
		require.NoError(t, err)
		require.NoError(t, page.Wait(labKernel+` && former !== `+labKernel, soon))
		labReady(t, page.Page)
		page.run(t, 0)
		answered()
		require.Equal(t, []int{2, 1}, []int{closed("cookbook"), closed("javascript")}, "%v", page.Console())

		page.reload(t)
		labReady(t, page.Page)
		page.run(t, 0)
		answered()
		for _, m := range page.Errors() { // Lab has some of its own: a lane for its comm whose kernel is restarted, a page that asks before it is left
			if strings.Contains(m.Text, "(target never): its handler's promise has not settled for 0.3 s") {
				continue
			}
			require.NotContains(t, m.Text, "gocomm")
		}
	})
}
