// A host of anywidget's front-end modules (AFM), with its kernel: what the tests' code on
// the page can name. It hands out models as anywidget does, another object each time.

/** @param {string} web the base URL of the built files */
export async function open(web) {
  const lines = [];
  for (const level of ["log", "warn", "error"]) {
    console[level] = (...args) => lines.length < 1000 && lines.push({ level, text: args.map(String).join(" ") });
  }
  const uncaught = [];
  addEventListener("error", (e) => uncaught.push(`error: ${e.message}`));
  addEventListener("unhandledrejection", (e) => uncaught.push(`rejection: ${e.reason?.stack ?? e.reason}`));

  const counts = { listeners: 0 };
  for (const [method, n] of [["addEventListener", 1], ["removeEventListener", -1]]) {
    const f = EventTarget.prototype[method];
    EventTarget.prototype[method] = function (...args) {
      counts.listeners += n;
      return f.apply(this, args);
    };
  }

  const afm = await import(`${web}/afm.js`);
  const loads = [];
  /** Where a program comes from; more may change any of it. */
  const source = (name, more = {}) => ({
    name, hash: name, ...more,
    load: async (model) => {
      loads.push(name);
      await more.before?.(model);
      const bytes = await (await fetch(`${web}/${name}.wasm.gz`)).arrayBuffer();
      return { module: await afm.compile(bytes, `${name}.wasm.gz`), Go: (await import(`${web}/${name}.wasm.js`)).default };
    },
  });

  const models = new Map();
  const manager = {
    get_model: async (id) => {
      if (!models.has(id)) throw new Error(`widget model not found: ${id}`);
      return models.get(id).model;
    },
  };
  const same = (a, b) => a === b || JSON.stringify(plain(a)) === JSON.stringify(plain(b));

  class Model {
    constructor(traits) {
      this.traits = { ...traits };
      this.kernel = { ...traits };
      this.changed = {};
      this.listeners = new Map();
      this.messages = [];
      this.saves = 0;
      this.widget_manager = manager;
    }
    get(name) { return this.traits[name]; }
    set(name, value) {
      if (same(this.traits[name], value)) return;
      this.traits[name] = value;
      this.changed[name] = value;
      this.trigger(`change:${name}`);
    }
    save_changes() {
      this.saves++;
      Object.assign(this.kernel, structuredClone(this.changed));
      this.changed = {};
    }
    send(content, callbacks, buffers = []) { this.messages.push({ content, buffers }); }
    on(name, f) { this.listeners.set(name, [...(this.listeners.get(name) ?? []), f]); }
    off(name, f) { this.listeners.set(name, (this.listeners.get(name) ?? []).filter((g) => g !== f)); }
    trigger(name, ...args) { for (const f of this.listeners.get(name) ?? []) f(...args); }
    /** What the kernel sends. */
    assign(traits) {
      Object.assign(this.kernel, traits);
      for (const [name, value] of Object.entries(traits)) {
        this.set(name, value);
        delete this.changed[name];
      }
    }
    left() { return [...this.listeners.values()].flat().length; }
  }
  const proxy = (m) => ({
    get: m.get.bind(m), set: m.set.bind(m), save_changes: m.save_changes.bind(m), send: m.send.bind(m),
    on: m.on.bind(m), off: m.off.bind(m), widget_manager: m.widget_manager,
  });

  let ids = 0;
  /** A widget of a front-end module. */
  const widget = (pair, traits, { initialize = true, early } = {}) => {
    const model = new Model(traits);
    const id = `model${++ids}`;
    const ending = new AbortController();
    const w = {
      id, model, ending,
      views: [],
      show() {
        const el = document.createElement("div");
        document.body.append(el);
        const controller = new AbortController();
        const cleanup = pair.render({ model: proxy(model), el, signal: AbortSignal.any([ending.signal, controller.signal]) });
        const v = {
          el, cleanup,
          button: (name) => el.querySelector(`button.${name}`),
          click: (name) => el.querySelector(`button.${name}`).click(),
          get text() { return el.querySelector("output")?.textContent ?? ""; },
          get error() { return el.querySelector(".gocomm-error")?.firstChild.textContent ?? ""; },
          reload: () => el.querySelector(".gocomm-error button").click(),
          remove() { controller.abort(); el.remove(); },
        };
        w.views.push(v);
        return v;
      },
      send: (content, buffers = []) => model.trigger("msg:custom", content, buffers),
      end() { models.delete(id); ending.abort(); },
    };
    models.set(id, w);
    if (pair && initialize) w.cleanup = pair.initialize({ model: proxy(model), signal: ending.signal, early });
    return w;
  };

  const task = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(null);
  });
  const until = async (condition, what, ms = 20_000) => {
    for (const end = performance.now() + ms; ;) {
      const value = await condition();
      if (value) return value;
      if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what ?? condition}`);
      await task();
    }
  };
  const registry = () => globalThis[Symbol.for("gocomm.afm.1")];
  const traits = {
    value: 1, text: "t", list: [1, 2], frame: new DataView(Float32Array.of(1, -2).buffer), bytes: new DataView(Uint8Array.of(0, 255).buffer),
    deep: { a: [1, "x", new DataView(Uint8Array.of(7).buffer)] }, child: "IPY_MODEL_none", layout: "IPY_MODEL_layout",
  };
  return {
    web, afm, source, widget, models, lines, uncaught, counts, task, until, plain, revive, registry, loads, traits, state: {},
    /** A running widget of the probe, with views. */
    probe: async (more = {}, views = 1) => {
      const w = widget(afm.program(source("widgetprobe")), { ...traits, ...more });
      for (let i = 0; i < views; i++) w.show();
      await until(() => w.views.every((v) => v.text || v.error), "the views are there");
      return w;
    },
    /** What a widget answers to an order. */
    ask: async (w, content) => {
      const n = w.model.messages.length;
      w.send(content);
      return until(() => w.model.messages[n]?.content, `the answer to ${JSON.stringify(content)}`);
    },
    program: (name) => [...registry().programs.values()].find((p) => p.name === name),
    errors: () => lines.filter((l) => l.level === "error").map((l) => l.text),
  };
}

/** Binary values as what JSON can carry, and back. */
function plain(v) {
  if (ArrayBuffer.isView(v)) return { $bytes: [...new Uint8Array(v.buffer, v.byteOffset, v.byteLength)] };
  if (v instanceof ArrayBuffer) return { $bytes: [...new Uint8Array(v)] };
  if (Array.isArray(v)) return v.map(plain);
  if (typeof v === "object" && v !== null) return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)]));
  return v;
}

function revive(v) {
  if (Array.isArray(v)) return v.map(revive);
  if (typeof v !== "object" || v === null) return v;
  if (v.$bytes) return new DataView(Uint8Array.from(v.$bytes).buffer);
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, revive(x)]));
}
