package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// theProgram is the request for the drop-in's program.
const theProgram = "*/commmgr.wasm.gz*"

// whileHeld loads a notebook anew, on its running kernel, and calls f when the kernel answers
// and the program has not come yet. Then the program comes.
func whileHeld(t *testing.T, page *browse.Page, url string, hold bool, f func()) {
	t.Helper()
	_, err := browse.Eval[browse.Void](page, `void (window.onbeforeunload = null, window.old = true)`)
	require.NoError(t, err)
	if hold {
		release, err := page.Hold(theProgram)
		require.NoError(t, err)
		defer page.Pass(theProgram)
		defer release()
	}
	require.NoError(t, page.LoadNotebook(url))
	require.NoError(t, page.Wait(`!window.old && window.Jupyter?.notebook?.kernel?.is_connected() && "jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon))
	f()
}

// TestOutputsOfHeldRequests captures an output in a widget while the program is still to
// come: it is shown in the widget, as with the stock manager.
func TestOutputsOfHeldRequests(t *testing.T) {
	forManagers(t, func(t *testing.T, h *host, manager string) {
		page := newPage(t)
		url := h.NewNotebook(t, `import ipywidgets as W`, `out = W.Output(); display(out)
with out: print("captured")
print("after")`, `print([o["text"] for o in out.outputs])`)
		require.NoError(t, page.OpenNotebook(url))
		require.NoError(t, page.WaitKernelReady())
		require.NoError(t, page.Wait(`"jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon))
		require.NoError(t, page.RunCellWait(0))
		whileHeld(t, page, url, manager != "stock", func() {
			require.NoError(t, page.RunCell(1))
			if manager != "stock" {
				require.NoError(t, page.Wait(`Jupyter.notebook.kernel[Symbol.for("gocomm.hook.2")].queue.length > 5`, soon))
			}
		})
		require.NoError(t, page.Wait(`Jupyter.notebook.get_cell(1).output_area.outputs.some(o => o.text === "after\n")`, soon))
		streams, err := browse.Eval[[]string](page, `Jupyter.notebook.get_cell(1).output_area.outputs.filter(o => o.output_type === "stream").map(o => o.text)`)
		require.NoError(t, err)
		require.Equal(t, []string{"after\n"}, streams)
		require.Eventually(t, func() bool {
			require.NoError(t, page.RunCellWait(2))
			text, err := page.CellOutput(2)
			require.NoError(t, err)
			return text == "['captured\\n']\n"
		}, soon, 100*time.Millisecond)
	})
}

// TestDetachWhileHeld takes gocomm off a page while the program is still to come: the stock
// manager gets all that is held, in order, and what follows.
func TestDetachWhileHeld(t *testing.T) {
	forHosts(t, withGocomm, func(t *testing.T, h *host) {
		page := newPage(t)
		url := h.NewNotebook(t, `from ipykernel.comm import Comm
c = Comm(target_name="late"); d = Comm(target_name="never")
c.send(1); d.send(1)`, `c.send(2); d.send(2); c.send(3); print("sent")`)
		require.NoError(t, page.OpenNotebook(url))
		require.NoError(t, page.WaitKernelReady())
		require.NoError(t, page.Wait(`"jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon))
		whileHeld(t, page, url, true, func() {
			_, err := browse.Eval[browse.Void](page, `void (window.got = [], Jupyter.notebook.kernel.comm_manager.register_target("late", (comm) => {
				got.push("open");
				comm.on_msg((msg) => { got.push(msg.content.data); });
			}))`)
			require.NoError(t, err)
			require.NoError(t, page.RunCell(0))
			require.NoError(t, page.Wait(`Jupyter.notebook.kernel[Symbol.for("gocomm.hook.2")].queue.length >= 4`, soon))
			_, err = browse.Eval[browse.Void](page, `new Promise((done) => require(["nbextensions/gocomm/main"], (g) => done(void g.detach())))`)
			require.NoError(t, err)
			require.NoError(t, page.RunCellWait(1))
			require.NoError(t, page.WaitOutput(1, "sent", soon))
		})
		require.NoError(t, page.Wait(`got.length === 4`, soon))
		got, err := browse.Eval[[]any](page, `(() => {
			const { kernel } = Jupyter.notebook, manager = kernel.comm_manager;
			manager.register_target("never", () => { got.push("opened once more"); });
			return [...got, Object.hasOwn(manager, "register_target"), Object.hasOwn(kernel, "_finish_ws_message"), Object.getOwnPropertySymbols(kernel).length];
		})()`)
		require.NoError(t, err)
		require.Equal(t, []any{"open", 1.0, 2.0, 3.0, false, false, 0.0}, got)
	})
}
