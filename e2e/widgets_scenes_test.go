package e2e

import (
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// A scene is one widget in a cell, and what a user does with it.
type scene struct {
	name  string
	cell  string
	steps func(t *testing.T, d *desk)
}

// The two generations of ipywidgets name their elements differently.
const (
	handle  = ".noUi-handle, .ui-slider-handle"
	readout = ".widget-readout"
	tabs    = ".lm-TabBar-tab, .p-TabBar-tab"
	folds   = ".jupyter-widget-Collapse-header, .p-Collapse-header"
)

// The last scene closes all widgets.
var scenes = []scene{
	{"slider", `s = IntSlider(value=3, max=10, description="slider"); s`, testSlider},
	{"interact", `calls = []
@interact(x=(0, 10))
def shown(x=2):
    calls.append(x)
    print("x is", x)`, testInteract},
	{"output", `%matplotlib inline
import matplotlib.pyplot as plt
out = Output()
def button(name, f):
    b = Button(description=name)
    @b.on_click
    def _(_):
        with out:
            f()
    return b
def prints():
    for n in range(3): print("line", n)
def figure():
    plt.figure(figsize=(3, 1.5)); plt.plot([1, 3, 2]); plt.show()
VBox([HBox([button("prints", prints), button("fails", lambda: 1 / 0), button("clears", out.clear_output), button("figure", figure)]), out])`, testOutput},
	{"jslink", `a, b = IntSlider(max=10, description="a"), IntSlider(max=10, description="b")
link_ = jslink((a, "value"), (b, "value"))
VBox([a, b])`, testJSLink},
	{"upload", `up, picture = FileUpload(), Image(format="png", layout=Layout(width="160px"))
def chosen(change):
    value = change["new"]
    files = list(value.values() if isinstance(value, dict) else value)
    if files:
        picture.value = bytes(files[0]["content"])
up.observe(chosen, "value")
VBox([up, picture])`, testUpload},
	{"play", `play, moves = Play(interval=50, max=40), []
follows = IntSlider(max=40)
play_link = jslink((play, "value"), (follows, "value"))
play.observe(lambda change: moves.append((change["new"], time.monotonic())), "value")
HBox([play, follows])`, testPlay},
	{"tab", `tab = Tab([IntText(11), Text("second")])
tab.set_title(0, "one"); tab.set_title(1, "two")
tab`, testTab},
	{"accordion", `accordion = Accordion([IntText(11), Text("second")], selected_index=0)
accordion.set_title(0, "one"); accordion.set_title(1, "two")
accordion`, testAccordion},
	{"callback", `made, box, there = [], VBox(), Output()
def more(_):
    made.append(IntSlider(value=len(made), max=10, description=f"made {len(made)}"))
    box.children += (made[-1],)
    with there:
        display(made[-1])
maker = Button(description="make one")
maker.on_click(more)
VBox([maker, box, there])`, testCallback},
	{"anywidget", `import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const button = document.createElement("button");
      button.className = "counter";
      const show = () => { button.textContent = "count is " + model.get("value") };
      button.addEventListener("click", () => { model.set("value", model.get("value") + 1); model.save_changes() });
      model.on("change:value", show);
      show();
      el.appendChild(button);
    }
    export default { render };
    """
    value = traitlets.Int(0).tag(sync=True)
counter = Counter(); counter`, testAnywidget},
	{"close", `shut, stays = IntSlider(description="closed"), IntSlider(description="stays")
display(shut, stays)`, testClose},
}

// testScenes has a user work with one widget after the other, on one page.
func testScenes(t *testing.T, h *host, manager string) {
	var cells []string
	for _, s := range scenes {
		cells = append(cells, s.cell)
	}
	d := openDesk(t, h, manager, cells...)
	for i, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			d.run(t, i+1)
			s.steps(t, d)
		})
	}
	require.Empty(t, d.errors())
}

// testSlider: the mouse, the keyboard and Python move it, and all agree.
func testSlider(t *testing.T, d *desk) {
	d.text(t, readout, 0, "3")
	require.NoError(t, d.Drag(d.in(handle, 0), 90, 0))
	d.shows(t, readout, 0, `Number(el.textContent) > 3`)
	value, err := browse.Eval[int](d.Page, `Number(`+d.in(readout, 0)+`.textContent)`)
	require.NoError(t, err)
	d.has(t, fmt.Sprint(value), `s.value`)
	d.exec(t, `s.value = 6`)
	d.text(t, readout, 0, "6")
	require.NoError(t, d.Click(d.in(handle, 0))) // has the focus then
	require.NoError(t, d.Press(kb.ArrowRight))
	d.text(t, readout, 0, "7")
	d.has(t, `7`, `s.value`)
	d.shot(t, "slider")
}

// testInteract: the function runs for each move, and what it prints takes the place of what was there.
func testInteract(t *testing.T, d *desk) {
	const printed = ".output_stream, .jp-OutputArea-output"
	d.text(t, printed, 0, "x is 2")
	require.NoError(t, d.Click(d.in(handle, 0)))
	require.NoError(t, d.Press(kb.ArrowRight))
	d.text(t, printed, 0, "x is 3")
	require.NoError(t, d.Press(kb.ArrowRight))
	d.text(t, printed, 0, "x is 4")
	d.has(t, `[2, 3, 4]`, `calls`)
	d.shot(t, "interact")
}

// testOutput: what callbacks print, raise and draw is in the Output widget, on the page and in the kernel.
func testOutput(t *testing.T, d *desk) {
	const area = ".widget-output, .jupyter-widgets-output-area"
	press := func(n int) { require.NoError(t, d.Click(d.in("button", n))) }
	press(0)
	d.shows(t, area, 0, `el.textContent.includes("line 0\nline 1\nline 2\n")`)
	d.has(t, `"line 0\nline 1\nline 2\n"`, `"".join(o["text"] for o in out.outputs)`)
	press(1)
	d.shows(t, area, 0, `el.textContent.includes("line 2") && el.textContent.includes("ZeroDivisionError: division by zero")`)
	d.has(t, `["stream", "error"]`, `[o["output_type"] for o in out.outputs]`)
	press(2)
	d.shows(t, area, 0, `el.innerText.trim() === ""`)
	d.has(t, `[]`, `out.outputs`)
	press(3)
	d.shows(t, area+" img", 0, `el.naturalWidth > 100`)
	d.has(t, `[["display_data", true]]`, `[(o["output_type"], "image/png" in o["data"]) for o in out.outputs]`)
	press(0)
	d.shows(t, area, 0, `el.textContent.includes("line 2") && el.querySelector("img")`)
	d.shot(t, "output")
}

// testJSLink: the link is the page's, and both values reach the kernel.
func testJSLink(t *testing.T, d *desk) {
	require.NoError(t, d.Click(d.in(handle, 0)))
	for range 3 {
		require.NoError(t, d.Press(kb.ArrowRight))
	}
	d.text(t, readout, 1, "3")
	d.has(t, `[3, 3]`, `[a.value, b.value]`)
	require.NoError(t, d.Click(d.in(handle, 1)))
	require.NoError(t, d.Press(kb.ArrowLeft))
	d.text(t, readout, 0, "2")
	d.has(t, `[2, 2]`, `[a.value, b.value]`)
	d.shot(t, "jslink")
}

// testUpload: a file goes to the kernel as it is, and comes back as a picture.
func testUpload(t *testing.T, d *desk) {
	file := filepath.Join(t.TempDir(), "stripes.png")
	sum := writePicture(t, file)
	require.NoError(t, d.ChooseFile(d.in("button", 0), file))
	d.shows(t, "img", 0, `el.naturalWidth === 160 && el.naturalHeight === 60`)
	d.has(t, `"`+sum+`"`, `hashlib.sha256(picture.value).hexdigest()`)
	back, err := browse.Eval[string](d.Page, `fetch(`+d.in("img", 0)+`.src).then(r => r.arrayBuffer()).then(b => crypto.subtle.digest("SHA-256", b)).then(
		h => [...new Uint8Array(h)].map(n => n.toString(16).padStart(2, "0")).join(""))`)
	require.NoError(t, err)
	require.Equal(t, sum, back)
	d.shot(t, "upload")
}

func writePicture(t *testing.T, file string) (sum string) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 160, 60))
	for y := range 60 {
		for x := range 160 {
			img.Set(x, y, color.RGBA{uint8(x * 3), uint8(y * 4), uint8(x * y), 255})
		}
	}
	f, err := os.Create(file)
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, img))
	require.NoError(t, f.Close())
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

// testPlay: 20 steps a second arrive in order, and the last one is the kernel's value. ipywidgets
// leaves values out while the kernel has not answered the one before.
func testPlay(t *testing.T, d *desk) {
	require.NoError(t, d.Click(d.in("button", 0)))
	d.text(t, readout, 0, "40")
	d.has(t, `40`, `play.value`)
	d.has(t, `[true, 40]`, `[all(a[0] < b[0] for a, b in zip(moves, moves[1:])), moves[-1][0]]`)
	d.has(t, `true`, `len(moves) >= 10`)
	t.Log("moves, seconds:", d.ask(t, "", `[len(moves), round(moves[-1][1] - moves[0][1], 2)]`))
	d.has(t, `40`, `follows.value`)
	d.shot(t, "play")
}

func testTab(t *testing.T, d *desk) {
	require.NoError(t, d.Click(d.in(tabs, 1)))
	d.shows(t, "input[type=text]", 0, `el.offsetParent && el.value === "second"`)
	d.has(t, `1`, `tab.selected_index`)
	d.exec(t, `tab.selected_index = 0`)
	d.shows(t, "input[type=number]", 0, `el.offsetParent && el.value === "11"`)
	d.exec(t, `tab.children += (IntText(12),); tab.set_title(2, "three")`)
	d.text(t, tabs, 2, "three")
	require.NoError(t, d.Click(d.in(tabs, 2)))
	d.has(t, `2`, `tab.selected_index`)
	d.shot(t, "tab")
}

func testAccordion(t *testing.T, d *desk) {
	require.NoError(t, d.Click(d.in(folds, 1)))
	d.shows(t, "input[type=text]", 0, `el.offsetParent && el.value === "second"`)
	d.has(t, `1`, `accordion.selected_index`)
	require.NoError(t, d.Click(d.in(folds, 1)))
	d.has(t, `null`, `accordion.selected_index`)
	d.exec(t, `accordion.selected_index = 0`)
	d.shows(t, "input[type=number]", 0, `el.offsetParent && el.value === "11"`)
	d.shot(t, "accordion")
}

// testCallback: widgets that a callback makes are as good as others.
func testCallback(t *testing.T, d *desk) {
	for n := range 2 {
		require.NoError(t, d.Click(d.in("button", 0)))
		d.has(t, fmt.Sprint(n+1), `len(made)`)
		d.shows(t, ".widget-readout", 2*n+1, `el`) // in the box and in the output
	}
	require.NoError(t, d.Click(d.in(handle, 3)))
	require.NoError(t, d.Press(kb.ArrowRight))
	d.text(t, readout, 1, "2")
	d.text(t, readout, 3, "2")
	d.has(t, `[0, 2]`, `[m.value for m in made]`)
	d.shot(t, "callback")
}

func testAnywidget(t *testing.T, d *desk) {
	d.text(t, ".counter", 0, "count is 0")
	require.NoError(t, d.Click(d.in(".counter", 0)))
	d.has(t, `1`, `counter.value`)
	d.exec(t, `counter.value = 41`)
	d.text(t, ".counter", 0, "count is 41")
	require.NoError(t, d.Click(d.in(".counter", 0)))
	d.text(t, ".counter", 0, "count is 42")
	d.has(t, `42`, `counter.value`)
	d.shot(t, "anywidget")
}

// testClose: a closed widget leaves the page, its comm both sides; in the end there are none.
func testClose(t *testing.T, d *desk) {
	const comms = `Object.keys(Jupyter.notebook.kernel.comm_manager.comms).length`
	d.shows(t, handle, 1, `el`)
	before, err := browse.Eval[int](d.Page, comms)
	require.NoError(t, err)
	d.exec(t, `shut_id = shut.comm.comm_id; shut.close()`)
	d.shows(t, handle, 1, `!el`)
	require.NoError(t, d.Wait(fmt.Sprintf(`%s === %d`, comms, before-1), soon))
	d.has(t, `[true, false]`, `[shut.comm is None, shut_id in get_ipython().kernel.comm_manager.comms]`)
	require.NoError(t, d.Click(d.in(handle, 0)))
	require.NoError(t, d.Press(kb.ArrowRight))
	d.has(t, `1`, `stays.value`)
	d.shot(t, "close")

	d.exec(t, `Widget.close_all()`)
	require.NoError(t, d.Wait(`document.querySelectorAll(".output .jupyter-widgets").length === 0`, soon))
	require.NoError(t, d.Wait(comms+` === 0`, soon))
	d.has(t, `0`, `len(get_ipython().kernel.comm_manager.comms)`)
}
