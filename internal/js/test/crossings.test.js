// How often the border between Go and JavaScript is crossed for an event of a model: each crossing takes time.

import { assert } from "chai";

import { afm, ask, program, source, traits, until, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

/** The crossings, in both directions. @type {string[]} */
let crossings = [];
let entered = false;

/** Has calls counted. @param {string} module @param {any} functions */
const wrap = (module, functions) => Object.fromEntries(Object.entries(functions).map(([name, f]) =>
  [name, typeof f === "function" ? (/** @type {any[]} */ ...args) => {
    crossings.push(`${module}.${name}`);
    entered ||= module === "export";
    return f(...args);
  } : f]));

/** A widget whose program's crossings are counted. */
async function counted() {
  const good = source("widgetprobe");
  const load = async (/** @type {any} */ model) => {
    const image = await good.load(model);
    const Go = class extends image.Go {
      constructor() {
        super();
        this.importObject = new Proxy(/** @type {any} */ (this).importObject, {
          set: (object, name, functions) => Reflect.set(object, name, wrap(String(name), functions)),
        });
        const resume = /** @type {any} */ (this)._resume;
        this._resume = () => {
          if (entered) crossings.push("resume"); // else a timer of the Go runtime's is due
          entered = false;
          resume.call(this);
        };
      }
    };
    return { ...image, Go };
  };
  const w = widget(afm.program({ name: "mine", hash: "mine", load }), traits);
  w.show();
  await until(() => w.views[0].text);
  const running = program("mine").instance;
  running.exports = wrap("export", running.exports);
  return w;
}

async function settled() {
  for (let n = -1; n !== crossings.length; ) {
    n = crossings.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The crossings that something takes. @param {() => void} f */
async function taken(f) {
  await settled();
  crossings = [];
  f();
  await settled();
  return [...crossings];
}

describe("the border is crossed", () => {
  it("at most four times for a change of a trait, and for a message", async () => {
    const w = await counted();
    await ask(w, { op: "watch", fields: ["list", "frame"] });
    const value = await taken(() => w.model.assign({ list: [3, 4] }));
    const large = await taken(() => w.model.assign({ list: Array(100_000).fill(5) }));
    const binary = await taken(() => w.model.assign({ frame: new DataView(Float32Array.of(1, 2, 3).buffer) }));
    const message = await taken(() => w.send({ op: "nothing" }));
    const { events, frame } = await ask(w, { op: "get" });
    assert.lengthOf(events, 3, "Observe was called");
    assert.deepEqual(frame, [1, 2, 3]);
    assert.isAtMost(value.length, 4, value.join());
    assert.isAtMost(large.length, 5, `once more for room: ${large.join()}`);
    assert.isAtMost(binary.length, 6, `the buffer is copied and released: ${binary.join()}`);
    assert.isAtMost(message.length, 4, message.join());
  });
});
