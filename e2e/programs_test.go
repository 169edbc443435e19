package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestSeveralPrograms is a page with four Go programs on one kernel: the drop-in and
// three that have targets.
func TestSeveralPrograms(t *testing.T) {
	forHosts(t, withPrograms, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		ready(t, page, "my_comm_target")
		ready(t, page, "conformance.echo")
		script(t, page, `manager.register_target('js.one', (comm) => comm.on_msg(m => comm.send(['first', m.content.data])));
			manager.register_target('js.two', (comm) => comm.on_msg(m => comm.send(['first', m.content.data])));
			manager.register_target('js.two', (comm) => comm.on_msg(m => comm.send(['second', m.content.data])));`)

		// One hook, and each comm has one owner.
		python(t, page, `targets = ["probe.echo", "my_comm_target", "conformance.echo", "js.one", "js.two"]
comms = {to: open_comm(to, {"n": 1}) for to in targets}`)
		kernelHas(t, page, `[[{"foo": 0}], [{"opened": {"n": 1}}]]`, `[got["my_comm_target"], got["conformance.echo"]]`)
		answers := func(n string) {
			t.Helper()
			python(t, page, `for comm in comms.values(): comm.send(`+n+`)`)
			kernelHas(t, page, `[`+n+`, `+n+`, ["first", `+n+`], ["second", `+n+`]]`,
				`[(got[to] or [None])[-1] for to in targets if to != "my_comm_target"]`)
			console(t, page, "cookbook: got "+n)
		}
		answers("100001")
		owners, err := browse.Eval[[]string](page, `[...Jupyter.notebook.kernel.comm_manager._hub.routes.values()]
			.map(r => (r.program ?? r.js.program).name + (r.comm ? " js" : " go")).sort()`)
		require.NoError(t, err)
		for _, want := range []string{"conformance.wasm go", "cookbook.wasm go", "probe.wasm go", "commmgr.wasm js"} {
			require.Contains(t, owners, want)
		}

		// A target of a program is not another's, nor the scripts'.
		python(t, page, `late = open_comm("probe.late"); late.send({"Target": "my_comm_target", "Ms": 0})`)
		console(t, page, `register_target (target "my_comm_target")`, "the target is taken by another program")
		script(t, page, `Jupyter.notebook.kernel.comm_manager.register_target('my_comm_target', () => {})`)
		console(t, page, `gocomm: register_target: "my_comm_target" is a target of cookbook.wasm`)

		// One program's death closes its comms, and no others.
		python(t, page, `victim = open_comm("probe.exit"); victim.send(1)`)
		kernelHas(t, page, `["probe.echo", "probe.exit", "probe.late"]`, `sorted(closed)`)
		kernelHas(t, page, `true`, `"probe.wasm has ended" in closed["probe.echo"]["reason"]`)
		ready(t, page, "probe.echo")
		python(t, page, `comms["probe.echo"] = open_comm("probe.echo")`)
		answers("100002")
		kernelHas(t, page, `["probe.echo", "probe.exit", "probe.late"]`, `sorted({*closed, "probe.echo"})`)
	})
}

// TestATargetOfJavaScript: Go does not take the widgets' target from ipywidgets, and is told so.
func TestATargetOfJavaScript(t *testing.T) {
	beside := withProbe
	beside.name = "probe-beside"
	forHosts(t, beside, func(t *testing.T, h *host) {
		configure(t, h, `{"gocomm": {"mode": "beside"}}`)
		h.AddFile(t, "testdata/probe/probe.py")
		page := openNotebook(t, h, `%run probe.py`)
		require.NoError(t, page.RunCellWait(0))
		slider := func(n string) {
			t.Helper()
			python(t, page, `import ipywidgets; from IPython.display import display; display(ipywidgets.IntSlider())`)
			require.NoError(t, page.Wait(`document.querySelectorAll(".widget-slider .slider, .widget-slider .noUi-base").length >= `+n, soon))
		}
		slider("1")
		python(t, page, `late = open_comm("probe.late"); late.send({"Target": "jupyter.widget", "Ms": 0})`)
		console(t, page, `register_target (target "jupyter.widget")`, "the target is taken by the page's JavaScript")
		slider("2")
	})
}
