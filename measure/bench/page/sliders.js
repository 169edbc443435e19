// Sliders of ipywidgets' that a Go program makes and moves, against those of Python and of ipywidgets' own models.

import { printed, run, show, turns, until } from "./widget.js";

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
    ipywidgets.VBox(list(widgets)).add_class("box-" + name) for name, widgets in dict(js=[js_moved, js_box], go=[go_moved, go_box]).items()]))`);
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

/** Measures how long it takes to make so many sliders, in Python or in Go, once; what there was before is closed. */
function maker(cell, count) {
  const last = { Js: 0, Go: 0 };
  return async (name) => {
    const side = name.toLowerCase(), button = cell.querySelector(`.${side}-${count}`), value = ++last[name];
    await run("clean()");
    await until(() => cell.querySelectorAll(".widget-readout").length === 2, "the end of the sliders");
    const there = shown(cell, side, count, String(value));
    const start = performance.now();
    button.number = value;
    button.click();
    return await there - start;
  };
}

/** Measures how long it takes to move a slider by 1,000 steps, each of which the kernel is told of as ipywidgets does. */
async function mover(cell) {
  const id = (await printed("print(js_moved.model_id)")).trim();
  const model = await window.Jupyter.notebook.kernel.widget_manager.get_model(id);
  const button = cell.querySelector(".go-move");
  let last = 0;
  return async (name) => {
    last += 1000;
    const side = name.toLowerCase(), there = shown(cell, side, 1, String(last));
    const start = performance.now();
    if (name === "Go") {
      button.number = last;
      button.click();
    } else {
      for (let n = last - 999; n <= last; n++) {
        model.set("value", n);
        model.save_changes();
      }
    }
    const ms = await there - start;
    while (Number(await printed(`print(${side}_moved.value)`)) !== last); // ipywidgets sends the last one when the kernel has handled the first
    return ms;
  };
}

/** Measures both sides by turns. */
async function both({ repetitions, slow }, measure) {
  return turns(repetitions, async (name) => {
    let ms = 0;
    for (let i = 0; i < (name === "Go" ? slow : 1); i++) ms += await measure(name);
    return ms;
  });
}

/** A click makes sliders, in Python or in Go. */
export const made = async (settings) => both(settings, maker(await begin(), settings.count));

/** A slider moves. */
export const moved = async (settings) => both(settings, await mover(await begin()));

/** One side for a while, to be profiled. */
export async function during(row, side, ms) {
  const cell = await begin();
  const measure = row === "sliders" ? maker(cell, 100) : await mover(cell), each = row === "sliders" ? 100 : 1000;
  for (let i = 0; i < 3; i++) await measure(side);
  return async () => {
    const result = { n: 0, ms: 0 };
    for (; result.ms < ms; result.n += each) result.ms += await measure(side);
    return result;
  };
}
