package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// bigBuffers gives the sizes of the buffers of more than 5 KB that the page got.
func (p *paper) bigBuffers() (sizes []int) {
	for _, f := range p.Wire() {
		for _, b := range f.Buffers {
			if f.Direction == browse.Received && len(b) > 5_000 {
				sizes = append(sizes, len(b))
			}
		}
	}
	return sizes
}

// counterFiles are the sizes of the files of the counter's program that a page fetches: classic pages have the drop-in.
func (p *paper) counterFiles(t *testing.T) []int {
	t.Helper()
	program := "counter.wasm.delta"
	if p.isLab() {
		program = "counter.wasm.gz"
	}
	var sizes []int
	for _, name := range []string{program, "counter.wasm.js"} {
		info, err := os.Stat(filepath.Join(fixture.root, "dist", "widgets", name))
		require.NoError(t, err)
		sizes = append(sizes, int(info.Size()))
	}
	return sizes
}

const countCompiled = `void (() => {
	window.compiled = 0;
	const compile = WebAssembly.compile;
	WebAssembly.compile = (...a) => { window.compiled++; return compile.apply(WebAssembly, a) };
})()`

// TestWidgetDelivery shows fifty counters whose program no server serves: it crosses
// the comm once, is compiled once, and is not in the saved notebook.
func TestWidgetDelivery(t *testing.T) {
	forWidgetHosts(t, func(t *testing.T, h *host) {
		addExample(t, h, "counter")
		p := openPaper(t, h, `from counter import Counter`, `Counter(value=3)`, `from IPython.display import display
counters = [Counter(value=n) for n in range(50)]
display(*counters)`)
		p.run(t, 0)
		p.save(t)
		before := p.saved(t)
		p.do(t, countCompiled)
		p.run(t, 1)
		p.counts(t, 1, 3)
		p.saveWithState(t)
		after := p.saved(t)
		require.Contains(t, string(after), "_gocomm_program", "the widget's state is not in the notebook")
		require.Less(t, len(after)-len(before), 10_000)
		t.Logf("the notebook grew by %d bytes", len(after)-len(before))

		p.run(t, 2)
		require.NoError(t, p.Wait(fmt.Sprintf(`[...%s.querySelectorAll("button")].filter(b => b.textContent.startsWith("count is ")).length === 50`, p.cell(2)), soon))
		compiled, err := browse.Eval[int](p.Page, `compiled`)
		require.NoError(t, err)
		require.Equal(t, 1, compiled)
		require.ElementsMatch(t, p.counterFiles(t), p.bigBuffers())
		require.Empty(t, p.Errors())
	})
}

// saved gives the notebook as it is in its file.
func (p *paper) saved(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.host.Dir(), notebookName(t)))
	require.NoError(t, err)
	return text
}

// saveWithState saves the notebook, and the widgets' state in it.
func (p *paper) saveWithState(t *testing.T) {
	t.Helper()
	if p.isLab() {
		// A setting, which lasts as long as the server's folders.
		p.do(t, `(async () => {
			const id = '@jupyter-widgets/jupyterlab-manager:saveWidgetState';
			if (!jupyterapp.commands.isToggled(id)) await jupyterapp.commands.execute(id);
		})()`)
		require.NoError(t, p.Wait(`jupyterapp.commands.isToggled('@jupyter-widgets/jupyterlab-manager:saveWidgetState')`, soon))
		p.save(t)
		return
	}
	p.do(t, `new Promise(done => {
		Jupyter.notebook.events.one('notebook_saved.Notebook', () => done());
		Jupyter.actions.call('widgets:save-with-widgets');
	})`)
}

// holdCell is a cell that shows two counters and keeps the kernel busy until there is a file.
const holdCell = `import os, time
from IPython.display import display
from counter import Counter
one, two = Counter(value=1), Counter(value=2)
display(one, two)
while not os.path.exists("%s"): time.sleep(0.01)
one.close()`

// TestWidgetAsker closes the widget that has asked for the program before it is answered:
// another one asks.
func TestWidgetAsker(t *testing.T) {
	t.Parallel()
	h := startWidgetHost(t, jupyter.H1)
	addExample(t, h, "counter")
	p := openPaper(t, h, fmt.Sprintf(holdCell, "answer"))
	require.NoError(t, p.RunCell(0))
	p.asked(t)
	require.NoError(t, os.WriteFile(filepath.Join(h.Dir(), "answer"), nil, 0o644))
	p.counts(t, 0, 2)
	require.ElementsMatch(t, p.counterFiles(t), p.bigBuffers())
}

// TestWidgetRestart restarts the kernel that was asked for the program: the next one answers.
func TestWidgetRestart(t *testing.T) {
	t.Parallel()
	h := startWidgetHost(t, jupyter.H1)
	addExample(t, h, "counter")
	p := openPaper(t, h, fmt.Sprintf(holdCell, "never"), `from counter import Counter
Counter(value=5)`)
	require.NoError(t, p.RunCell(0))
	p.asked(t)
	require.NoError(t, p.RestartKernel())
	p.run(t, 1)
	p.counts(t, 1, 5)
}

// asked waits until the page has asked the kernel for a file.
func (p *paper) asked(t *testing.T) {
	t.Helper()
	_, err := p.WaitWire(func(f browse.Frame) bool {
		return f.Direction == browse.Sent && bytes.Contains(f.Data, []byte(`"gocomm":"sha256-`))
	}, soon)
	require.NoError(t, err)
}

// TestWidgetReload reloads the page: ipywidgets restores the models from the kernel, and
// they get their program again.
func TestWidgetReload(t *testing.T) {
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		h := startWidgetHost(t, name)
		addExample(t, h, "counter")
		p := openPaper(t, h, `from counter import Counter
c = Counter(value=3)
c`)
		p.run(t, 0)
		p.counts(t, 0, 3)
		require.NoError(t, p.Click(p.counterButton(0)))
		p.pythonPrints(t, "4", `print(c.value)`)
		p.save(t)
		p.reload(t)
		p.counts(t, 0, 4)
		require.NoError(t, p.Click(p.counterButton(0)))
		p.pythonPrints(t, "5", `print(c.value)`)
		require.Empty(t, p.Errors())
	})
}
