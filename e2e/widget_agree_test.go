package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// rounds is how often each side changes the state.
const rounds = 100

// agreeing is a cell with a widget that shows the program of wasm/widgetprobe. Told to,
// the program changes the state from Go; a button of its view does, from the page.
const agreeing = `import gocomm, traitlets
class Probe(gocomm.Widget):
    _wasm = "widgetprobe"
    value = traitlets.Int(0).tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    list = traitlets.List([]).tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)
    bytes = traitlets.Bytes(b"").tag(sync=True)
    deep = traitlets.Any(None, allow_none=True).tag(sync=True)
    child = traitlets.Unicode("").tag(sync=True)
heard = []
probe = Probe()
probe.on_msg(lambda _, content, buffers: heard.append(content["value"]) if content["re"] == "get" else None)
probe`

// TestWidgetAgrees changes a widget's state from the page's elements, from Go and from
// Python, and looks after each change that all three have the same.
func TestWidgetAgrees(t *testing.T) {
	forWidgetHosts(t, func(t *testing.T, h *host) {
		t.Parallel() // it waits, most of the time
		for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
			copyFile(t, filepath.Join(fixture.root, "dist", "web", "widgetprobe"+suffix), filepath.Join(h.Dir(), "widgetprobe", "widgetprobe"+suffix))
		}
		p := openPaper(t, h, agreeing)
		p.run(t, 0)
		output, button := p.in(0, "output"), p.in(0, "button.count")
		require.NoError(t, p.Wait(output+`.textContent === "0 "`, soon))

		// Each change is waited for on the page and in Go (its answer to "get"), then in Python.
		agree := func(want int, change string) {
			t.Helper()
			if change != "" {
				p.do(t, change)
			}
			require.NoError(t, p.Wait(fmt.Sprintf(`%s.textContent === "%d "`, output, want), soon))
			if got := p.python(t, `heard.clear(); probe.send({"op": "get"}); print(probe.value)`); got != fmt.Sprint(want) {
				p.pythonPrints(t, fmt.Sprint(want), `print(probe.value)`)
			}
			p.pythonPrints(t, fmt.Sprintf("[%d]", want), `print(heard)`)
		}
		n := 0
		for range rounds {
			n++
			agree(n, button+`.click()`)

			n++
			_, err := p.Python(`probe.send({"op": "count", "times": 1})`)
			require.NoError(t, err)
			agree(n, "")

			n++
			_, err = p.Python(fmt.Sprintf(`probe.value = %d`, n))
			require.NoError(t, err)
			agree(n, "")
		}
		require.Empty(t, p.Errors())
	})
}

// TestWidgetPlainPage shows the same program on a page without Jupyter: a model of a few
// lines is what anywidget's interface asks of a host.
func TestWidgetPlainPage(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"widgets/afm.js", "web/widgetprobe.wasm.gz", "web/widgetprobe.wasm.js"} {
		copyFile(t, filepath.Join(fixture.root, "dist", name), filepath.Join(dir, filepath.Base(name)))
	}
	copyFile(t, "testdata/widgets/plain.html", filepath.Join(dir, "index.html"))
	server := httptest.NewServer(http.FileServerFS(os.DirFS(dir)))
	t.Cleanup(server.Close)
	page := newPage(t)
	require.NoError(t, page.Navigate(server.URL))
	require.NoError(t, page.Wait(`document.querySelector("output")?.textContent === "0 "`, soon))
	_, err := browse.EvalTimeout[browse.Void](page, fmt.Sprintf(`agree(%d)`, rounds), soon)
	require.NoError(t, err)
	require.NoError(t, page.Wait(fmt.Sprintf(`document.querySelector("output").textContent === "%d "`, 3*rounds), soon))
	require.Empty(t, page.Errors())
}
