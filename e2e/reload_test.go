package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// reloading is withProbe on a server that has gocomm's part, which a user enables.
var reloading = setup{
	name: "reloading", nbextensions: withProbe.nbextensions, enable: withProbe.enable,
	settings: fmt.Sprintf(`
import sys
sys.path.append(%q)
c.ServerApp.jpserver_extensions.update({"gocomm.server": True})
c.NotebookApp.nbserver_extensions.update({"gocomm.server": True})
`, pythonPackage),
}

// pythonPackage is the folder of the built Python package.
var pythonPackage, _ = filepath.Abs("../dist/python")

// TestReloadGoesOn loads a page again while a cell is at work, with comms of Go and of JavaScript: the cell goes on to its end, by
// way of input() and an error, and the comms live.
func TestReloadGoesOn(t *testing.T) {
	forHosts(t, reloading, func(t *testing.T, h *host) {
		h.AddFile(t, "testdata/probe/probe.py")
		const lines = 200
		page := openNotebook(t, h, "%run probe.py", `a, b = open_comm("probe.adopts"), open_comm("js.adopts")`, fmt.Sprintf(`
import time
for i in range(%d):
    print("line", i, flush=True)
    a.send(i); b.send(i)
    time.sleep(.02)
print("hello", input("who? "))
1 / 0`, lines))
		const work = `Jupyter.notebook.get_cell(2)`
		adopts := func() {
			t.Helper()
			_, err := browse.Eval[browse.Void](page, `void (window.got = [], window.adopted = 0, Jupyter.notebook.kernel.comm_manager.register_target("js.adopts",
				comm => comm.on_msg(m => { got.push(m.content.data); }), {adopt: comm => { adopted++; comm.on_msg(m => { got.push(m.content.data); }); }}))`)
			require.NoError(t, err)
		}
		set(t, page, `{resume: true}`)
		ready(t, page, "probe.adopts")
		adopts()
		require.NoError(t, page.RunCellWait(0))
		require.NoError(t, page.RunCellWait(1))
		require.NoError(t, page.RunCell(2))
		session := `Jupyter.notebook.kernel.session_id`
		first, err := browse.Eval[string](page, session)
		require.NoError(t, err)
		reload := func() {
			t.Helper()
			require.NoError(t, page.Reload())
			require.NoError(t, page.Wait(work+`.input_prompt_number === "*" && `+work+`.element.hasClass("running")`, soon))
			ready(t, page, "probe.adopts")
			adopts()
			require.NoError(t, page.Wait(`adopted === 1`, soon))
			second, err := browse.Eval[string](page, session)
			require.NoError(t, err)
			require.Equal(t, first, second)
			console(t, page, "goes on with its session")
		}
		for _, shown := range []int{10, 90} {
			require.NoError(t, page.WaitOutput(2, fmt.Sprint("line ", shown), soon))
			reload()
			out, err := page.CellOutput(2)
			require.NoError(t, err)
			require.Contains(t, out, "line 0\nline 1\nline 2\nline 3\n", "what was shown")
		}
		input := work + `.output_area.element.find("input.raw_input")`
		require.NoError(t, page.Wait(input+`.length === 1`, 2*soon))
		_, err = browse.Eval[browse.Void](page, `void `+input+`.val("wor")`)
		require.NoError(t, err)
		reload()
		require.NoError(t, page.Wait(input+`.val() === "wor"`, soon), "what was typed")
		_, err = browse.Eval[browse.Void](page, `void (`+input+`.val("world"), `+work+`.output_area._submit_raw_input())`)
		require.NoError(t, err)
		require.NoError(t, page.WaitOutput(2, "ZeroDivisionError", soon))
		require.NoError(t, page.Wait(work+`.input_prompt_number > 0 && !`+work+`.element.hasClass("running")`, soon))
		out, err := page.CellOutput(2)
		require.NoError(t, err)
		require.Contains(t, out, "hello world\n")
		missing := []int{}
		for i := range lines {
			if strings.Count("\n"+out, fmt.Sprintf("\nline %d\n", i)) != 1 {
				missing = append(missing, i)
			}
		}
		t.Log("lines that were lost on their way:", missing)
		require.Less(t, len(missing), lines/4)
		require.NotContains(t, missing, lines-1)
		kernelHas(t, page, fmt.Sprint(lines-1), `max(n for n in got["probe.adopts"] if n != "gap")`)
		console(t, page, "probe: life", "gap of")
		python(t, page, `b.send("still there")`)
		require.NoError(t, page.Wait(`got.at(-1) === "still there"`, soon))
		require.NoError(t, page.Save())

		// A restart is forgotten: nothing goes on.
		require.NoError(t, page.RestartKernel())
		require.NoError(t, page.Reload())
		require.NoError(t, page.WaitKernelReady())
		idle, err := browse.Eval[bool](page, `!`+work+`.element.hasClass("running")`)
		require.NoError(t, err)
		require.True(t, idle)
	})
}
