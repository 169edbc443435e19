// The programs of widgets: their loading, their replacement by another build, and a second copy of afm.js. web/afm/program.js.

import { assert } from "chai";

import { afm, errors, loads, probe, registry, source, traits, until, web, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

const reports = () => document.querySelectorAll(".gocomm-report").length;

describe("a program of widgets", () => {
  it("is loaded once for all its widgets", async () => {
    const all = await Promise.all(Array.from({ length: 50 }, (_, i) => probe({ value: i })));
    assert.deepEqual(loads, ["widgetprobe"]);
    assert.equal(registry().programs.size, 1);
    for (const w of all) w.views[0].click("count");
    await until(() => all.every((w, i) => w.views[0].text === `${i + 1} t`));
  });

  it("gets what came while it was loaded, in order", async () => {
    let go = () => {};
    const gate = new Promise((resolve) => (go = () => resolve(undefined)));
    const early = [[{ op: "echo", text: "early" }, [new DataView(new ArrayBuffer(3))]]];
    const w = widget(afm.program(source("widgetprobe", { before: () => gate })), traits, { early });
    const v = w.show();
    for (let i = 0; i < 1000; i++) {
      w.send({ op: "echo", text: `m${i}` });
      w.model.assign({ value: i });
    }
    w.send({ gocomm: "delivery" }); // is not the program's
    await until(() => v.el.textContent === "Loading widgetprobe …", "it says that it loads");
    go();
    await until(() => w.model.messages.length === 1001);
    const want = ["early", ...Array.from({ length: 1000 }, (_, i) => `m${i}`)];
    assert.deepEqual(w.model.messages.map((m) => m.content.text), want);
    assert.equal(w.model.messages[0].buffers[0].byteLength, 3);
    assert.equal(v.text, "999 t");
    assert.isEmpty(errors());
  });

  it("that never comes has only so much wait for it", () => {
    const w = widget(afm.program(source("widgetprobe", { before: () => new Promise(() => {}) })), traits);
    const v = w.show();
    for (let i = 0; i < 70 && !v.error; i++) w.send({ op: "get" }, [new ArrayBuffer(1 << 20)]);
    assert.include(v.error, "they came faster than it took them");
  });

  it("that cannot be loaded says why, and comes when it can", async () => {
    let broken = true;
    const good = source("widgetprobe");
    const fetched = async (/** @type {string} */ name) => (await fetch(`${web}/${name}.wasm.gz`)).arrayBuffer();
    const Go = (await import(`${web}/widgetprobe.wasm.js`)).default;
    const compile = async (/** @type {any} */ bytes) => ({ Go, module: await afm.compile(bytes, "mine.wasm") });
    /** @type {[(model: any) => any, string][]} */
    const faults = [
      [async () => {
        throw new Error("GET mine.wasm.gz: 404");
      }, "mine cannot be loaded: GET mine.wasm.gz: 404"],
      [() => compile(new TextEncoder().encode("<html>Log in")), "mine.wasm: this is not WebAssembly; is it a login page?"],
      [
        async () => compile(await fetched("probe")),
        "it and afm.js are not of one release of gocomm, or it is a program for another host",
      ],
      [async () => compile((await fetched("widgetprobe")).slice(0, 5000)), "it is damaged or cut off"],
      [() => undefined, "mine cannot be loaded: its load function gave no program"],
    ];
    /** @type {import("./afm-page.js").View[]} */
    const views = [];
    for (const [i, [fault, want]] of faults.entries()) {
      const load = (/** @type {any} */ model) => (broken ? fault(model) : good.load(model));
      const v = widget(afm.program({ name: "mine", hash: String(i), load }), traits).show();
      await until(() => v.error);
      assert.include(v.error, want);
      views.push(v);
    }
    broken = false;
    for (const v of views) v.reload();
    await until(() => views.every((v) => v.text === "1 t" && !v.error), "all are there");
  });

  it("that was built for another version of the border says so", async () => {
    const good = source("widgetprobe");
    const load = async (/** @type {any} */ model) => {
      const image = await good.load(model);
      const Go = class extends image.Go {
        constructor() {
          super();
          /** @type {any} */
          let functions;
          Object.defineProperty(/** @type {any} */ (this).importObject, "gocomm", {
            enumerable: true, get: () => functions, set: (f) => { functions = { ...f, hello: () => f.hello(99) }; },
          });
        }
      };
      return { ...image, Go };
    };
    const v = widget(afm.program({ name: "mine", hash: "mine", load }), traits).show();
    await until(() => v.error);
    assert.match(v.error, /mine cannot be loaded: it was built for version 99 of gocomm's border, this afm.js has version \d+/);
  });
});

describe("a new build of a program", () => {
  it("takes the place of the one that runs: the state is kept, all views are drawn, others are left alone", async () => {
    const build = (/** @type {string} */ hash, more = {}) => ({ ...source("widgetprobe", more), name: "mine", hash, dev: true });
    const w = widget(afm.program(build("1")), { ...traits });
    const [a, b] = [w.show(), w.show()];
    const stays = await probe(); // of another name
    await until(() => b.text);
    a.click("count");
    a.click("fail");
    await until(() => a.error && b.text === "2 t");
    const drawn = b.el.querySelector("output"), before = stays.views[0].el.querySelector("output");

    const no = () => {
      throw new Error("no");
    };
    const failed = await afm.replace(build("2", { before: no }), w.model).catch((/** @type {Error} */ e) => e.message);
    assert.equal(failed, "no");
    b.click("count");
    await until(() => b.text === "3 t", "the old one goes on");
    afm.report("mine", "main.go:3:1: undefined: x\nsecond line");
    assert.equal(reports(), 2);
    assert.include(a.el.textContent, "undefined: x");
    w.show();
    assert.equal(reports(), 3, "a view that comes later shows it, too");
    afm.report("mine", "");
    assert.equal(reports(), 0, "it goes");

    const next = build("3");
    await Promise.all(Array.from({ length: 10 }, () => afm.replace(next, w.model)));
    await until(() => w.views.every((v) => v.text === "3 t" && !v.error), "the state is kept, and all views are drawn");
    assert.notEqual(b.el.querySelector("output"), drawn, "they are drawn anew");
    assert.equal(stays.views[0].el.querySelector("output"), before);
    assert.notInclude([...registry().programs.keys()], "1");
    assert.notInclude([...registry().programs.keys()], "2");
    a.click("count");
    await until(() => w.views.every((v) => v.text === "4 t"));
    const late = widget(afm.program(build("1")), traits); // from a notebook that knows the old one
    const v = late.show();
    await until(() => v.text === "1 t");
    assert.equal(registry().programs.size, 2);
    assert.lengthOf(loads, 4);
  });
});

describe("a second copy of afm.js", () => {
  it("leaves all to the first", async () => {
    const text = await (await fetch(`${web}/afm.js`)).text();
    const copy = await afm.importText(text.replaceAll('"./', `"${web}/`));
    assert.notEqual(copy.program, afm.program, "this is no copy");
    await probe();
    const other = widget(copy.program(source("widgetprobe")), traits);
    const v = other.show();
    await until(() => v.text === "1 t");
    assert.lengthOf(loads, 1);
    assert.equal(registry().module.program, afm.program);
    copy.report("widgetprobe", "x");
    assert.equal(reports(), 2);
    copy.report("widgetprobe", "");
    await copy.replace(source("widgetprobe"), other.model); // is there already
    assert.lengthOf(loads, 1);
  });
});
