package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

const soon = 15 * time.Second

// withCookbook serves gocomm with the cookbook's program enabled.
var withCookbook = setup{
	name:         "cookbook",
	nbextensions: withGocomm.nbextensions,
	enable:       []string{"gocomm/main", "gocomm/cookbook"},
}

// ready waits until gocomm has taken the manager's place, and target is
// registered; "" stands for none.
func ready(t *testing.T, page *browse.Page, target string) {
	t.Helper()
	require.NoError(t, page.Wait(`'_hub' in Jupyter.notebook.kernel.comm_manager`, soon))
	if target != "" {
		quoted, err := json.Marshal(target)
		require.NoError(t, err)
		require.NoError(t, page.Wait(`Jupyter.notebook.kernel.comm_manager._hub.claims.has(`+string(quoted)+`)`, soon))
	}
}

// console waits for a line that contains all of the texts.
func console(t *testing.T, page *browse.Page, texts ...string) browse.Message {
	t.Helper()
	m, err := page.WaitConsole(func(m browse.Message) bool {
		for _, s := range texts {
			if !strings.Contains(m.Text, s) {
				return false
			}
		}
		return true
	}, soon)
	require.NoError(t, err)
	return m
}

// TestCookbookPython is the cookbook's Python module, verbatim, with its extension in Go:
// imported, and pasted into a cell.
func TestCookbookPython(t *testing.T) {
	module, err := os.ReadFile("testdata/seed/comm_module.py")
	require.NoError(t, err)
	cells := map[string]struct{ cell, comm string }{
		"imported": {`import comm_module`, `comm_module.my_comm`},
		"pasted":   {string(module), `my_comm`},
	}
	forHosts(t, withCookbook, func(t *testing.T, h *host) {
		h.AddFile(t, "testdata/seed/comm_module.py")
		for name, seed := range cells {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				page := openNotebook(t, h, seed.cell, seed.comm+`._closed`, seed.comm+`.close()`)
				ready(t, page, "my_comm_target")
				require.NoError(t, page.RunCellWait(0))
				exchange(t, page)
				console(t, page, "cookbook: opened with", `{"foo":1}`)
				console(t, page, "cookbook: got", `"data":{"foo":0}`)
				require.NoError(t, page.RunCellWait(1))
				require.NoError(t, page.WaitOutput(1, "False", soon))
				require.NoError(t, page.RunCellWait(2))
				console(t, page, "cookbook: closed with")
				require.Empty(t, page.Errors())
			})
		}
	})
}

// TestDemoNotebook runs the notebook that `make demo` opens: nothing in it alarms, such as a warning on red.
func TestDemoNotebook(t *testing.T) {
	forHosts(t, withCookbook, func(t *testing.T, h *host) {
		const notebook = "../examples/cookbook/cookbook.ipynb"
		h.AddFile(t, notebook)
		page := newPage(t)
		require.NoError(t, page.OpenNotebook(h.NotebookURL(filepath.Base(notebook))))
		require.NoError(t, page.WaitKernelReady())
		ready(t, page, "my_comm_target")
		require.NoError(t, page.RunAllWait())
		require.NoError(t, page.Wait(`[...document.querySelectorAll('.output_area')].some(o => o.textContent.includes('"greeting":"hello, page"'))`, soon))
		red, err := browse.Eval[[]string](page, `[...document.querySelectorAll('.output_stderr, .output_error')].map(o => o.textContent)`)
		require.NoError(t, err)
		require.Empty(t, red)
		require.NoError(t, page.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "examples", "demo-"+string(h.Name)+".png")))
		require.Empty(t, page.Errors())
	})
}

// TestCookbookJavaScript is the cookbook's extension in JavaScript, verbatim, on a page
// that is opened with a running session, with gocomm loaded.
func TestCookbookJavaScript(t *testing.T) {
	seed := setup{
		name: "seed",
		nbextensions: func(t *testing.T) string {
			dir, err := os.MkdirTemp(fixture.tmp, "seed-and-gocomm-")
			require.NoError(t, err)
			require.NoError(t, os.CopyFS(dir, os.DirFS(stockSeed.nbextensions(t))))
			require.NoError(t, os.CopyFS(dir, os.DirFS(withGocomm.nbextensions(t))))
			return dir
		},
		enable: []string{"gocomm/main", "comm_extension/main"},
	}
	forHosts(t, seed, func(t *testing.T, h *host) {
		h.AddFile(t, "testdata/seed/comm_module.py")
		page := newPage(t)
		// The first load starts the session, without the extension; at the second the
		// extension, which needs a kernel object, waits for one.
		require.NoError(t, page.Break("*/comm_extension/main.js*"))
		require.NoError(t, page.OpenNotebook(h.NewNotebook(t, `import comm_module`)))
		require.NoError(t, page.WaitKernelReady())
		page.Pass("*/comm_extension/main.js*")
		release, err := page.Hold("*/comm_extension/main.js*")
		require.NoError(t, err)
		defer release()
		require.NoError(t, page.Reload())
		release()
		require.NoError(t, page.WaitKernelReady())
		ready(t, page, "")
		require.NoError(t, page.Wait(`'my_comm_target' in Jupyter.notebook.kernel.comm_manager.targets`, soon))
		require.NoError(t, page.RunCellWait(0))
		exchange(t, page)
		inGo, err := browse.Eval[bool](page, `[...Jupyter.notebook.kernel.comm_manager._hub.routes.values()].some(r => r.comm && r.comm.target_name === 'my_comm_target')`)
		require.NoError(t, err)
		require.True(t, inGo, "the comm is not one of the Go manager")
	})
}
