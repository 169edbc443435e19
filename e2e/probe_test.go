package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// withProbe serves gocomm, and the program of wasm/probe as another extension's.
var withProbe = setup{
	name: "probe",
	nbextensions: func(t *testing.T) string {
		dir, err := os.MkdirTemp(fixture.tmp, "probe-")
		require.NoError(t, err)
		require.NoError(t, os.CopyFS(dir, os.DirFS(withGocomm.nbextensions(t))))
		copyFile(t, "testdata/probe/main.js", filepath.Join(dir, "probe", "main.js"))
		for _, name := range []string{"probe.wasm.gz", "probe.wasm.js"} {
			copyFile(t, filepath.Join(fixture.root, "dist", "web", name), filepath.Join(dir, "probe", name))
		}
		return dir
	},
	enable: []string{"gocomm/main", "probe/main"},
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
	require.NoError(t, os.WriteFile(to, b, 0o644))
}

// openProbe opens a notebook whose kernel has loaded testdata/probe/probe.py and
// whose page has the probe's targets.
func openProbe(t *testing.T, h *host) *browse.Page {
	t.Helper()
	h.AddFile(t, "testdata/probe/probe.py")
	page := openNotebook(t, h, `%run probe.py`)
	require.NoError(t, page.RunCellWait(0))
	ready(t, page, "probe.echo")
	return page
}

// python runs code in a new cell and gives what it prints.
func python(t *testing.T, page *browse.Page, code string) string {
	t.Helper()
	i, err := page.AddCells(code)
	require.NoError(t, err)
	require.NoError(t, page.RunCellWait(i), code)
	out, err := page.CellOutput(i)
	require.NoError(t, err)
	return strings.TrimSpace(out)
}

// kernelHas waits until a Python expression has a value, given as JSON. The kernel
// handles comm messages between cells.
func kernelHas(t *testing.T, page *browse.Page, want, expression string) {
	t.Helper()
	var got string
	for deadline := time.Now().Add(soon); time.Now().Before(deadline); {
		got = python(t, page, `import json; print(json.dumps(`+expression+`))`)
		if sameJSON(want, got) {
			return
		}
	}
	require.JSONEq(t, want, got, expression)
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return assert.ObjectsAreEqual(x, y)
}

// script runs JavaScript on the page; `manager` is the kernel's comm manager.
func script(t *testing.T, page *browse.Page, js string) {
	t.Helper()
	_, err := browse.Eval[browse.Void](page, `(() => { const manager = Jupyter.notebook.kernel.comm_manager; `+js+` })()`)
	require.NoError(t, err)
}
