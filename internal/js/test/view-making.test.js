// Widgets that Go makes through a page's widget manager, which is ipywidgets' there; here it is as much of it as is used.

import { assert } from "chai";

import { afm, source, until, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

/** Traits that ipywidgets' models have in another form than what travels. */
const serializers = {
  children: {
    deserialize: (/** @type {string[]} */ refs, /** @type {any} */ manager) => Promise.all(refs.map((ref) => manager.get_model(ref.slice("IPY_MODEL_".length)))),
  },
};

/** A widget of wasm/coreprobe, and what its page's manager has made. */
function maker() {
  const w = widget(afm.program(source("coreprobe")), { slider: "", box: "", date: "" });
  /** @type {any} */
  const manager = w.model.widget_manager;
  /** @type {any[]} */
  const comms = [];
  /** @type {Map<string, any>} */
  const models = new Map();
  /** @type {any} as ManagerBase has it */
  const ipywidgets = {
    comm_target_name: "jupyter.widget",
    loadClass: async (/** @type {string} */ name) => {
      if (name === "StackModel") throw new Error(`Class ${name} not found`);
      return class { defaults() { return { _model_module_version: "2.0.0" }; } };
    },
    _create_comm: async (/** @type {string} */ target, /** @type {string} */ id, /** @type {any} */ data, /** @type {any} */ metadata) => {
      /** @type {any} */
      const comm = { comm_id: id, target, state: data.state, metadata, sent: [], on_msg: (/** @type {any} */ f) => { comm.msg = f; }, on_close: (/** @type {any} */ f) => { comm.closed = f; } };
      comm.send = (/** @type {any} */ content) => comm.sent.push(content);
      comms.push(comm);
      return comm;
    },
    new_model: async (/** @type {any} */ { model_id, comm }, /** @type {any} */ state) => {
      const model = /** @type {any} */ (widget(null, state).model);
      const children = state.children && (await serializers.children.deserialize(state.children, manager));
      if (children) model.traits.children = children;
      Object.assign(model, {
        comm, saved: [], toJSON: () => `IPY_MODEL_${model_id}`, close: () => model.trigger("destroy"),
        set: (/** @type {string} */ name, /** @type {any} */ value) => {
          model.changed[name] = model.traits[name] = value;
          model.trigger(`change:${name}`);
        },
        save_changes: () => { model.saved.push(model.changed); model.changed = {}; },
      });
      Object.defineProperty(model, "constructor", { value: { serializers } });
      comm.on_msg((/** @type {any} */ msg) => model.assign(msg.content.data.state));
      comm.on_close(() => model.trigger("destroy"));
      models.set(model_id, model);
      return model;
    },
    get_model: async (/** @type {string} */ id) => models.get(id),
  };
  Object.assign(manager, ipywidgets);
  const sent = () => w.model.messages.map(({ content }) => content);
  return { w, comms, models, sent };
}

/** A message of the kernel's while it handles an open message. @param {any} data */
const whileOpening = (data) => ({ parent_header: { msg_type: "comm_open" }, content: { data } });

describe("a widget that Go makes", () => {
  it("is made by the page's manager, with a layout and a style", async () => {
    const { w, comms, models, sent } = maker();
    w.send({ op: "make", value: 10 });
    await until(() => w.model.kernel.box, "the box is made");
    assert.deepEqual(comms.map(({ state }) => state._model_name), ["LayoutModel", "SliderStyleModel", "IntSliderModel", "LayoutModel", "VBoxModel"]);
    const [layout, style, slider, , box] = comms;
    assert.include(slider.state, { min: 2, max: 10, value: 2, layout: `IPY_MODEL_${layout.comm_id}`, style: `IPY_MODEL_${style.comm_id}`, readout: true });
    assert.deepEqual([slider.target, slider.metadata], ["jupyter.widget", { version: "2.1.0" }]);
    assert.equal(w.model.kernel.slider, `IPY_MODEL_${slider.comm_id}`);

    // The page has models where references travel.
    w.send({ op: "label" });
    const boxed = models.get(box.comm_id);
    await until(() => boxed.saved.length, "the box has changed");
    assert.deepEqual(boxed.traits.children, [models.get(comms.at(-1).comm_id), models.get(slider.comm_id)]);
    assert.lengthOf(boxed.saved, 1);

    // What Python's constructor says is not so.
    box.msg(whileOpening({ method: "update", state: { children: [] } }));
    assert.lengthOf(boxed.traits.children, 2);
    assert.deepEqual(box.sent, [{ method: "request_state" }]);

    w.send({ op: "set", value: 7 });
    await until(() => models.get(slider.comm_id).traits.value === 7, "Go has set it");
    slider.msg({ parent_header: {}, content: { data: { method: "update", state: { value: 4 } } } });
    await until(() => sent().at(-1)?.value === 4, "the kernel has set it");
    slider.closed({ parent_header: { msg_type: "execute_request" } });
    await until(() => sent().at(-1)?.ended, "it has ended");
    assert.notInclude(sent().at(-1).ended, "refused");
  });

  it("ends where the kernel has refused it, and where Go closes it", async () => {
    const { w, comms, sent } = maker();
    w.send({ op: "make", value: 10 });
    await until(() => w.model.kernel.box, "the box is made");
    w.send({ op: "close" });
    await until(() => sent().at(-1)?.ended, "it has ended");
    w.send({ op: "refused" });
    await until(() => comms.at(-1).state._model_name === "IntSliderModel" && comms.length === 8, "another one");
    comms.at(-1).closed(whileOpening({}));
    await until(() => sent().at(-1)?.error.includes("the kernel has refused the widget"), "it is refused");
  });

  it("is made by gocomm's Python package where traits do not say all, which says why it is not", async () => {
    const { w, comms, models, sent } = maker();
    w.send({ op: "make", value: 10 });
    await until(() => w.model.kernel.box, "the slider is made");
    const { box } = w.model.kernel;
    w.send({ op: "choose" });
    await until(() => w.model.kernel.box !== box, "the dropdown is made");
    const { target, state } = comms.find(({ state }) => state._model_name === "DropdownModel");
    assert.equal(target, "gocomm.widget");
    assert.deepInclude(state, { _options_labels: ["red", "green", "blue"], index: 0 });
    w.send({ op: "unlinkable" });
    const last = () => comms.at(-1);
    await until(() => last().state.source?.[1] === "volume", "a link");
    assert.equal(last().target, "gocomm.widget");
    assert.deepEqual(last().state.target, [w.model.kernel.slider, "loudness"]);
    last().closed(whileOpening({ reason: "TypeError: no such trait" }));
    await until(() => sent().at(-1)?.error === "widget: the kernel has refused the widget: TypeError: no such trait", "the kernel's reason");
    w.send({ op: "unlinkable" });
    const { length } = comms;
    await until(() => comms.length > length && models.has(last().comm_id), "another link");
    last().closed(whileOpening({}));
    await until(() => sent().at(-1)?.error.includes("run import gocomm in the notebook first"), "what to do");
  });

  it("has the version of the kernel's ipywidgets, and is not made where the page does not have that", async () => {
    const { w, comms, sent } = maker();
    /** @type {any} */ (w.model).traits.layout = { get: (/** @type {string} */ name) => name === "_model_module_version" ? "1.2.0" : "LayoutView" };
    w.send({ op: "make", value: 10 });
    await until(() => w.model.kernel.box, "the box is made");
    assert.equal(comms.at(-1).state._model_module_version, "1.5.0");
    const manager = /** @type {any} */ (w.model.widget_manager), { loadClass } = manager;
    const refused = async () => {
      w.send({ op: "make", value: 10 });
      const { length } = sent();
      await until(() => sent().length > length, "the error");
      assert.equal(sent().at(-1).error, "core: new IntSlider: the page does not have the ipywidgets that the kernel has " +
        "(version ^1.2.0 is not registered): install the same major version for both");
    };
    const error = new Error("version ^1.2.0 is not registered");
    manager.loadClass = async () => { throw error; };
    await refused();
    manager.loadClass = loadClass; // JupyterLab has a model that shows the error
    const shown = /** @type {Record<string, any>} */ ({ _view_name: "ErrorWidgetView", _model_module_version: "2.0.0", error });
    /** @type {any} */ (w.model).traits.layout = { get: (/** @type {string} */ name) => shown[name] };
    await refused();
  });

  it("is found by its kind", async () => {
    const { w, models, sent } = maker();
    const manager = /** @type {any} */ (w.model.widget_manager);
    w.send({ op: "find" });
    await until(() => sent().at(-1)?.error, "the error");
    assert.include(sent().at(-1).error, "widget: find DropdownModel: this page's widget manager does not tell which widgets it has");
    w.send({ op: "make", value: 10 });
    await until(() => w.model.kernel.box, "the slider is made");
    w.send({ op: "choose" });
    await until(() => [...models.values()].some((m) => m.get("_model_name") === "LinkModel"), "the dropdown is made");
    manager._models = Object.fromEntries([...models].map(([id, model]) => [id, Promise.resolve(Object.assign(model, { model_id: id }))]));
    manager._models.broken = Promise.reject(new Error("model not found"));
    manager._models.loading = new Promise(() => {});
    w.send({ op: "find" });
    await until(() => sent().at(-1)?.value === 1, "it is found");
  });

  it("is not made where the page has no manager", async () => {
    const { w, sent } = maker();
    /** @type {any} */ (w.model.widget_manager).loadClass = undefined;
    w.send({ op: "make", value: 10 });
    await until(() => sent().at(-1)?.error, "the error");
    assert.include(sent().at(-1).error, "core: new IntSlider: this page's widget manager is not ipywidgets'");
  });
});
