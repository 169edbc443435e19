package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestRunAllAtOnce runs all cells the moment the kernel is connected, while
// ipywidgets is still restoring its models: every widget is on the page afterwards.
// The stock page, as the control, loses them.
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
			require.Less(t, run(), len(sliders), "the control has lost none")
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
	const extension = "*/jupyter-js-widgets/extension.js*"
	release, err := page.Hold(extension)
	require.NoError(t, err)
	defer release()
	require.NoError(t, page.LoadNotebook(url))
	require.NoError(t, page.Wait(`window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook.ncells() === 20`, 30*time.Second))
	require.NoError(t, page.RunAll())
	release()
	page.Pass(extension)
	_, err = page.WaitWire(func(f browse.Frame) bool {
		return f.Direction == browse.Sent && (f.MsgType == "comm_info_request" || f.TargetName == "jupyter.widget.control")
	}, 30*time.Second)
	require.NoError(t, err, "ipywidgets asks the kernel for its widgets")
	require.NoError(t, os.WriteFile(goOn, nil, 0o644))
	require.NoError(t, page.Wait(`Jupyter.notebook.get_cells().every(c => typeof c.input_prompt_number === 'number')`, time.Minute))
	const shown = `document.querySelectorAll('.widget-slider, .jupyter-widget-slider').length`
	// ipywidgets renders again when it has the answers: its models come one after the other then.
	if page.Wait(shown+` === 20`, 5*time.Second) != nil {
		t.Log("not all at once")
	}
	n, err := browse.Eval[int](page.Page, `new Promise(done => setTimeout(() => done(`+shown+`), 2000))`)
	require.NoError(t, err)
	return n
}
