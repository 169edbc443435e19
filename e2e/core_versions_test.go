package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestCoreOfTheKernelsVersion makes widgets on pages of ipywidgets 8 for a kernel that has ipywidgets 7: classic Notebook
// shows those, too, and JupyterLab does not.
func TestCoreOfTheKernelsVersion(t *testing.T) {
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		h := startWidgetHost(t, name)
		for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
			copyFile(t, filepath.Join(fixture.root, "dist", "web", "coreprobe"+suffix), filepath.Join(h.Dir(), "coreprobe", "coreprobe"+suffix))
		}
		const spec = "ipywidgets7"
		dir := filepath.Join(wheelEnv(t, name), "share", "jupyter", "kernels", spec)
		require.NoError(t, os.MkdirAll(dir, 0o755))
		text, err := json.Marshal(map[string]any{
			"argv":         []string{filepath.Join(wheelEnv(t, jupyter.H2), "bin", "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"},
			"display_name": spec, "language": "python",
		})
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "kernel.json"), text, 0o644))
		url := h.NewNotebook(t, coreMaker, `s
`)
		path := filepath.Join(h.Dir(), notebookName(t))
		notebook, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(notebook), `"python3"`, `"`+spec+`"`, 1)), 0o644))
		p := openPaperAt(t, h, url)
		p.run(t, 0)
		p.pythonPrints(t, "7", `print(ipywidgets.__version__.split(".")[0])`)
		p.python(t, `maker.send({"op": "make", "value": 10})`)
		if name == jupyter.Lab {
			p.pythonPrints(t, "True", `print(any("the page does not have the ipywidgets that the kernel has" in str(x) for x in heard))`)
			return
		}
		p.pythonPrints(t, "True", `print(maker.slider[10:] in widgets())`)
		p.python(t, `s = found(maker.slider)`)
		p.run(t, 1)
		require.NoError(t, p.Wait(p.in(1, ".widget-readout")+`?.textContent.trim() === "2"`, soon))
		p.pythonPrints(t, "1.5.0 2 10 made in Go", `print(s._model_module_version, s.min, s.max, s.description)`)
		p.python(t, `maker.send({"op": "set", "value": 7})`)
		p.pythonPrints(t, "7", `print(s.value)`)
		require.NoError(t, p.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "core-versions-"+string(h.Name)+".png")))
	})
}
