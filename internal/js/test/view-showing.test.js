// Other widgets in a view of Go's, through a page's widget manager, which is ipywidgets' there: web/afm/shown.js, and View.Show.

import { assert } from "chai";

import { afm, source, until, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

/** As much as is used of Lumino's Widget, with what it was told. */
class Lumino {
  constructor() {
    this.node = document.createElement("b");
    this.isAttached = this.isDisposed = false;
    /** @type {string[]} */
    this.told = [];
  }

  /** @param {string} message */
  processMessage(message) {
    this.told.push(message);
    if (message.startsWith("after-")) this.isAttached = message === "after-attach";
  }

  /** @param {Lumino} lumino @param {HTMLElement} host */
  static attach(lumino, host) {
    if (lumino.isAttached || lumino.node.isConnected || !host.isConnected) throw new Error("it cannot be attached");
    lumino.processMessage("before-attach");
    host.append(lumino.node);
    lumino.processMessage("after-attach");
  }

  dispose() {
    if (this.isAttached && !this.node.isConnected) throw new Error("it is not attached"); // as Widget.detach throws
    this.isDisposed = true;
    this.node.remove();
  }

  static Msg = { BeforeDetach: "before-detach", AfterDetach: "after-detach" };
  static ResizeMessage = { UnknownSize: "resize" };
}

/** A widget of wasm/coreprobe with a view, on a page that can show the widgets "a" to "g". */
async function shower() {
  const w = widget(afm.program(source("coreprobe")), { slider: "", box: "", date: "" });
  /** @type {any[]} */
  const views = [];
  /** @param {string} id @param {Record<string, any>} traits @param {Record<string, any>} [more] */
  const model = (id, traits, more) => ({ id, attributes: traits, get: (/** @type {string} */ name) => traits[name], ...more });
  const shown = { _view_name: "SomeView" };
  /** @type {Record<string, any>} */
  const models = {
    a: model("a", shown), b: model("b", shown), closed: model("closed", shown, { _closed: true }),
    layout: model("layout", { _view_name: null, _model_name: "LayoutModel" }), failing: model("failing", shown), broken: model("broken", shown),
  };
  /** @type {{hold: Promise<any> | null}} */
  const gate = { hold: null };
  Object.assign(/** @type {any} */ (w.model.widget_manager), {
    get_model: async (/** @type {string} */ id) => models[id],
    create_view: async (/** @type {any} */ m, /** @type {any} */ options) => {
      if (m.id === "broken") throw new Error("Could not create a view");
      await gate.hold;
      /** @type {any} */
      const view = { model: m, options, removed: 0, luminoWidget: new Lumino(), once: (/** @type {string} */ name, /** @type {any} */ f) => { view.gone = f; } };
      if (m.id === "failing") view.model = model("", { error: new Error("its module is not there") }); // as ipywidgets 8 does
      view.remove = () => {
        if (view.removed++) return;
        view.luminoWidget.dispose();
        view.gone?.();
      };
      views.push(view);
      return view;
    },
  });
  const v = w.show();
  await until(() => v.el.querySelector("section"), "the view is there");
  const places = () => v.el.querySelectorAll("section > gocomm-shown").length;
  const order = async (/** @type {any} */ content) => {
    const n = w.model.messages.length;
    w.send(content);
    const { error = "", shown } = await until(() => w.model.messages[n]?.content, "an answer");
    return error || shown;
  };
  const show = (/** @type {string} */ id) => order({ op: "show", ref: `IPY_MODEL_${id}` });
  return { w, v, views, show, places, gate };
}

describe("another widget in a view", () => {
  it("is shown by the page's manager, and told when it gets onto the page, leaves it, and gets another size", async () => {
    const { v, views, show, places } = await shower();
    assert.equal(await show("a"), 1);
    assert.equal(await show("b"), 2);
    const [a, b] = views.map((view) => view.luminoWidget);
    assert.deepEqual([...v.el.querySelectorAll("gocomm-shown > b")], [a.node, b.node], "in order");
    await until(() => a.told.includes("resize"), "its first size");
    assert.deepEqual(a.told, ["before-attach", "after-attach", "resize"]);
    const resized = () => a.told.filter((/** @type {string} */ t) => t === "resize").length;
    v.el.style.width = "200px";
    await until(() => resized() === 2, "another size");

    a.told.length = 0;
    v.el.remove(); // as a page does with cells that are out of sight
    assert.deepEqual(a.told, ["before-detach", "after-detach"]);
    document.body.append(v.el);
    assert.deepEqual(a.told.slice(2), ["before-attach", "after-attach"]);
    assert.isTrue(a.node.isConnected);

    views[0].remove(); // the widget is closed
    assert.equal(places(), 1);
    v.remove();
    await until(() => b.isDisposed, "the view's end takes it along");
    assert.equal(views[1].removed, 1);
  });

  it("goes when Go says so", async () => {
    const { w, views, show, places } = await shower();
    await show("a");
    await show("a");
    assert.lengthOf(views, 2, "a view each");
    w.send({ op: "hide" });
    await until(() => views.every((view) => view.removed), "both are gone");
    assert.equal(places(), 0);
  });

  it("goes when the program ends, or its view is drawn anew", async () => {
    const { v, views, show, w } = await shower();
    await show("a");
    v.el.remove(); // its manager may take it while it is not on the page
    w.end();
    await until(() => views[0].removed, "it is gone");
  });

  it("is not shown where it cannot be, which Go is told", async () => {
    const { w, views, show, places } = await shower();
    const want = {
      "": 'view: show: "IPY_MODEL_" refers to no widget', missing: "view: show: widget model not found: missing", closed: "view: show: the widget is closed: closed",
      layout: "view: show: the widget is one without a view: layout, LayoutModel", failing: "view: show: its module is not there", broken: "view: show: Could not create a view",
    };
    for (const [id, text] of Object.entries(want)) assert.equal(await show(id), text);
    assert.equal(places(), 0);
    /** @type {any} */ (w.model.widget_manager).create_view = undefined; // marimo, and pages of one's own
    assert.equal(await show("a"), "view: show: this page's host has no views of other widgets");
    assert.isTrue(views.every((view) => view.removed), "the one of what went wrong");
  });

  it("is not shown in a view that has ended meanwhile", async () => {
    const { v, views, w, gate } = await shower();
    let go = () => {};
    gate.hold = new Promise((done) => { go = () => done(null); });
    w.send({ op: "show", ref: "IPY_MODEL_a" });
    await until(() => v.el.querySelector("gocomm-shown"), "its place");
    v.remove();
    go();
    await until(() => views[0]?.removed, "it is gone at once");
    assert.isFalse(views[0].luminoWidget.isAttached);
  });
});
