package e2e

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// liveHosts have ipykernel 7, ipykernel 6, and ipykernel 7 with a page that uses subshells.
var liveHosts = []jupyter.Host{jupyter.H1, jupyter.H2, jupyter.Lab}

// TestExampleLongrun runs the notebook of a cell that hears the page: a slider steers it, and a button stops it.
// Then come cells that are too busy to sleep, and cells that draw while a handler draws, too.
func TestExampleLongrun(t *testing.T) {
	cells := exampleCells(t, "longrun")
	sideBySide(t, liveHosts, func(t *testing.T, name jupyter.Host) {
		h := startWidgetHost(t, name)
		p := openPaper(t, h, append(cells, liveClicks, livePictures)...)
		p.run(t, 0)
		require.NoError(t, p.Wait(p.in(0, "button")+`?.textContent.includes("Stop")`, soon))
		p.start(t, 1)
		progress := p.cell(0) + `.textContent`
		require.NoError(t, p.Wait(progress+`.includes("step 5")`, soon))
		require.NoError(t, p.Drag(p.in(0, ".ui-slider-handle, .noUi-handle"), 60, 0))
		labels := `[...` + p.cell(0) + `.querySelectorAll(".widget-label")].map(label => label.textContent)`
		require.NoError(t, p.Wait(labels+`.some(text => text.endsWith("°C") && parseFloat(text) > 25)`, soon))
		require.NoError(t, p.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "examples", "longrun-"+string(name)+".png")))
		require.NoError(t, p.Click(p.in(0, "button")))
		require.NoError(t, p.Wait(p.cell(1)+`.textContent.includes("stopped at step")`, soon))
		require.Regexp(t, `^stopped at step \d+; the target was \[20\.0, .*\d\]$`, p.output(t, 1))

		// Each click is handled soon, and so that the cell may tell: figures are in measure/faults.
		p.start(t, 2)
		require.NoError(t, p.Wait(p.in(2, "button")+`?.textContent.includes("Stop me")`, soon))
		for n := range 5 {
			clicked, err := browse.Eval[float64](p.Page, `[Date.now(), `+p.in(2, "button")+`.click()][0]`)
			require.NoError(t, err)
			said := fmt.Sprintf("click %d at ", n+1)
			require.NoError(t, p.Wait(p.cell(2)+`.textContent.includes("`+said+`")`, soon))
			at, err := browse.Eval[float64](p.Page, `parseFloat(`+p.cell(2)+`.textContent.match(/`+said+`([\d.]+)/)[1])`)
			require.NoError(t, err)
			t.Logf("click %d was handled after %.0f ms", n+1, at-clicked)
			require.Less(t, at-clicked, float64(soon/time.Millisecond)/10)
		}
		require.NoError(t, p.Wait(p.cell(2)+`.textContent.includes("5 of 5")`, soon))

		p.start(t, 3)
		require.NoError(t, p.Wait(p.cell(3)+`.textContent.includes("go on")`, soon))
		_, err := browse.Eval[browse.Void](p.Page, `void (window.clicking = setInterval(() => `+p.in(3, "button")+`?.click(), 50))`)
		require.NoError(t, err)
		require.NoError(t, p.Wait(p.cell(3)+`.textContent.includes("pictures:")`, soon))
		_, err = browse.Eval[browse.Void](p.Page, `void clearInterval(clicking)`)
		require.NoError(t, err)
		require.NoError(t, p.Wait(p.cell(3)+`.textContent.includes("pictures: 4, alike: True, while the handler drew: True")`, soon))
		require.Empty(t, p.Errors())
	})
}

// liveClicks is a cell that computes, and looks every 50 ms whether somebody has clicked.
const liveClicks = `import time
clicks, label = widgets.Button(description="Stop me"), widgets.Label()
clicked = []
@clicks.on_click
def _(_):
    clicked.append(time.time() * 1000)
    label.value = "click %d at %.1f" % (len(clicked), clicked[-1])
display(widgets.HBox([clicks, label]))
with gocomm.live(clicks):
    end = time.monotonic() + 60
    while len(clicked) < 5 and time.monotonic() < end:
        until = time.monotonic() + .05
        while time.monotonic() < until: pass
        gocomm.poll()
print(len(clicked), "of 5")`

// livePictures is a cell that draws in several steps, during which the handler of a button draws with the same module.
const livePictures = `%matplotlib inline
import hashlib, io
import matplotlib.pyplot as plt
draw = widgets.Button(description="Draw")
drawn = []
@draw.on_click
def _(_):
    plt.plot([3, 1, 2]); plt.title("the handler's")
    drawn.append(plt.get_fignums())
    plt.close()
display(draw)
print("go", "on")
def picture(disturbed):
    plt.figure(figsize=(3, 2))
    for n in range(3):
        plt.plot([n, 2 * n, 3])
        before, end = len(drawn), time.monotonic() + 20
        while disturbed and len(drawn) == before and time.monotonic() < end: gocomm.sleep(.02)
    plt.title("the cell's")
    file = io.BytesIO(); plt.savefig(file, metadata={"Software": None}); plt.close()
    return hashlib.sha256(file.getvalue()).hexdigest()
with gocomm.live(draw):
    pictures = [picture(True) for _ in range(3)]
pictures.append(picture(False))
print("pictures" + ": %d, alike: %s, while the handler drew: %s" % (len(pictures), len(set(pictures)) == 1, len(drawn) >= 9 and all(d == [1] for d in drawn)))`

// start executes a cell, and does not wait for its end.
func (p *paper) start(t *testing.T, cell int) {
	t.Helper()
	if !p.isLab() {
		require.NoError(t, p.RunCell(cell))
		return
	}
	require.NoError(t, p.StartLabCell(cell))
}
