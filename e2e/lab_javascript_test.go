package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// TestLabJavaScript is the cookbook's extension in JavaScript, verbatim, in JupyterLab and Notebook 7: an extension of Lab's hands it
// gocomm's manager in the place where it looks. A comm that is opened before the manager is there waits for it.
func TestLabJavaScript(t *testing.T) {
	sideBySide(t, labHosts, func(t *testing.T, name jupyter.Host) {
		h := startLab(t, name)
		h.AddFile(t, "testdata/seed/comm_module.py")
		page := &paper{Page: newPage(t), host: h}
		require.NoError(t, page.Respond("*/extensions/gocomm-cookbook/static/remoteEntry*", 200, "text/javascript", seedExtension(t)))
		program, err := page.Hold("*/commmgr.wasm.gz*")
		require.NoError(t, err)
		require.NoError(t, page.OpenLab(h.NewNotebook(t, "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider")))
		_, err = browse.Eval[browse.Void](page.Page, `void `+labKernel+`.requestExecute({code: 'import comm_module'})`)
		require.NoError(t, err)
		_, err = page.WaitWire(func(f browse.Frame) bool { return f.MsgType == "comm_open" && f.TargetName == "my_comm_target" }, soon)
		require.NoError(t, err)
		program()
		exchange(t, page.Page)
		console(t, page.Page, `{"foo":0}`) // it logs the echo

		// Handlers that throw, reject, or are never done hold nobody: other cells go on at once, long before the limit of 10 s.
		order := eval[string](t, page.Page, `(async () => {
			for (const [name, f] of Object.entries({
				throws() { throw new Error('thrown'); }, rejects: async () => { throw new Error('rejected'); }, never: () => new Promise(() => {}),
			})) seedManager.register_target(name, f);
			const done = [];
			const run = (name, code) => `+labKernel+`.requestExecute({code, stop_on_error: false}).done.then(() => { done.push(name); });
			void run('never', "from comm import create_comm; n = create_comm(target_name='never')");
			await run('throws', "create_comm(target_name='throws')");
			await run('rejects', "create_comm(target_name='rejects')");
			await run('other', "1");
			return done.join();
		})()`)
		require.Equal(t, "throws,rejects,other", order)
		console(t, page.Page, `(target "throws")`, "thrown")
		console(t, page.Page, "(target rejects)", "rejected")
		page.run(t, 0)
		page.python(t, "slider.value = 7")
		require.NoError(t, page.Wait(page.in(0, ".widget-readout")+`?.textContent.trim() === '7'`, soon))
		// The targets are there for the next kernel as well.
		_, err = browse.Eval[browse.Void](page.Page, labKernel+`.restart()`)
		require.NoError(t, err)
		id := page.python(t, "import comm_module; print(comm_module.my_comm.comm_id)")
		_, err = page.WaitWire(func(f browse.Frame) bool { return f.Direction == browse.Sent && f.CommID == id }, soon)
		require.NoError(t, err)
	})
}

// seedExtension is an extension of Lab's, in the form of nbextension/gocomm/extension/lab.js, with the cookbook's extension in JavaScript.
func seedExtension(t *testing.T) []byte {
	t.Helper()
	source, err := os.ReadFile("testdata/seed/comm_extension.js")
	require.NoError(t, err)
	return fmt.Appendf(nil, `(() => {
	let seed;
	const define = (names, f) => { seed = f; };
%s
	const plugin = {id: 'gocomm-cookbook:plugin', autoStart: true, activate() {
		(globalThis[Symbol.for('gocomm.lab.1')] ??= {programs: []}).programs.push({started(manager) {
			window.seedManager = manager;
			seed({notebook: {kernel: {comm_manager: manager}}}).load_ipython_extension();
		}});
	}};
	(window._JUPYTERLAB ??= {})['gocomm-cookbook'] = {init() {}, get: async () => () => ({__esModule: true, default: [plugin]})};
})();
`, strings.TrimSpace(string(source)))
}
