package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestRunAllAtOnce runs all cells the moment the kernel is connected, while
// ipywidgets is still restoring its models: every widget is on the page afterwards.
// The stock page loses them, if the machine is slow enough.
func TestRunAllAtOnce(t *testing.T) {
	forHosts(t, withGocomm, func(t *testing.T, h *host) {
		page := newPage(t)
		url := h.NewNotebook(t, sliders...)
		require.NoError(t, page.LoadNotebook(url))
		require.Equal(t, len(sliders), runAtOnce(t, page), "on a fresh kernel")
		require.NoError(t, page.Save())
		require.NoError(t, page.LoadNotebook(url))
		require.Equal(t, len(sliders), runAtOnce(t, page), "after a reload")

		_, err := browse.Eval[browse.Void](page, `void Jupyter.actions.call('widgets:save-with-widgets')`)
		require.NoError(t, err)
		require.NoError(t, page.Wait(`Object.keys(Jupyter.notebook.metadata.widgets?.['application/vnd.jupyter.widget-state+json'].state ?? {}).length > 0`, soon))
		require.NoError(t, page.Save())
		require.NoError(t, page.LoadNotebook(url))
		require.Equal(t, len(sliders), runAtOnce(t, page), "after a reload, with saved widget state")
		require.NoError(t, page.Save())
		require.NoError(t, page.EndSession())
		require.NoError(t, page.LoadNotebook(url))
		require.Equal(t, len(sliders), runAtOnce(t, page), "on a fresh kernel, with saved widget state")
	})
}

var sliders = func() []string {
	cells := make([]string, 20)
	for i := range cells {
		cells[i] = fmt.Sprintf("import ipywidgets; ipywidgets.IntSlider(value=%d)", i)
	}
	return cells
}()

// runAtOnce runs all cells as soon as the kernel is connected, and counts the
// sliders that are shown when all cells have run and ipywidgets is done.
func runAtOnce(t *testing.T, page *browse.Page) int {
	t.Helper()
	require.NoError(t, page.Wait(`window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook.ncells() === 20`, 30*time.Second))
	require.NoError(t, page.RunAllWait())
	const shown = `document.querySelectorAll('.widget-slider, .jupyter-widget-slider').length`
	// ipywidgets renders again when the reply to its comm_info_request has come,
	// which was queued behind the cells: its models come one after the other then.
	if page.Wait(shown+` === 20`, 5*time.Second) != nil {
		t.Log("not all at once")
	}
	n, err := browse.Eval[int](page, `new Promise(done => setTimeout(() => done(`+shown+`), 2000))`)
	require.NoError(t, err)
	return n
}
