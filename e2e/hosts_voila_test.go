//go:build hosts

package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// TestVoila shows a notebook as Voilà does, its outputs without its cells: the counter, the stream while it plays, and a slider of
// ipywidgets that is linked with the counter in Python.
func TestVoila(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, browse.WriteNotebook(filepath.Join(dir, "shown.ipynb"),
		`from counter import Counter
counter = Counter(value=3)
counter`,
		`import ipywidgets
slider = ipywidgets.IntSlider(3, 0, 50, description="in Python")
ipywidgets.link((slider, "value"), (counter, "value"))
slider`,
		`import asyncio, numpy
from stream import Stream
stream = Stream()
stream`,
		`wave = numpy.sin(numpy.arange(300_000, dtype=numpy.float32) / 3000)
task = asyncio.get_event_loop().create_task(stream.play((wave[n * 1000:][:200_000] for n in range(90)), rate=30))`,
		`second = Counter()
ipywidgets.VBox([counter, second])`,
	))
	h := runModule(t, jupyter.Module{
		Host: jupyter.Voila, Dir: dir, Name: "voila", Ready: "/voila/static/voila.js",
		Args: []string{"shown.ipynb", "--no-browser", "--Voila.ip=127.0.0.1", "--Voila.port_retries=0"},
	})
	page := newPage(t)
	require.NoError(t, page.Navigate(h.URL()))
	for n, value := range []string{"3", "3", "0"} {
		require.NoError(t, page.Wait(button("count is", n)+`.textContent === "count is `+value+`"`, 4*soon), "view %d", n)
	}
	// Its picture moves the buttons below it, and a click misses.
	require.NoError(t, page.Wait(`document.querySelector("output")?.textContent.includes("200000 samples")`, soon))
	slider := `document.querySelector(".jupyter-widgets .widget-readout, .jupyter-widgets.widget-slider .widget-readout")`
	require.NoError(t, page.Click(button("count is", 0)))
	require.NoError(t, page.Click(button("count is", 1)))
	require.NoError(t, page.Click(button("count is", 2)))
	for n, value := range []string{"5", "5", "1"} {
		require.NoError(t, page.Wait(button("count is", n)+`.textContent === "count is `+value+`"`, soon), "view %d", n)
	}
	require.NoError(t, page.Wait(slider+`.textContent.trim() === "5"`, soon))
	require.NoError(t, page.Drag(`document.querySelector(".noUi-handle")`, 60, 0))
	require.NoError(t, page.Wait(`/^count is (1|2|3)[0-9]$/.test(`+button("count is", 0)+`.textContent)`, soon))
	require.NoError(t, page.Wait(`/^frame [6-9]\d:/.test(document.querySelector("output").textContent)`, soon))
	shot(t, page, "voila")
	require.NoError(t, page.Wait(`performance.getEntriesByType("resource").some(r => r.name.endsWith("/voila/labextensions/gocomm/widget.js") && r.responseStatus === 200)`, soon),
		"Voilà serves what a package has for JupyterLab")
	for _, m := range page.Errors() {
		require.Contains(t, m.URL, "cdn.jsdelivr.net/npm/@fortawesome", "Voilà's own icons, from elsewhere: %v", m)
	}
}
