package e2e

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestShow has a view in Go show other widgets: one made in Go, some made in Python, and an area of outputs that Go fills.
func TestShow(t *testing.T) {
	forWidgetHosts(t, func(t *testing.T, h *host) {
		copyCoreprobe(t, h)
		p := openPaper(t, h, coreMaker, `maker`)
		p.run(t, 0)
		show := func(ref string) { t.Helper(); p.python(t, `heard.clear(); maker.send({"op": "show", "ref": `+ref+`})`) }
		here := func(what string) {
			t.Helper()
			require.NoError(t, p.Wait(p.cell(0)+what, soon), what)
		}
		here(`.querySelector("section") !== null`)
		p.python(t, `tab = ipywidgets.Tab([ipywidgets.Text("from Python")]); maker.send({"op": "make", "value": 10})`)
		p.pythonPrints(t, "True", `print(maker.slider[10:] in widgets())`)
		p.python(t, `s = found(maker.slider)`)
		show(`maker.slider`)
		p.pythonPrints(t, "[1]", `print(heard)`)
		show(`"IPY_MODEL_" + tab.model_id`)
		p.pythonPrints(t, "[2]", `print(heard)`)
		here(`.querySelector("gocomm-shown:nth-child(1) .widget-readout").textContent.trim() === "2"`)
		here(`.querySelector("gocomm-shown:nth-child(2) .widget-text input").getBoundingClientRect().width > 50`)
		p.python(t, `s.value = 5`)
		here(`.querySelector(".widget-readout").textContent.trim() === "5"`)
		if h.Name == jupyter.Notebook7 { // there keys do not reach ipywidgets' own sliders either
			p.python(t, `s.value = 6`)
		} else {
			p.do(t, `(`+p.in(0, "gocomm-shown .noUi-handle")+` ?? `+p.in(0, "gocomm-shown .ui-slider-handle")+`).focus()`)
			require.NoError(t, p.Press(kb.ArrowRight))
		}
		p.pythonPrints(t, "6", `print(s.value)`)

		p.python(t, `heard.clear(); maker.send({"op": "area"})`)
		p.pythonPrints(t, "True", `print(len(heard) == 1)`)
		p.python(t, `area = found(heard[0])`)
		show(`"IPY_MODEL_" + area.model_id`)
		here(`.querySelector("gocomm-shown:nth-child(3) .two").textContent === "two"`)
		here(`.querySelector("gocomm-shown:nth-child(3)").innerText.replace(/\s+/g, " ").trim() === "one two Error: a failure in Go three four"`)
		here(`.querySelector("gocomm-shown:nth-child(3)").querySelector("circle, img") !== null`)
		p.python(t, `area.append_stdout("five\n")`)
		here(`.querySelector("gocomm-shown:nth-child(3)").innerText.includes("five")`)
		require.NoError(t, p.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "show-"+string(h.Name)+".png")))

		p.python(t, `gone = tab.model_id; tab.close()`)
		here(`.querySelectorAll("gocomm-shown").length === 2`)
		show(`"IPY_MODEL_" + gone`)
		p.pythonPrints(t, "['widget model not found']", `print([str(x).split(": ")[2] for x in heard])`)
		show(`"IPY_MODEL_" + s.style.model_id`)
		p.pythonPrints(t, "['the widget is one without a view']", `print([str(x).split(": ")[2] for x in heard])`)
		p.python(t, `maker.send({"op": "hide"})`)
		here(`.querySelector("gocomm-shown") === null`)
		p.run(t, 1) // a view that shows the slider at first
		require.NoError(t, p.Wait(p.in(1, "gocomm-shown .widget-readout")+`?.textContent.trim() === "6"`, soon))
		require.Empty(t, p.Errors())
	})
}
