package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// widgetClass is a cell with a class whose program is in a folder.
func widgetClass(folder, traits string) string {
	return `import gocomm, traitlets
class Counter(gocomm.Widget):
    _wasm = "` + folder + `"
    ` + traits + `
Counter()`
}

const valueTrait = `value = traitlets.Int(6).tag(sync=True)`

// putProgram puts the counter's program into a folder beside the notebooks.
func putProgram(t *testing.T, h *host, folder string) {
	t.Helper()
	for _, name := range []string{"counter.wasm.js", "counter.wasm.gz"} {
		copyFile(t, filepath.Join(fixture.root, "dist", "widgets", name), filepath.Join(h.Dir(), folder, name))
	}
}

// TestWidgetErrors has what can be wrong with a program said in Python, or in the view's place; what is put right is shown.
func TestWidgetErrors(t *testing.T) {
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		h := startWidgetHost(t, name)
		folder := func(parts ...string) string {
			dir := filepath.Join(append([]string{h.Dir(), filepath.Base(t.Name())}, parts...)...)
			require.NoError(t, os.MkdirAll(dir, 0o755))
			rel, err := filepath.Rel(h.Dir(), dir)
			require.NoError(t, err)
			return rel
		}
		missing, installed, damaged, misfit := folder("missing"), folder("site-packages"), folder("damaged"), folder("misfit")
		putProgram(t, h, damaged)
		require.NoError(t, os.WriteFile(filepath.Join(h.Dir(), damaged, "counter.wasm.gz"), []byte("\x00asm\x01\x00\x00\x00 and no more"), 0o644))
		putProgram(t, h, misfit)

		p := openPaper(t, h,
			widgetClass(missing, valueTrait), widgetClass(installed, valueTrait),
			widgetClass(damaged, valueTrait), widgetClass(misfit, `number = traitlets.Int(1).tag(sync=True)`))
		says := func(cell int, text string) {
			t.Helper()
			require.NoError(t, p.Wait(p.in(cell, ".gocomm-error")+`?.textContent.includes("`+text+`")`, soon))
		}

		// In Python.
		for code, want := range map[string]string{
			widgetClass(folder()+"/wrong", valueTrait): "there is no folder",
			"import gocomm\ngocomm.Widget()":           "Widget has no _wasm",
		} {
			_, err := p.Python(code)
			require.ErrorContains(t, err, "ProgramError")
			require.ErrorContains(t, err, want)
		}

		// Not built yet: the view shows the program as soon as it is there.
		p.run(t, 0)
		says(0, "there is no program in")
		says(0, "python -m gocomm build")
		putProgram(t, h, missing)
		p.counts(t, 0, 6)

		// The same among installed packages, which are not looked after: the user asks for another look.
		p.run(t, 1)
		says(1, "there is no program in")
		putProgram(t, h, installed)
		require.NoError(t, p.Click(p.in(1, ".gocomm-error button")))
		p.counts(t, 1, 6)

		p.run(t, 2)
		says(2, "damaged")
		p.run(t, 3)
		says(3, "value")

		// What is wrong with one harms no other.
		require.NoError(t, p.Click(p.counterButton(0)))
		p.counts(t, 0, 7)
		p.counts(t, 1, 6)
	})
}

// TestWidgetWithoutAnywidget imports the package where there is no anywidget, and says what is missing.
func TestWidgetWithoutAnywidget(t *testing.T) {
	h := startWidgetHost(t, jupyter.H1)
	page := openPaper(t, h)
	out, err := page.Python(`import subprocess, sys
print(subprocess.run([sys.executable, "-c", """
import sys
sys.modules["anywidget"] = None
import gocomm
try:
    gocomm.Widget
except ModuleNotFoundError as e:
    print(e)
"""], capture_output=True, text=True))`)
	require.NoError(t, err)
	require.Contains(t, out, `gocomm.Widget needs anywidget: pip install "gocomm[widget]"`)
}
