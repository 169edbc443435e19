// The views of widgets, what they show, and what is left of them: web/afm/view.js, model.js, and package view.

import { assert } from "chai";

import { afm, ask, connection, counts, errors, probe, program, registry, source, traits, until, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

/** @typedef {import("./afm-page.js").View} View */

/** A widget of the counter, with views. @param {number} n */
async function counter(n) {
  const w = widget(afm.program(source("counter")), { value: 0 });
  const views = Array.from({ length: n }, () => w.show());
  const button = (/** @type {View} */ v) => v.el.querySelector("button");
  const labels = () => views.map((v) => button(v)?.textContent);
  /** @param {number} value */
  const shown = (value) => until(() => labels().every((l) => l === `count is ${value}`), `all views show ${value}`);
  await shown(0);
  return { w, shown, button: (/** @type {number} */ i) => /** @type {HTMLElement} */ (button(views[i])) };
}

describe("the views of a widget", () => {
  it("show the value that the kernel has, and a click is sent at once", async () => {
    const { w, shown, button } = await counter(2);
    button(0).click();
    assert.equal(w.model.kernel.value, 1);
    await shown(1);
    w.model.assign({ value: 41 });
    await shown(41);
    button(1).click();
    await shown(42);
    assert.equal(w.model.kernel.value, 42);
    button(0).focus();
    assert.equal(document.activeElement, button(0), "it cannot be reached by the keyboard");
    assert.isEmpty(errors());
  });

  it("agree with the kernel when it and clicks change the value in turns", async () => {
    const { w, shown, button } = await counter(1);
    for (let i = 1; i <= 100; i++) {
      if (i % 2) button(0).click();
      else w.model.assign({ value: i });
      await shown(i);
      assert.equal(w.model.kernel.value, i);
      assert.equal(w.model.get("value"), i);
    }
  });

  it("get many changes of the kernel as few", async () => {
    const w = await probe();
    await ask(w, { op: "watch", fields: ["value"] });
    for (let i = 2; i <= 1000; i++) w.model.assign({ value: i });
    await until(() => w.views[0].text === "1000 t");
    const { events } = await ask(w, { op: "get" });
    assert.isAtMost(events.length, 10, "changes of one turn are one");
    assert.equal(events.at(-1).now, 1000);
  });
});

describe("a message", () => {
  const answers = (/** @type {import("./afm-page.js").Widget} */ w) => w.model.messages.filter((m) => m.content.re === "get").map((m) => m.content);

  it("is handled with the state that it was sent with, however late that is", async () => {
    const w = await probe();
    for (let i = 0; i < 300; i++) {
      w.model.assign({ value: i });
      if (i % 3 === 0) w.show().remove(); // what comes between changes does not matter
      w.model.assign({ text: `t${i}`, list: [i] });
      w.send({ op: "get", wait: i % 10 === 0 ? 3 : 0 });
    }
    w.model.assign({ value: -1, text: "the last" });
    await until(() => answers(w).length === 300);
    const agree = answers(w).filter((s, i) => s.value === i && s.text === `t${i}` && s.list[0] === i);
    assert.lengthOf(agree, 300);
    await until(() => w.views[0].text === "-1 the last");
  });

  it("finds what Go has set since", async () => {
    const w = await probe();
    w.send({ op: "get", wait: 30 });
    w.model.assign({ value: 5, text: "five" });
    w.send({ op: "get" });
    w.views[0].click("count"); // before Go knows of 5
    assert.equal(w.model.kernel.value, 2);
    await until(() => answers(w).length === 2);
    assert.deepInclude(answers(w)[1], { value: 2, text: "five" });
    await until(() => w.views[0].text === "2 five");
    assert.equal(w.model.get("value"), 2);
    w.model.assign({ value: 9 });
    await until(() => w.views[0].text === "9 five");
  });
});

describe("updates that the host merges while the kernel is at work", () => {
  it("are refused when they would be too large together", async () => {
    const w = widget(afm.program(source("widgetprobe", { maxSend: 200_000 })), traits);
    const status = (/** @type {string} */ execution_state) => w.model.callbacks.iopub.status({ content: { execution_state } });
    const set = (/** @type {number} */ size) => ask(w, { op: "set big", size });
    await set(1);
    status("busy");
    status("idle"); // the host tells of it
    assert.isUndefined((await set(80_000)).error, "it travels");
    assert.isUndefined((await set(81_000)).error, "it waits");
    const refused = await ask(w, { op: "set", text: "x".repeat(130_000) });
    assert.match(refused.error, /^widget: update: the traits "bytes", "text": the message has 21\d{4} bytes, more than the 200000 /);
    assert.equal(refused.text, "t");
    assert.isUndefined((await set(82_000)).error, "it takes the place of what waits");
    status("idle"); // what waited travels
    assert.isUndefined((await set(1)).error);
    status("idle");
    assert.isUndefined((await ask(w, { op: "set", text: "x".repeat(130_000) })).error);
  });
});

describe("nothing is left", () => {
  it("of views that have gone", async () => {
    const w = await probe();
    const { go, slots, freeSlots } = program("widgetprobe").instance;
    const measure = async () => {
      let stats;
      for (let i = 0; i < 5; i++) { // finalizers take their time
        stats = await ask(w, { op: "stats" });
        w.model.messages.length = 0;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { heap, ...rest } = stats;
      const values = go._values.length - go._idPool.length;
      return { heap, values, counted: {
        ...rest, listeners: counts.listeners, nodes: document.getElementsByTagName("*").length,
        registered: registry().views.size, slots: slots.length - freeSlots.length, modelListeners: w.model.left(),
      } };
    };
    const round = async (/** @type {number} */ n) => {
      const views = Array.from({ length: n }, () => w.show());
      await until(() => views.every((v) => v.text), "they are drawn");
      for (const v of views) {
        v.click("count");
        v.remove();
      }
      w.views.length = 1;
      await until(async () => (await ask(w, { op: "stats" })).views === 1, "Go has let them go");
    };
    await round(50);
    const before = await measure();
    await round(1000);
    const after = await measure();
    assert.isBelow(after.heap - before.heap, 1_000_000, "bytes of Go's heap");
    assert.isAtMost(after.values - before.values, 5, "values of JavaScript that Go holds");
    assert.equal(after.counted.views, 1);
    assert.deepEqual(after.counted, before.counted);
  });

  it("of widgets that have gone", async () => {
    const w = await probe();
    const p = program("widgetprobe");
    const before = await ask(w, { op: "stats" });
    const gone = [];
    for (let n = 0; n < 4; n++) {
      const some = await Promise.all(Array.from({ length: 25 }, () => probe({}, 2)));
      for (const w of some) w.end();
      gone.push(...some);
      await until(async () => (await ask(w, { op: "stats" })).views === 1);
    }
    const after = await ask(w, { op: "stats" });
    assert.equal(after.goroutines, before.goroutines);
    assert.equal(p.models.size, 1);
    assert.lengthOf(p.instance.byHandle.filter((/** @type {any} */ m) => m), 1);
    assert.equal(registry().views.size, 1);
    assert.equal(gone.reduce((n, w) => n + w.model.left(), 0), 0, "listeners on models");
    assert.equal(connection.size, 1, "listeners on the connection");
  });

  it("however a host ends views and widgets, and whenever", async () => {
    const w = widget(afm.program(source("widgetprobe")), traits);
    const early = w.show();
    early.cleanup(); // before the program is there
    const v = w.show();
    await until(() => v.text, "the second one is drawn");
    assert.equal(early.el.innerHTML, "");
    v.cleanup();
    v.cleanup();
    assert.equal(v.el.innerHTML, "");
    w.cleanup();
    w.ending.abort();
    await until(() => w.model.left() === 0);
    const el = document.createElement("div");
    afm.program(source("widgetprobe")).render({ model: w.model, el, signal: AbortSignal.abort() });
    assert.equal(el.innerHTML, "", "a view that has ended before it began");
    // A host that only renders, or has no signals.
    const other = widget(afm.program(source("widgetprobe")), traits, { initialize: false });
    const only = other.show();
    await until(() => only.text === "1 t");
    only.click("count");
    await until(() => only.text === "2 t");
    only.remove();
    await until(() => other.model.left() === 0 && registry().views.size === 0);
    assert.isEmpty(errors());
  });
});
