package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestRunAllAtOnce runs all cells the moment the kernel is connected, while
// ipywidgets is still restoring its models: every widget is on the page afterwards.
// What the stock page, as the control, loses is reported.
func TestRunAllAtOnce(t *testing.T) {
	forManagers(t, func(t *testing.T, h *host, manager string) {
		page := &desk{Page: newPage(t), host: h, manager: manager}
		url := h.NewNotebook(t, sliders...)
		run := func() int {
			t.Helper()
			n := runAtOnce(t, page, url)
			page.managed(t)
			return n
		}
		if manager == "stock" {
			report(t, run())
			return
		}
		require.Equal(t, len(sliders), run(), "on a fresh kernel")
		require.NoError(t, page.Save())
		require.Equal(t, len(sliders), run(), "after a reload")

		_, err := browse.Eval[browse.Void](page.Page, `void Jupyter.actions.call('widgets:save-with-widgets')`)
		require.NoError(t, err)
		require.NoError(t, page.Wait(`Object.keys(Jupyter.notebook.metadata.widgets?.['application/vnd.jupyter.widget-state+json'].state ?? {}).length > 0`, soon))
		require.NoError(t, page.Save())
		require.Equal(t, len(sliders), run(), "after a reload, with saved widget state")
		require.NoError(t, page.Save())
		require.NoError(t, page.EndSession())
		require.Equal(t, len(sliders), run(), "on a fresh kernel, with saved widget state")
	})
}

// TestCellsBeforeTheirExtension runs cells while ipywidgets is still being loaded: the
// comms that they open wait for it. What the stock page, as the control, loses is reported.
func TestCellsBeforeTheirExtension(t *testing.T) {
	forManagers(t, func(t *testing.T, h *host, manager string) {
		page := &desk{Page: newPage(t), host: h, manager: manager}
		goOn := filepath.Join(h.Dir(), "goon")
		require.NoError(t, os.RemoveAll(goOn))
		release, err := page.Hold(widgetExtension)
		require.NoError(t, err)
		defer release()
		cells := slices.Concat(sliders[1:10], sliders[:1], sliders[10:])
		require.NoError(t, page.LoadNotebook(h.NewNotebook(t, cells...)))
		require.NoError(t, page.Wait(`window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook.ncells() === 20`, 30*time.Second))
		require.NoError(t, page.RunAll())
		require.NoError(t, page.Wait(`typeof Jupyter.notebook.get_cell(8).input_prompt_number === 'number'`, time.Minute))
		release()
		page.Pass(widgetExtension)
		require.NoError(t, page.Wait(`"jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon))
		require.NoError(t, os.WriteFile(goOn, nil, 0o644))
		require.NoError(t, page.Wait(haveRun, time.Minute))
		page.managed(t)
		if manager == "stock" {
			report(t, shown(t, page))
			return
		}
		require.Equal(t, len(sliders), shown(t, page))
	})
}

// report says how the stock page, the control, fared: it loses a race, which it may win.
func report(t *testing.T, n int) {
	if n == len(sliders) {
		t.Log("the control has lost none: gocomm's result says nothing this time")
	} else {
		t.Logf("the control shows %d of %d", n, len(sliders))
	}
}

// The first cell runs until the test lets it go on.
var sliders = func() []string {
	cells := make([]string, 20)
	for i := range cells {
		cells[i] = fmt.Sprintf("import ipywidgets; ipywidgets.IntSlider(value=%d)", i)
	}
	cells[0] = `import os, time
while not os.path.exists("goon"): time.sleep(.05)
` + cells[0]
	return cells
}()

// runAtOnce opens the page and runs all cells as soon as the kernel is connected, and
// counts the sliders that are shown when all cells have run and ipywidgets is done.
// What ipywidgets asks the kernel is always behind the cells: left to chance, that
// depends on how fast the machine is.
func runAtOnce(t *testing.T, page *desk, url string) int {
	t.Helper()
	goOn := filepath.Join(page.host.Dir(), "goon")
	require.NoError(t, os.RemoveAll(goOn))
	release, err := page.Hold(widgetExtension)
	require.NoError(t, err)
	defer release()
	asked := map[string]bool{} // by the page before this one
	for _, f := range page.Wire() {
		asked[f.MsgID] = true
	}
	require.NoError(t, page.LoadNotebook(url))
	require.NoError(t, page.Wait(`window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook.ncells() === 20`, 30*time.Second))
	require.NoError(t, page.RunAll())
	release()
	page.Pass(widgetExtension)
	_, err = page.WaitWire(func(f browse.Frame) bool {
		return f.Direction == browse.Sent && !asked[f.MsgID] && (f.MsgType == "comm_info_request" || f.TargetName == "jupyter.widget.control")
	}, 30*time.Second)
	require.NoError(t, err, "ipywidgets asks the kernel for its widgets")
	require.NoError(t, os.WriteFile(goOn, nil, 0o644))
	require.NoError(t, page.Wait(haveRun, time.Minute))
	return shown(t, page)
}

const (
	widgetExtension = "*/jupyter-js-widgets/extension.js*"
	haveRun         = "Jupyter.notebook.get_cells().every(c => typeof c.input_prompt_number === 'number')"
)

// shown counts the sliders on the page: all of them when they are there for good, or what there is after a while.
func shown(t *testing.T, page *desk) int {
	t.Helper()
	const count = `document.querySelectorAll('.widget-slider, .jupyter-widget-slider').length`
	// ipywidgets renders again when it has the answers: its models come one after the other then.
	if page.Wait(fmt.Sprintf("%s === %d", count, len(sliders)), 5*time.Second) != nil {
		t.Log("not all at once")
	}
	n, err := browse.Eval[int](page.Page, `new Promise(done => setTimeout(() => done(`+count+`), 2000))`)
	require.NoError(t, err)
	return n
}
