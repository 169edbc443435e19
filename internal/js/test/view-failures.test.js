// What a view shows when its program fails: web/afm/view.js, program.js, and package view.

import { assert } from "chai";

import { afm, ask, loads, probe, program, source, traits, until, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

describe("a failed handler", () => {
  for (const [button, want] of Object.entries({
    fail: "as told",
    panic: "widget: panic: as told",
    goexit: "runtime.Goexit was called",
    throw: "JavaScript error: as told",
    large: `widget: update: the state does not fit: cannot send 1152921504606846976 as field "State.value" of type int: not exact in JavaScript`,
  })) {
    it(`(${button}) is shown in its view and in no other, until that is drawn anew`, async () => {
      const w = await probe({}, 2);
      const [bad, good] = w.views;
      bad.click(button);
      await until(() => bad.error, "it is shown");
      assert.include(bad.error, want);
      assert.equal(bad.text, "", "it shows nothing else");
      assert.equal(good.error, "");
      good.click("count");
      await until(() => good.text === "2 t");
      bad.reload();
      await until(() => bad.text === "2 t" && !bad.error, "it is drawn anew");
      bad.click("count");
      await until(() => w.views.every((v) => v.text === "3 t"));
      assert.isNotOk(program("widgetprobe").dead);
    });
  }

  for (const [text, want] of Object.entries({
    "no render": "as told by the state",
    "panic in render": "panic: as told by the state",
    "no initialize": "as told by the state",
  })) {
    it(`while drawing (${text}) is shown, and drawn anew when the state is mended`, async () => {
      const w = await probe({ text });
      const v = w.views[0];
      assert.include(v.error, want);
      w.model.assign({ text: "mended" });
      v.reload();
      await until(() => v.text === "1 mended" && !v.error);
    });
  }

  it("of Observe is shown in each view, which has a button of its own", async () => {
    const w = await probe({}, 2);
    w.model.assign({ text: "panic in Observe" });
    await until(() => w.views.every((v) => v.error));
    assert.include(w.views[0].error, "widget: Observe: a handler failed: panic: as told by the state");
    w.model.assign({ text: "mended" });
    w.views[0].reload();
    await until(() => w.views[0].text === "1 mended");
    assert.notEqual(w.views[1].error, "");
  });

  it("that never returns keeps its own view's events waiting, and too many of them fail", async () => {
    const w = await probe({}, 2);
    const [stuck, good] = w.views;
    stuck.click("wait");
    for (let i = 0; i < 10; i++) stuck.click("count"); // wait for it
    good.click("count");
    await until(() => good.text === "2 t" && stuck.text === "2 t");
    for (let i = 0; i < 1100 && !stuck.error; i++) stuck.click("count");
    assert.include(stuck.error, "more than 1024 events wait");
    stuck.reload();
    await until(() => stuck.text === "2 t");
    stuck.click("count");
    await until(() => good.text === "3 t");
  });
});

describe("a handler of an event", () => {
  it("runs within it, also for a target outside of the view", async () => {
    const w = await probe({}, 2);
    const e = new MouseEvent("click", { cancelable: true });
    w.views[0].button("prevent").dispatchEvent(e);
    assert.isTrue(e.defaultPrevented, "preventDefault came too late");
    globalThis.dispatchEvent(new Event("probe-event"));
    for (const v of w.views) assert.equal(v.el.querySelector("output")?.className, "heard");
  });
});

describe("a state that does not fit", () => {
  it("is told in all views of its widget, and they are drawn when it fits", async () => {
    const { value, ...missing } = traits;
    const w = widget(afm.program(source("widgetprobe")), missing);
    const v = w.show();
    await until(() => v.error);
    const unbound = `widget: bind: the state does not fit: State.Value has no trait: the widget needs "value", with sync=True`;
    assert.equal(v.error, unbound);
    const late = w.show();
    assert.equal(late.error, unbound);
    w.model.assign({ value: "one" });
    await until(() => v.error.includes("State.value") && late.error.includes("State.value"), "it does not fit yet");
    w.model.assign({ value: 7 });
    await until(() => w.views.every((v) => v.text === "7 t" && !v.error));

    const output = v.el.querySelector("output");
    w.model.assign({ value: "seven" });
    await until(() => v.error && late.error);
    const wrong = `widget: update: the state does not fit: cannot unmarshal string into field "State.value" of type int`;
    assert.equal(v.error, wrong);
    assert.equal(v.text, "");
    const meanwhile = w.show();
    assert.equal(meanwhile.error, wrong);
    w.model.assign({ text: "u" });
    assert.include((await ask(w, { op: "set", value: 9 })).error, wrong.slice("widget: ".length), "what Go has is not the kernel's");
    assert.equal(w.model.kernel.value, "seven");
    assert.equal(v.error, wrong, "another trait is as before");
    w.model.assign({ value: 8 });
    await until(() => w.views.every((v) => v.text === "8 u" && !v.error));
    assert.equal(v.el.querySelector("output"), output, "what was drawn is shown again");

    w.model.assign({ value: "eight" });
    await until(() => v.error);
    v.reload();
    await until(() => v.error.startsWith("widget: bind"));
    w.model.assign({ value: 9 });
    await until(() => w.views.every((v) => v.text === "9 u" && !v.error));
    assert.equal((await probe()).views[0].error, "");
    assert.equal(value, 1);
  });

  for (const [trait, bad, good] of /** @type {[string, any, any][]} */ ([
    ["value", 2 ** 53 + 2, 5], ["value", null, 5], ["value", 1.5, 5], ["value", NaN, 5], ["text", 1, "five"], ["list", [1, 2 ** 60], [5]], ["list", {}, [5]],
    ["list", ["nan"], [5]], ["float", "1.5", 5], ["float", [1], 5], ["frame", [1, "x"], new DataView(Float32Array.of(5).buffer)], ["bytes", 1, new DataView(Uint8Array.of(5).buffer)],
    ["text", 10n, "five"], ["deep", 10n, { five: 5 }], ["child", 10n, "IPY_MODEL_5"],
  ])) {
    it(`(${trait}: ${Array.isArray(bad) ? `[${bad}]` : String(bad)}) is told by its trait, at first and later, until the next that fits`, async () => {
      const w = await probe({ [trait]: bad }), v = w.views[0];
      const named = (/** @type {string} */ error) => error.includes(`"State.${trait}"`) || error.includes(`the trait "${trait}" cannot be read`);
      assert.isTrue(named(v.error), v.error);
      const drawn = () => v.text !== "" && !v.error;
      w.model.assign({ [trait]: good });
      await until(drawn, "it fits");
      w.model.assign({ [trait]: bad });
      await until(() => named(v.error), "it does not fit");
      w.model.assign({ [trait]: good });
      await until(drawn, "it fits again");
      v.click("count");
      await until(() => v.text.startsWith(`${trait === "value" ? 6 : 2} `));
    });
  }

  it("that is an integer beyond 2^53 is told with the way out, and none is sent", async () => {
    const w = await probe({ value: 2 ** 53 + 2 }), v = w.views[0];
    assert.equal(v.error, `widget: bind: the state does not fit: cannot unmarshal number 9007199254740994 into field "State.value" of type int: ` +
      "not exact in JavaScript, whose numbers have 53 bits: send it as a string");
    w.model.assign({ value: 5 });
    await until(() => v.text === "5 t");
    v.click("large");
    await until(() => v.error);
    assert.equal(v.error, `widget: update: the state does not fit: cannot send 1152921504606846976 as field "State.value" of type int: ` +
      "not exact in JavaScript, whose numbers have 53 bits: send it as a string");
    assert.equal(w.model.kernel.value, 5);
    w.model.assign({ value: 6 });
    await until(() => v.text === "6 t" && !v.error, "the next value is shown");
    v.click("count");
    await until(() => v.text === "7 t");
  });

  it("may be that of a message: the next one is handled, in its views and else", async () => {
    const w = await probe({}, 2);
    w.send({ op: "get", value: 2 ** 60 });
    await until(() => w.views.every((v) => v.error.includes("malformed message") && v.error.includes(`field "value" of type int`)));
    assert.equal((await ask(w, { op: "set", value: 5 })).value, 5);
    await until(() => w.views.every((v) => v.text === "5 t" && !v.error));
    w.send({ op: 1 });
    await until(() => w.views.every((v) => v.error.includes(`field "op" of type string`)));
    w.model.assign({ value: 6 });
    await until(() => w.views.every((v) => v.text === "6 t" && !v.error));
    w.send({ op: 1 });
    await until(() => w.views.every((v) => v.error));
    w.send({ op: "await the view's end" });
    await until(() => w.views.every((v) => v.text === "6 t" && !v.error));
    w.views[0].remove();
    w.views[1].remove();
    await until(() => /** @type {any} */ (globalThis).sawTheEnd);
  });

  it("leaves the failure of a program shown, whatever comes", async () => {
    const w = await probe({ value: "one" }), other = await probe(), views = [...w.views, ...other.views];
    other.views[0].click("exit");
    await until(() => views.every((v) => v.error.includes("has ended")));
    w.model.assign({ value: 5 });
    assert.include(w.views[0].error, "has ended");
    other.views[0].reload();
    await until(() => w.views[0].text === "5 t" && other.views[0].text === "1 t");
  });

  it("leaves other failures shown", async () => {
    const w = await probe({}, 2), [bad, other] = w.views;
    bad.click("fail");
    await until(() => bad.error);
    w.model.assign({ value: "one" });
    await until(() => other.error.includes("State.value"));
    w.model.assign({ value: 5 });
    await until(() => w.views.every((v) => v.text === "5 t" && !v.error));
    w.model.assign({ text: "panic in Observe" });
    await until(() => w.views.every((v) => v.error.includes("as told by the state")));
    w.model.assign({ value: "two" });
    w.model.assign({ value: 6, text: "t" });
    w.send({ op: "set", value: 7 });
    await until(() => w.model.kernel.value === 7);
    assert.include(bad.error, "as told by the state", "that was no misfit");
    bad.reload();
    await until(() => bad.text === "7 t");
  });
});

describe("NaN and infinities", () => {
  it("are floats, whatever stands for them, and are sent as texts", async () => {
    const w = await probe({ float: "nan" }), v = w.views[0];
    assert.equal(v.text, "1 t NaN");
    for (const [float, text] of /** @type {[any, string][]} */ ([["inf", "+Inf"], [null, "NaN"], ["-inf", "-Inf"], [Infinity, "+Inf"], [NaN, "NaN"], [1.5, "1.5"], ["np.float64(nan)", "NaN"]])) {
      w.model.assign({ float });
      await until(() => v.text === `1 t ${text}`, `${float} is shown`);
    }
    w.model.assign({ float: 1 });
    await until(() => v.text === "1 t 1");
    v.click("NaN");
    await until(() => v.text === "1 t NaN 1 NaN +Inf");
    assert.equal(w.model.kernel.float, "nan");
    assert.deepEqual(w.model.kernel.floats, [1, "nan", "inf"]);
    assert.equal(v.error, "");
  });
});

describe("a program that dies", () => {
  for (const [button, want] of Object.entries({
    exit: "widgetprobe has ended: it exited with code 3",
    fatal: "widgetprobe has ended: it exited with code 2",
  })) {
    it(`(${button}) is told in all its views, and starts again with the state that the kernel has`, async () => {
      const w = await probe({}, 2), other = await probe({ value: 50 });
      const c = widget(afm.program(source("counter")), { value: 0 });
      const counter = c.show();
      const label = () => counter.el.querySelector("button")?.textContent;
      await until(() => label() === "count is 0");
      const all = [...w.views, ...other.views];
      w.views[0].click("count");
      await until(() => w.views[1].text === "2 t");
      w.views[0].click(button);
      await until(() => all.every((v) => v.error), "all its views show it");
      assert.equal(w.views[1].error, want);
      const late = w.show();
      assert.equal(late.error, want, "one that comes late");
      counter.el.querySelector("button")?.click();
      assert.equal(label(), "count is 1", "the other program goes on");
      w.model.assign({ value: 10 });
      w.send({ op: "get" }); // is kept
      const n = w.model.messages.length;
      other.views[0].reload();
      await until(() => all.every((v) => v.text && !v.error) && late.text, "all are drawn anew");
      assert.equal(w.views[0].text, "10 t");
      assert.equal(other.views[0].text, "50 t");
      await until(() => w.model.messages.length > n, "the message is answered");
      w.views[1].click("count");
      await until(() => w.views[0].text === "11 t");
      assert.lengthOf(loads.filter((name) => name === "widgetprobe"), 1, "it is not loaded again");
      assert.isDefined(await ask(w, { op: "get" }));
    });
  }
});
