//go:build measure

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"

	"gocomm/e2e/browse"
)

// widgetRows are about widgets whose front end is Go, against the same in JavaScript.
func (b *bench) widgetRows() []step {
	const (
		js     = "the same in JavaScript, by anywidget"
		burst  = "1,000 updates of a widget in a burst, kernel to visible text"
		second = "second and later widgets: creation to first paint"
		frame  = "1e6 float32 of a message's buffer to a Go slice"
		stream = "a frame of 1e6 float32 that is streamed, drawn"
		size   = "size of the counter's program, gzip"
	)
	ask := func(name, what, baseline string, goal float64) step {
		return step{[]string{name}, func() ([]row, error) {
			s, err := b.onNotebook(fmt.Sprintf("(await bench('widget')).%s({repetitions: %d, slow: %d})", what, min(b.o.repetitions, few), b.o.slow))
			return []row{ratioRow(name, "ms", baseline, goal, s)}, err
		}}
	}
	return []step{
		ask(burst, "bursts", js, 1.2),
		ask(frame, "frames", "one copy of the buffer in JavaScript (slice)", 1.5),
		ask(second, "creations", js, 1.5),
		{[]string{stream}, func() ([]row, error) {
			const goal, asked = 40, 1000.0 / 30
			s, err := b.onNotebook(fmt.Sprintf("(await bench('widget')).stream({slow: %d})", b.o.slow))
			return []row{belowRow(stream, "ms", "asked for", goal, median(s.Ours), asked)}, err
		}},
		{[]string{size}, func() ([]row, error) {
			in := func(p program) []float64 { return []float64{float64(len(p.gzip)) / 1000} }
			return []row{ratioRow(size, "KB", "empty Go program", 1.5, samples{1, in(b.programs.empty), in(b.programs.counter)})}, nil
		}},
	}
}

// widgetPython makes the widgets of page/widget.js. The counter in JavaScript is anywidget's first example.
// The kernel's iopub socket keeps what the server has not taken yet: by itself it drops what is 1,000 messages ahead,
// and with that some bursts' last values, whoever waits for them.
const widgetPython = `import sys
sys.path[:0] = [%[1]q, %[2]q, %[3]q]
import anywidget, gocomm, numpy, time, traitlets
from counter import Counter as Go
class Js(anywidget.AnyWidget):
    _esm = """
function render({ model, el }) {
  const button = document.createElement("button");
  button.className = "jupyter-widgets jupyter-button";
  const show = () => { button.textContent = "count is " + model.get("value"); };
  button.addEventListener("click", () => { model.set("value", model.get("value") + 1); model.save_changes(); });
  model.on("change:value", show);
  show();
  el.append(button);
}
export default { render };
"""
    value = traitlets.Int(0).tag(sync=True)
class Frame(gocomm.Widget):
    _wasm = %[4]q
class Sliders(gocomm.Widget):
    _wasm = %[5]q
    box = traitlets.Unicode("").tag(sync=True)
    moved = traitlets.Unicode("").tag(sync=True)
numbers = numpy.arange(1_000_000, dtype="<f4")
iopub = get_ipython().kernel.iopub_thread
iopub.schedule(lambda: setattr(iopub.socket, "sndhwm", 0))
`

// onNotebook runs a script of page/widget.js on a notebook's page with a kernel.
func (b *bench) onNotebook(script string) (s samples, err error) {
	err = b.onNotebookTab(func(t *tab) error {
		s, err = eval[samples](t, script)
		return err
	})
	return s, err
}

// onNotebookTab runs f in a tab with a notebook, where page/widget.js has started; the kernel is ended in any case.
func (b *bench) onNotebookTab(f func(t *tab) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	loader, err := os.ReadFile(filepath.Join(b.root, "dist", "widgets", "counter.wasm.js"))
	if err != nil {
		return fmt.Errorf("the counter is not built (%w): run `make build`", err)
	}
	ldflags := "-ldflags=-s -w"
	if b.o.profile != "" {
		ldflags = "-ldflags=" // functions have names
	}
	compiled := func(name string) (dir string, err error) {
		dir = filepath.Join(b.dir, name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		if err := compile(ctx, b.root, "./measure/bench/"+name, filepath.Join(dir, name+".wasm"), ldflags); err != nil {
			return "", err
		}
		return dir, os.WriteFile(filepath.Join(dir, name+".wasm.js"), loader, 0o644)
	}
	frame, err := compiled("frame")
	if err != nil {
		return err
	}
	sliders, err := compiled("sliders")
	if err != nil {
		return err
	}
	const notebook = "widgets.ipynb"
	if err := browse.WriteNotebook(filepath.Join(b.server.Dir(), notebook)); err != nil {
		return err
	}
	python, err := json.Marshal(fmt.Sprintf(widgetPython, filepath.Join(b.root, "dist", "python"), filepath.Join(b.root, "dist", "examples", "counter"), filepath.Join(b.root, "dist", "examples", "stream"), frame, sliders))
	if err != nil {
		return err
	}
	return b.chrome.on(func(t *tab) error {
		limited, cancel := context.WithTimeout(t.ctx, time.Minute)
		defer cancel()
		if err := chromedp.Do(limited, chromedp.Navigate(b.server.NotebookURL(notebook))); err != nil {
			return err
		}
		if _, err := eval[bool](t, fmt.Sprintf("(await (await bench('widget')).start(%s), true)", python)); err != nil {
			return err
		}
		err := f(t)
		_, ended := eval[bool](t, "(await (await bench('widget')).stop(), true)")
		return errors.Join(err, ended)
	})
}
