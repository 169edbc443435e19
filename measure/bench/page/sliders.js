// Sliders of ipywidgets' that a Go program makes and moves, against those of Python and of ipywidgets' own models.

import { run, show, turns, until } from "./widget.js";

/** What Python has; a click on its buttons makes sliders, as one on those of the Go program does. */
const PYTHON = `
import ipywidgets
from IPython.display import display
js_moved, go_moved = (ipywidgets.IntSlider(max=10**9) for _ in range(2))
js_box, go_box = ipywidgets.VBox(), ipywidgets.VBox()
def python_button(count):
    button = ipywidgets.Button(description=str(count)).add_class("js-" + str(count))
    def clicked(_):
        global last
        last += 1
        js_box.children = [ipywidgets.IntSlider(value=last, max=10**9) for _ in range(count)]
    button.on_click(clicked)
    return button
last = 0
def clean():
    for box in js_box, go_box:
        sliders, box.children = box.children, ()
        for slider in sliders:
            for widget in slider.layout, slider.style, slider:
                widget.close()
`;

/** Python's boxes, which are below the classes box-js and box-go, and the Go program. */
async function begin() {
  await run(PYTHON);
  const cell = show(`go = Sliders(box="IPY_MODEL_" + go_box.model_id, moved="IPY_MODEL_" + go_moved.model_id)
display(ipywidgets.VBox([go, python_button(1), python_button(100)] + [
    ipywidgets.VBox(list(widgets)).add_class("box-" + name) for name, widgets in dict(js=[js_moved, js_box], go=[go_moved, go_box]).items()]))
sliders = {"js": js_moved.model_id, "go": go_moved.model_id}`);
  await until(() => cell.querySelector(".go-move") && cell.querySelectorAll(".widget-readout").length === 2, "the sliders and the program");
  return cell;
}

/** When so many sliders of a box show a value, to the frame in which they are painted. */
const shown = (cell, name, count, value) => new Promise((done, failed) => {
  const late = setTimeout(() => failed(new Error(`bench: ${name}: not ${count} sliders say ${value}, but: ${cell.innerText}`)), 20_000);
  const look = () => {
    let found = 0;
    for (const readout of cell.querySelectorAll(`.box-${name} .widget-readout`)) found += readout.textContent === value;
    if (found < count) return;
    observer.disconnect();
    clearTimeout(late);
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  };
  const observer = new MutationObserver(look);
  observer.observe(cell, { subtree: true, childList: true, characterData: true });
});

/** A click makes sliders, in Python or in Go. */
export async function made({ repetitions, slow, count }) {
  const cell = await begin();
  const last = { Js: 0, Go: 0 };
  return turns(repetitions, async (name) => {
    const side = name.toLowerCase(), button = cell.querySelector(`.${side}-${count}`);
    let ms = 0;
    for (let i = 0; i < (name === "Go" ? slow : 1); i++) {
      const value = String(++last[name]);
      const there = shown(cell, side, count, value);
      const start = performance.now();
      button.value = value;
      button.click();
      ms += await there - start;
      await run("clean()");
      await until(() => !cell.querySelector(`.box-${side} .widget-readout ~ .widget-readout`) && cell.querySelectorAll(".widget-readout").length === 2, "the end of the sliders");
    }
    return ms;
  });
}

/** A slider goes 1,000 steps, each of which the kernel is told of as ipywidgets does. */
export async function moved({ repetitions, slow }) {
  const cell = await begin();
  const id = await new Promise((done) => {
    window.Jupyter.notebook.kernel.execute("print(js_moved.model_id)", { iopub: { output: (msg) => done(msg.content.text.trim()) } }, { silent: false });
  });
  const model = await window.Jupyter.notebook.kernel.widget_manager.get_model(id);
  const button = cell.querySelector(".go-move");
  let last = 0;
  return turns(repetitions, async (name) => {
    let ms = 0;
    for (let i = 0; i < (name === "Go" ? slow : 1); i++) {
      last += 1000;
      const there = shown(cell, name.toLowerCase(), 1, String(last));
      const start = performance.now();
      if (name === "Go") {
        button.value = String(last);
        button.click();
      } else {
        for (let n = last - 999; n <= last; n++) {
          model.set("value", n);
          model.save_changes();
        }
      }
      ms += await there - start;
      await run(`assert ${name.toLowerCase()}_moved.value == ${last}, ${name.toLowerCase()}_moved.value`);
    }
    return ms;
  });
}
