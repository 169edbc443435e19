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

// agreeingClass is the class of a widget that shows the program of wasm/widgetprobe. Told to,
// the program changes the state from Go; a button of its view does, from the page.
const agreeingClass = `import gocomm, traitlets
class Probe(gocomm.Widget):
    _wasm = "widgetprobe"
    value = traitlets.Int(0).tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    list = traitlets.List([]).tag(sync=True)
    frame = traitlets.Any(b"").tag(sync=True)
    bytes = traitlets.Any(b"").tag(sync=True)
    deep = traitlets.Any(None, allow_none=True).tag(sync=True)
    child = traitlets.Unicode("").tag(sync=True)`

const agreeing = agreeingClass + `
heard = []
probe = Probe()
probe.on_msg(lambda _, content, buffers: heard.append(content["value"]) if content["re"] == "get" else None)
probe`

// addProbe puts the program of wasm/widgetprobe beside the host's notebooks.
func addProbe(t *testing.T, h *host) {
	t.Helper()
	for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
		copyFile(t, filepath.Join(fixture.root, "dist", "web", "widgetprobe"+suffix), filepath.Join(h.Dir(), "widgetprobe", "widgetprobe"+suffix))
	}
}

// A kernelSide is what agree does, and sees, in a widget's kernel.
type kernelSide struct {
	set   func(value int)
	count func()          // tells the program to count
	same  func(value int) // waits until the trait has this value; Go, asked then, has it too
}

// agree changes the probe's value from the page's elements, from Go and from the kernel,
// and looks after each change that all three have the same.
func agree(t *testing.T, page *browse.Page, view string, k kernelSide) {
	t.Helper()
	output, button := view+`.querySelector("output")`, view+`.querySelector("button.count")`
	require.NoError(t, page.Wait(output+`.textContent === "0 "`, soon))
	n := 0
	changed := func() {
		t.Helper()
		require.NoError(t, page.Wait(fmt.Sprintf(`%s.textContent === "%d "`, output, n), soon))
		k.same(n)
	}
	for range rounds {
		n++
		_, err := browse.Eval[browse.Void](page, button+`.click()`)
		require.NoError(t, err)
		changed()

		n++
		k.count()
		changed()

		n++
		k.set(n)
		changed()
	}
}

// TestWidgetAgrees has page, Go and Python agree on a widget, on each kind of notebook page.
func TestWidgetAgrees(t *testing.T) {
	forWidgetHosts(t, func(t *testing.T, h *host) {
		addProbe(t, h)
		p := openPaper(t, h, agreeing)
		p.run(t, 0)
		agree(t, p.Page, p.cell(0), kernelSide{
			set:   func(value int) { p.python(t, fmt.Sprintf(`probe.value = %d`, value)) },
			count: func() { p.python(t, `probe.send({"op": "count", "times": 1})`) },
			same: func(value int) {
				if got := p.python(t, `heard.clear(); probe.send({"op": "get"}); print(probe.value)`); got != fmt.Sprint(value) {
					p.pythonPrints(t, fmt.Sprint(value), `print(probe.value)`)
				}
				p.pythonPrints(t, fmt.Sprintf("[%d]", value), `print(heard)`)
			},
		})
		p.python(t, `heard.clear()
for i in range(300): probe.value = i; probe.send({"op": "get", "wait": 3})`)
		p.pythonPrints(t, "300", `print(len(heard))`)
		p.pythonPrints(t, "300", `print(sum(i == n for i, n in enumerate(heard)))`) // the messages found the state that they were sent with
		require.Empty(t, p.Errors())
	})
}

// TestWidgetPlainPage has them agree on a page without Jupyter: the kernel is commmgrtest's, in memory, and the
// page's own model, of a few lines, speaks Jupyter widgets 2.1 with it.
func TestWidgetPlainPage(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"widgets/afm.js", "web/afm/trait-values.js", "web/widgetprobe.wasm.gz", "web/widgetprobe.wasm.js", "web/plainkernel.wasm.gz", "web/plainkernel.wasm.js"} {
		copyFile(t, filepath.Join(fixture.root, "dist", name), filepath.Join(dir, filepath.Base(name)))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "runtime"), 0o755))
	copyFile(t, filepath.Join(fixture.root, "dist", "web", "runtime", "buffers.js"), filepath.Join(dir, "runtime", "buffers.js"))
	copyFile(t, "testdata/widgets/plain.html", filepath.Join(dir, "index.html"))
	server := httptest.NewServer(http.FileServerFS(os.DirFS(dir)))
	t.Cleanup(server.Close)
	page := newPage(t)
	require.NoError(t, page.Navigate(server.URL))

	do := func(format string, args ...any) {
		t.Helper()
		_, err := browse.Eval[browse.Void](page, fmt.Sprintf(format, args...))
		require.NoError(t, err)
	}
	asked := 0
	agree(t, page, `document.querySelector("main")`, kernelSide{
		set:   func(value int) { do(`plainKernel.set('{"value": %d}')`, value) },
		count: func() { do(`plainKernel.send('{"op": "count", "times": 1}')`) },
		same: func(value int) {
			require.NoError(t, page.Wait(fmt.Sprintf(`plainKernel.get("value") === "%d"`, value), soon))
			do(`plainKernel.send('{"op": "get"}')`)
			const answers = `JSON.parse(plainKernel.messages()).filter(m => m.Content.re === "get")`
			require.NoError(t, page.Wait(fmt.Sprintf(`%s.length > %d`, answers, asked), soon))
			got, err := browse.Eval[[]int](page, fmt.Sprintf(`%s.slice(%d).map(m => m.Content.value)`, answers, asked))
			require.NoError(t, err)
			require.Equal(t, []int{value}, got)
			asked++
		},
	})
	do(`for (let i = 0; i < 300; i++) {
		plainKernel.set(JSON.stringify({ value: i }));
		plainKernel.send('{"op": "get", "wait": 3}');
	}`)
	const late = `JSON.parse(plainKernel.messages()).filter(m => m.Content.re === "get").slice(%d).map(m => m.Content.value)`
	require.NoError(t, page.Wait(fmt.Sprintf(late+`.length === 300`, asked), soon))
	agreed, err := browse.Eval[int](page, fmt.Sprintf(late+`.filter((value, i) => value === i).length`, asked))
	require.NoError(t, err)
	require.Equal(t, 300, agreed, "messages that found the state that they were sent with")
	errs, err := browse.Eval[string](page, `plainKernel.errors()`)
	require.NoError(t, err)
	require.Equal(t, "[]", errs)
	require.Empty(t, page.Errors())
}
