// Widgets on a notebook's page, with a real kernel: gocomm's and anywidget's by turns.

import { expect } from "./sides.js";

export const until = async (holds, what) => {
  for (const end = performance.now() + 60_000; ;) {
    const value = holds();
    if (value) return value;
    if (performance.now() > end) throw new Error(`bench: waited in vain for ${what}`);
    await new Promise((next) => setTimeout(next, 10));
  }
};

const notebook = () => window.Jupyter?.notebook;

/** Runs code in the kernel, beside the cells. */
export const run = (code) => new Promise((done, failed) => {
  const reply = (msg) => (msg.content.status === "ok" ? done() : failed(new Error(`bench: ${msg.content.ename}: ${msg.content.evalue}`)));
  notebook().kernel.execute(code, { shell: { reply } }, { silent: false });
});

export async function start(python) {
  await until(() => notebook()?._fully_loaded && notebook().kernel?.is_connected() && notebook().kernel.info_reply.protocol_version, "the kernel");
  await until(() => "jupyter.widget" in notebook().kernel.comm_manager.targets, "ipywidgets");
  await run(python);
}

export async function stop() {
  window.onbeforeunload = null;
  await new Promise((done) => notebook().session.delete(done, done));
}

/** Puts code into a new cell and runs it; gives the cell's element. */
export function show(code) {
  const cell = notebook().insert_cell_at_bottom("code");
  cell.set_text(code);
  cell.execute();
  return cell.element[0];
}

/** When a cell's button has a text, to the frame in which it is painted. */
const painted = (element, text) => new Promise((done, failed) => {
  const late = setTimeout(() => failed(new Error(`bench: no button says ${text}, but: ${element.innerText}`)), 20_000);
  const look = () => {
    if (![...element.querySelectorAll("button")].some((b) => b.textContent === text)) return;
    observer.disconnect();
    clearTimeout(late);
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  };
  const observer = new MutationObserver(look);
  observer.observe(element, { subtree: true, childList: true, characterData: true });
  look();
});

/** What is measured of each class, by turns; the first two turns warm up. */
export async function turns(repetitions, measure) {
  const result = { n: 1, baseline: [], ours: [] };
  for (let i = -2; i < repetitions; i++) {
    for (const [times, name] of [[result.baseline, "Js"], [result.ours, "Go"]]) {
      globalThis.gc({ type: "minor" });
      const ms = await measure(name, i);
      if (i >= 0) times.push(ms);
    }
  }
  return result;
}

/** The kernel changes a widget's value 1,000 times. */
export async function bursts({ repetitions, slow }) {
  const elements = {};
  for (const name of ["Js", "Go"]) {
    elements[name] = show(`one_${name} = ${name}()\none_${name}`);
    await painted(elements[name], "count is 0");
  }
  let last = 0;
  return turns(repetitions, async (name) => {
    const from = last + 1;
    last += 1000 * (name === "Go" ? slow : 1);
    const begin = performance.now();
    run(`for n in range(${from}, ${last + 1}): one_${name}.value = n`);
    return (await painted(elements[name], `count is ${last}`)) - begin;
  });
}

/** A cell makes a widget; the program is there already. */
export async function creations({ repetitions, slow }) {
  let last = 1e6;
  return turns(repetitions, async (name) => {
    const begin = performance.now();
    for (let i = 0; i < (name === "Go" ? slow : 1); i++) {
      last++;
      await painted(show(`${name}(value=${last})`), `count is ${last}`);
    }
    return performance.now() - begin;
  });
}

/** 4 MB from a buffer of JavaScript to a slice in Go, and to another buffer of JavaScript. */
export async function frames({ repetitions, slow }) {
  const each = 20;
  await run("import asyncio\nframe = Frame()\nheard = []\nframe.on_msg(lambda _, content, buffers: heard.append(content['ms']))");
  const cell = show("frame");
  await until(() => cell.querySelector(".gocomm-view"), "the view");
  const buffer = Float32Array.from({ length: 1_000_000 }, (_, i) => i).buffer;
  let asked = 0;
  return turns(repetitions, async (name) => {
    if (name === "Js") {
      const begin = performance.now();
      for (let i = 0; i < each; i++) expect(buffer.slice(0).byteLength === 4_000_000, "the copy has another size");
      return (performance.now() - begin) / each;
    }
    await run(`frame.send({"times": ${each * slow}}, [memoryview(numbers).cast("B")])`);
    asked++;
    let ms;
    do ms = await printed(`print(heard[-1] if len(heard) == ${asked} else "")`); while (!ms.trim());
    return Number(ms) / each;
  });
}

/** Python streams; gives the mean time from one frame drawn to the next. */
export async function stream({ slow }) {
  const count = 300;
  const cell = show("from stream import Stream\nstream = Stream()\nstream");
  await until(() => cell.querySelector("canvas"), "the canvas");
  await run(`import asyncio, time
wave = numpy.random.default_rng(1).standard_normal(2_000_000, dtype=numpy.float32) / 4
async def play():
    global took
    begin = time.monotonic()
    await stream.play((wave[n * 1000 : n * 1000 + 1_000_000] for n in range(${count})), rate=${30 / slow})
    took = time.monotonic() - begin
task = asyncio.ensure_future(play())`);
  let text;
  do {
    await new Promise((next) => setTimeout(next, 500));
    text = (await printed("print(took * 1000 / stream.shown if task.done() else '')")).trim();
  } while (!text);
  return { n: 1, baseline: [1000 / 30], ours: [Number(text)] };
}

export const printed = (code) => new Promise((done) => {
  let text = "";
  const output = (msg) => { text += msg.content.text ?? ""; };
  const status = (msg) => { if (msg.content.execution_state === "idle") done(text); };
  notebook().kernel.execute(code, { iopub: { output, status } }, { silent: false });
});
