package e2e

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

func TestTmpNB7(t *testing.T) {
	h := startWidgetHost(t, jupyter.Notebook7)
	for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
		copyFile(t, filepath.Join(fixture.root, "dist", "web", "coreprobe"+suffix), filepath.Join(h.Dir(), "coreprobe", "coreprobe"+suffix))
	}
	p := openPaper(t, h, coreMaker, `s = found(maker.slider); s`, `py = ipywidgets.IntSlider(value=2, min=2, max=10); py`)
	p.run(t, 0)
	p.python(t, `maker.send({"op": "make", "value": 10})`)
	p.pythonPrints(t, "True", `print(maker.slider[10:] in widgets())`)
	p.run(t, 2)
	p.run(t, 1)
	require.NoError(t, p.Wait(p.in(1, ".noUi-handle")+`!== null`, soon))
	require.NoError(t, p.Wait(p.in(2, ".noUi-handle")+`!== null`, soon))
	for i, cell := range []int{2, 1, 1, 2} {
		p.do(t, p.in(cell, ".noUi-handle")+`.focus()`)
		active, _ := browse.Eval[string](p.Page, `document.activeElement?.className + " | " + document.activeElement?.closest(".jp-Cell, .jp-Notebook")?.className + " inert " + !!document.activeElement?.closest("[inert]")`)
		err := p.Press(kb.ArrowRight)
		time.Sleep(1500 * time.Millisecond)
		after, _ := browse.Eval[string](p.Page, `document.activeElement?.className + " | " + [`+p.in(1, ".widget-readout")+`.textContent, `+p.in(2, ".widget-readout")+`.textContent]`)
		t.Log(i, cell, err, active, "=>", after, p.python(t, `print(s.value, py.value, heard)`))
	}
	_ = p.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "tmp-nb7.png"))
	for _, e := range p.Errors() {
		t.Log(e)
	}
}
