package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// The cells of the notebook that is reloaded, restarted and reopened. The second one runs
// until a file is there, as a running kernel hears of nothing else.
var lasting = []string{
	`s = IntSlider(value=3, max=50, description="lasts"); s`,
	`import os
n = 10
while not os.path.exists("STOP"):
    n = min(n + 1, 50)
    s.value = n
    time.sleep(.05)
late = IntSlider(value=7)
display(late)
print("ended")`,
}

// testLife is a widget that outlives pages, and a page that outlives kernels.
func testLife(t *testing.T, h *host, manager string) {
	stop := strings.NewReplacer("/", "-", " ", "_").Replace(t.Name()) + ".stop"
	d := openDesk(t, h, manager, lasting[0], strings.ReplaceAll(lasting[1], "STOP", stop))
	d.run(t, 1)
	for _, step := range []struct {
		name string
		run  func(t *testing.T)
	}{
		{"reload", d.testReload},
		{"reload while running", func(t *testing.T) { d.testReloadBusy(t, filepath.Join(h.Dir(), stop)) }},
		{"two tabs", d.testTabs},
		{"restart and run all", d.testRestartRunAll},
		{"save and reopen", d.testReopen},
	} {
		if !t.Run(step.name, step.run) {
			break // each goes on where the one before has ended
		}
	}
	require.Empty(t, d.errors())
}

// works: the slider shows a value of Python, a key changes it there.
func (d *desk) works(t *testing.T, value int) {
	t.Helper()
	d.exec(t, fmt.Sprintf(`s.value = %d`, value))
	d.text(t, readout, 0, fmt.Sprint(value))
	require.NoError(t, d.Click(d.in(handle, 0)))
	require.NoError(t, d.Press(kb.ArrowRight))
	d.text(t, readout, 0, fmt.Sprint(value+1))
	d.has(t, fmt.Sprint(value+1), `s.value`)
}

// testReload: the page shows the kernel's widgets again, with their values.
func (d *desk) testReload(t *testing.T) {
	d.works(t, 5)
	require.NoError(t, d.Save())
	d.exec(t, `s.value = 8`) // the kernel's value counts, not the saved one
	d.text(t, readout, 0, "8")
	require.NoError(t, d.Reload())
	d.settle(t)
	d.text(t, readout, 0, "8")
	d.works(t, 8)
	d.shot(t, "reload")
}

// testReloadBusy: the same while a cell runs that changes the widget. It is there when the cell has ended.
func (d *desk) testReloadBusy(t *testing.T, stop string) {
	require.NoError(t, d.RunCell(2))
	d.shows(t, readout, 0, `Number(el.textContent) > 12`)
	require.NoError(t, d.Save())
	require.NoError(t, d.Reload())
	d.managed(t)
	require.NoError(t, os.WriteFile(stop, nil, 0o644))
	d.settle(t)
	d.text(t, readout, 0, d.ask(t, "", `s.value`))
	d.works(t, 20)
	// What the cell has opened since is known here, under the session of the page that is gone.
	require.NoError(t, d.Wait(d.ask(t, "", `late.comm.comm_id`)+` in Jupyter.notebook.kernel.comm_manager.comms`, soon))
	d.exec(t, `late.close()`)
}

// testTabs: two pages on one kernel. ipywidgets 8 tells other pages of what one has changed,
// ipywidgets 7 only of what Python has.
func (d *desk) testTabs(t *testing.T) {
	require.NoError(t, d.Save())
	url, err := browse.Eval[string](d.Page, `location.href`)
	require.NoError(t, err)
	page, err := d.NewTab()
	require.NoError(t, err)
	other := &desk{Page: page, host: d.host, manager: d.manager, cell: 1}
	defer func() {
		if page != nil {
			dump(t, page)
			_ = page.CloseTab()
		}
	}()
	other.load(t, url)
	d.exec(t, `s.value = 30`)
	d.text(t, readout, 0, "30")
	other.text(t, readout, 0, "30")
	other.works(t, 31)
	if d.host.Name == jupyter.H1 {
		d.text(t, readout, 0, "32")
	}
	d.works(t, 40)
	other.text(t, readout, 0, map[jupyter.Host]string{jupyter.H1: "41", jupyter.H2: "40"}[d.host.Name])
	other.shot(t, "tabs")

	// A widget that is made from here is known there, and closed there too.
	d.exec(t, `new = IntSlider(); new_id = new.comm.comm_id`)
	id := d.ask(t, "", `new_id`)
	for _, p := range []*desk{d, other} {
		require.NoError(t, p.Wait(id+` in Jupyter.notebook.kernel.comm_manager.comms`, soon))
	}
	d.exec(t, `new.close()`)
	for _, p := range []*desk{d, other} {
		require.NoError(t, p.Wait(`!(`+id+` in Jupyter.notebook.kernel.comm_manager.comms)`, soon))
	}
	require.Empty(t, other.errors())
	_, err = browse.Eval[browse.Void](page, `void (window.onbeforeunload = null)`)
	require.NoError(t, err)
	require.NoError(t, page.CloseTab())
	page = nil
	d.works(t, 42)
}

// testRestartRunAll is the menu's entry of that name.
func (d *desk) testRestartRunAll(t *testing.T) {
	d.exec(t, `old = True`)
	_, err := browse.Eval[browse.Void](d.Page, `void Jupyter.actions.call("jupyter-notebook:confirm-restart-kernel-and-run-all-cells")`)
	require.NoError(t, err)
	require.NoError(t, d.Click(`document.querySelector(".modal.in .btn-danger")`))
	require.NoError(t, d.WaitOutput(2, "ended", soon))
	require.NoError(t, d.Wait(`Jupyter.notebook.get_cells().every(c => c.input_prompt_number > 0)`, soon))
	d.settle(t)
	d.has(t, `false`, `"old" in globals()`)
	d.text(t, readout, 0, "3")
	d.works(t, 10)
	d.shot(t, "restart")
}

// testReopen: a notebook saved with the widgets' state shows them without their kernel,
// and they live again when their cells are run.
func (d *desk) testReopen(t *testing.T) {
	d.works(t, 32)
	_, err := browse.Eval[browse.Void](d.Page, `void Jupyter.actions.call("widgets:save-with-widgets")`)
	require.NoError(t, err)
	require.NoError(t, d.Wait(`Object.values(Jupyter.notebook.metadata.widgets?.["application/vnd.jupyter.widget-state+json"].state ?? {}).some(m => m.state.value === 33)`, soon))
	require.NoError(t, d.Save())
	require.NoError(t, d.EndSession())
	require.NoError(t, d.Reload())
	d.settle(t)
	d.text(t, readout, 0, "33")
	d.shot(t, "reopen")
	d.has(t, `false`, `"s" in globals()`)
	require.NoError(t, d.RunCellWait(0))
	d.run(t, 1)
	d.text(t, readout, 0, "3")
	d.works(t, 11)
}
