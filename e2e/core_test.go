package e2e

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// coreMaker is a widget whose program, that of wasm/coreprobe, makes widgets of ipywidgets' in Go.
const coreMaker = `import gocomm, traitlets, ipywidgets, datetime
class Maker(gocomm.Widget):
    _wasm = "coreprobe"
    slider = traitlets.Unicode("").tag(sync=True)
    box = traitlets.Unicode("").tag(sync=True)
    date = traitlets.Unicode("").tag(sync=True)
maker, heard = Maker(), []
maker.on_msg(lambda _, content, buffers: heard.append(next(v for v in content.values() if v)))
def widgets():
    registry = getattr(ipywidgets.widgets.widget, "_instances", None)
    return ipywidgets.Widget.widgets if registry is None else registry
def found(ref): return widgets()[ref[len("IPY_MODEL_"):]]
maker`

func copyCoreprobe(t *testing.T, h *host) {
	t.Helper()
	for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
		copyFile(t, filepath.Join(fixture.root, "dist", "web", "coreprobe"+suffix), filepath.Join(h.Dir(), "coreprobe", "coreprobe"+suffix))
	}
}

// TestCore makes a slider of ipywidgets' in Go: it is one object for Go, the page and Python.
func TestCore(t *testing.T) {
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.H2, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		h := startWidgetHost(t, name)
		copyCoreprobe(t, h)
		p := openPaper(t, h, coreMaker, `s, b = found(maker.slider), found(maker.box)
b`)
		p.run(t, 0)
		made := func() {
			t.Helper()
			p.python(t, `heard.clear(); maker.slider = ""; before = len(widgets()); maker.send({"op": "make", "value": 10})`)
			p.pythonPrints(t, "True", `print(maker.slider != "" and maker.slider[10:] in widgets())`)
			p.run(t, 1)
		}
		readout := func(want string) {
			t.Helper()
			require.NoError(t, p.Wait(p.in(1, ".widget-readout")+`?.textContent.trim() === `+want, soon))
		}
		made()
		readout(`"2"`)
		p.pythonPrints(t, "IntSlider 2 10 2 made in Go SliderStyle Layout 5", `print(type(s).__name__, s.min, s.max, s.value, s.description, type(s.style).__name__, type(s.layout).__name__, len(widgets()) - before)`)
		p.pythonPrints(t, "True", `print(b.children == (s,))`)

		p.python(t, `s.value = 5`)
		readout(`"5"`)
		p.pythonPrints(t, "[5]", `print(heard)`)
		p.python(t, `maker.send({"op": "set", "value": 7})`)
		readout(`"7"`)
		p.pythonPrints(t, "7 [5, 7]", `print(s.value, heard)`)
		p.do(t, `(`+p.in(1, ".noUi-handle")+` ?? `+p.in(1, ".ui-slider-handle")+`).focus()`)
		require.NoError(t, p.Press(kb.ArrowRight))
		readout(`"8"`)
		p.pythonPrints(t, "8 [5, 7, 8]", `print(s.value, heard)`)

		p.python(t, `maker.send({"op": "label"})`)
		require.NoError(t, p.Wait(p.in(1, ".widget-label")+` !== null && `+p.cell(1)+`.textContent.includes("a label")`, soon))
		p.pythonPrints(t, "['Label', 'IntSlider']", `print([type(c).__name__ for c in b.children])`)
		p.python(t, `d = ipywidgets.DatePicker(value=datetime.date(2026, 1, 31))
d.value = datetime.date(2026, 3, 8)
maker.date = "IPY_MODEL_" + d.model_id
maker.send({"op": "date"})`)
		p.pythonPrints(t, "2026-03-09", `print(d.value)`)

		boxed := func(op string) {
			t.Helper()
			p.python(t, `heard.clear(); maker.box = ""; maker.send({"op": "`+op+`"})`)
			p.pythonPrints(t, "True", `print(maker.box != "" and maker.box[10:] in widgets())`)
			p.run(t, 1)
		}
		boxed("interact")
		require.NoError(t, p.Wait(p.in(1, "input[type=checkbox]")+` !== null`, soon))
		p.do(t, p.in(1, "input[type=checkbox]")+`.click()`)
		p.pythonPrints(t, "['red 3 false', 'red 3 true']", `print(heard)`)
		p.python(t, `b.children[1].value = 5`)
		p.pythonPrints(t, "red 5 true ['Dropdown', 'IntSlider', 'Checkbox']", `print(heard[-1], [type(c).__name__ for c in b.children])`)

		boxed("choose")
		chosen := func(want string) {
			t.Helper()
			require.NoError(t, p.Wait(p.in(1, "select")+`?.selectedOptions[0]?.textContent.trim() === "`+want+`"`, soon))
		}
		chosen("red")
		p.pythonPrints(t, "Dropdown red ('red', 'green', 'blue') 0", `d = b.children[0]; print(type(d).__name__, d.value, d.options, d.index)`)
		p.pythonPrints(t, "True 8", `link = [w for w in widgets().values() if type(w).__name__ == "Link"][-1]; other = link.target[0]; print(link.source[0] is s, other.value)`)
		p.do(t, `((select) => { select.selectedIndex = 2; select.dispatchEvent(new Event("change", {bubbles: true})); })(`+p.in(1, "select")+`)`)
		p.pythonPrints(t, "blue ['blue']", `print(d.value, heard)`)
		p.python(t, `d.value = "green"`)
		chosen("green")
		p.pythonPrints(t, "['blue', 'green']", `print(heard)`)
		p.python(t, `maker.send({"op": "options"})`)
		chosen("square")
		p.pythonPrints(t, "square ('round', 'square')", `print(d.value, d.options)`)
		p.python(t, `s.value = 9`) // the link is the page's
		p.pythonPrints(t, "9", `print(other.value)`)
		p.python(t, `heard.clear(); maker.send({"op": "unlinkable"})`)
		p.pythonPrints(t, "True", `print(any("No such trait: IntSlider.volume" in str(x) for x in heard))`)
		require.NoError(t, p.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "core-"+string(h.Name)+".png")))

		p.python(t, `from IPython.display import display
widget = maker
slider = ipywidgets.Widget.widgets[widget.slider[len("IPY_MODEL_"):]]
slider.value = 7
display(slider)
`) // what docs/core.md shows
		readout(`"7"`)

		p.python(t, `link.unlink()`) // a link to a widget that is closed has no state for ipywidgets
		p.python(t, `s.close()`)
		p.pythonPrints(t, "True", `print(any("closed" in str(x) for x in heard))`)
		require.NoError(t, p.Wait(p.in(1, ".widget-readout")+` === null`, soon))
		p.python(t, `for w in list(widgets().values()):
    if isinstance(w, ipywidgets.VBox): w.close()`) // with a child that Python has closed, one has no state for ipywidgets
		made()
		p.python(t, `maker.send({"op": "close"})`)
		require.NoError(t, p.Wait(p.in(1, ".widget-readout")+` === null`, soon))
		p.pythonPrints(t, "True", `print(any("closed" in str(x) for x in heard))`)
		p.pythonPrints(t, "True", `print(s.comm._closed)`)

		p.python(t, `heard.clear(); maker.send({"op": "refused"})`)
		p.pythonPrints(t, "True", `print(any("has refused the widget" in str(x) for x in heard))`)
		require.Empty(t, p.Errors()) // after a reload ipywidgets reports outputs that are there before their widgets

		made()
		boxed("choose")
		p.save(t)
		p.reload(t) // the page's manager has them again, and the program finds them by their references
		p.run(t, 1)
		readout(`"2"`)
		p.python(t, `maker.send({"op": "set", "value": 6})`)
		readout(`"6"`)
		p.pythonPrints(t, "6", `print(s.value)`)
		p.python(t, `b.children[0].value = "blue"`)
		chosen("blue")
		p.python(t, `heard.clear(); maker.send({"op": "find"})`)
		p.pythonPrints(t, "True", `print(heard == [sum(type(w).__name__ == "Dropdown" for w in widgets().values())])`)
	})
}
