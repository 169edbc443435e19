// A page with a host of anywidget's front-end modules (AFM) and its kernel, and with afm.js: what its tests name.
// The host hands out models as anywidget does, another object each time.

import { until, web } from "./window.js";

export * from "./window.js";

/**
 * @typedef {(...args: any[]) => void} Listener
 * @typedef {{initialize: (context: any) => any, render: (context: any) => any}} Pair a front-end module
 * @typedef {ReturnType<typeof widget>} Widget
 * @typedef {ReturnType<Widget["show"]>} View
 */

/** Listeners that have come and not gone, on all targets of the page. */
export const counts = { listeners: 0 };
if (parent !== self) {
  const prototype = /** @type {any} */ (EventTarget.prototype);
  for (const [method, n] of /** @type {const} */ ([["addEventListener", 1], ["removeEventListener", -1]])) {
    const f = prototype[method];
    prototype[method] = function (/** @type {any[]} */ ...args) {
      counts.listeners += n;
      return f.apply(this, args);
    };
  }
}

/** @type {any} */
export const afm = await import(`${web}/afm.js`);

/** The programs that were loaded, in order. @type {string[]} */
export const loads = [];

/**
 * Where a program comes from.
 * @param {string} name @param {{before?: (model: any) => any, [name: string]: any}} [more] what may differ of it
 */
export const source = (name, more = {}) => ({
  name, hash: name, ...more,
  recover: (/** @type {any} */ model) => model.send({ gocomm: "state" }),
  load: async (/** @type {any} */ model) => {
    loads.push(name);
    await more.before?.(model);
    const bytes = await (await fetch(`${web}/${name}.wasm.gz`)).arrayBuffer();
    const module = await afm.compile(bytes, `${name}.wasm.gz`);
    return { module, Go: (await import(`${web}/${name}.wasm.js`)).default };
  },
});

/** @type {Map<string, {model: Model}>} */
const models = new Map();
/** Who hears of the status of the connection to the kernel. @type {Set<(sender: any, status: string) => void>} */
export const connection = new Set();
const manager = {
  kernel: { connectionStatusChanged: { connect: connection.add.bind(connection), disconnect: connection.delete.bind(connection) } },
  get_model: async (/** @type {string} */ id) => {
    const found = models.get(id);
    if (!found) throw new Error(`widget model not found: ${id}`);
    return found.model;
  },
};

/** JSON, with texts for what it does not have. @param {any} v */
const json = (v) => JSON.stringify(plain(v), (_, x) => (typeof x === "bigint" || (typeof x === "number" && !Number.isFinite(x)) ? String(x) : x));
const same = (/** @type {any} */ a, /** @type {any} */ b) => a === b || json(a) === json(b);

/** Loses the connection to the kernel for as long as something lasts. @param {() => void} meanwhile */
export function gap(meanwhile) {
  for (const f of connection) f(manager.kernel, "connecting");
  meanwhile();
  for (const f of connection) f(manager.kernel, "connected");
}

class Model {
  /** @param {Record<string, any>} traits */
  constructor(traits) {
    /** @type {Record<string, any>} */
    this.traits = { ...traits };
    /** The traits as the kernel has them. @type {Record<string, any>} */
    this.kernel = { ...traits };
    /** @type {Record<string, any>} */
    this.changed = {};
    /** @type {Map<string, Listener[]>} */
    this.listeners = new Map();
    /** What was sent to the kernel. @type {{content: any, buffers: any[]}[]} */
    this.messages = [];
    this.saves = 0;
    /** Of the last save. @type {any} */
    this.callbacks = undefined;
    this.widget_manager = manager;
  }

  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (same(this.traits[name], value)) return;
    this.traits[name] = value;
    this.changed[name] = value;
    this.trigger(`change:${name}`);
  }

  /** @param {any} [callbacks] */
  save_changes(callbacks) {
    this.saves++;
    this.callbacks = callbacks;
    Object.assign(this.kernel, structuredClone(this.changed));
    this.changed = {};
  }

  /** @param {any} content @param {any} callbacks @param {any[]} [buffers] */
  send(content, callbacks, buffers = []) {
    if (content?.gocomm === "state") queueMicrotask(() => this.assign(this.kernel));
    else this.messages.push({ content, buffers });
  }

  /** @param {string} name @param {Listener} f */
  on(name, f) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), f]);
  }

  /** @param {string} name @param {Listener} f */
  off(name, f) {
    this.listeners.set(name, (this.listeners.get(name) ?? []).filter((g) => g !== f));
  }

  /** @param {string} name @param {any[]} args */
  trigger(name, ...args) {
    for (const f of this.listeners.get(name) ?? []) f(...args);
  }

  /** The kernel sends new values. @param {Record<string, any>} traits */
  assign(traits) {
    Object.assign(this.kernel, traits);
    for (const [name, value] of Object.entries(traits)) {
      this.set(name, value);
      delete this.changed[name];
    }
  }

  /** How many listeners it has. */
  left() {
    return [...this.listeners.values()].flat().length;
  }
}

/** The model as a front-end module gets it. @param {Model} m */
const proxy = (m) => ({
  get: m.get.bind(m), set: m.set.bind(m), save_changes: m.save_changes.bind(m), send: m.send.bind(m),
  on: m.on.bind(m), off: m.off.bind(m), widget_manager: m.widget_manager,
});

let ids = 0;

/**
 * A widget of a front-end module; null: of none.
 * @param {Pair | null} pair @param {Record<string, any>} traits
 * @param {{initialize?: boolean, early?: any[]}} [options] early: messages from before the module was there
 */
export function widget(pair, traits, { initialize = true, early } = {}) {
  const model = new Model(traits);
  const id = `model${++ids}`;
  const ending = new AbortController();
  const w = {
    id, model, ending,
    /** Ends it, where the host has no signal. */
    cleanup: () => {},
    /** @type {ReturnType<typeof show>[]} */
    views: [],
    show: () => {
      const v = show();
      w.views.push(v);
      return v;
    },
    /** The kernel sends a message. @param {any} content @param {any[]} [buffers] */
    send: (content, buffers = []) => model.trigger("msg:custom", content, buffers),
    end() {
      models.delete(id);
      ending.abort();
    },
  };
  const show = () => {
    const el = document.createElement("div");
    document.body.append(el);
    const controller = new AbortController();
    const signal = AbortSignal.any([ending.signal, controller.signal]);
    const cleanup = pair?.render({ model: proxy(model), el, signal });
    /** @returns {HTMLElement} */
    const button = (/** @type {string} */ name) => {
      const found = el.querySelector(name);
      if (!found) throw new Error(`the view has no ${name}: ${el.innerHTML}`);
      return /** @type {HTMLElement} */ (found);
    };
    return {
      el, cleanup,
      button: (/** @type {string} */ name) => button(`button.${name}`),
      click: (/** @type {string} */ name) => button(`button.${name}`).click(),
      get text() {
        return el.querySelector("output")?.textContent ?? "";
      },
      get error() {
        return el.querySelector(".gocomm-error")?.firstChild?.textContent ?? "";
      },
      reload: () => button(".gocomm-error button").click(),
      remove() {
        controller.abort();
        el.remove();
      },
    };
  };
  models.set(id, w);
  if (pair && initialize) w.cleanup = pair.initialize({ model: proxy(model), signal: ending.signal, early });
  return w;
}

/** The programs of the page, and their views. @returns {any} */
export const registry = () => /** @type {any} */ (globalThis)[Symbol.for("gocomm.afm.1")];

/** The program of a name. @param {string} name @returns {any} */
export const program = (name) => [...registry().programs.values()].find((p) => p.name === name);

/** What the probe's state needs. @type {Record<string, any>} */
export const traits = {
  value: 1, text: "t", list: [1, 2], frame: new DataView(Float32Array.of(1, -2).buffer),
  bytes: new DataView(Uint8Array.of(0, 255).buffer), deep: { a: [1, "x", new DataView(Uint8Array.of(7).buffer)] },
  child: "IPY_MODEL_none", layout: "IPY_MODEL_layout",
};

/** A running widget of the probe, with views. @param {Record<string, any>} [more] traits */
export async function probe(more = {}, views = 1) {
  const w = widget(afm.program(source("widgetprobe")), { ...traits, ...more });
  for (let i = 0; i < views; i++) w.show();
  await until(() => w.views.every((v) => v.text || v.error), "the views are there");
  return w;
}

/** What a widget answers to an order. @param {Widget} w @param {any} content @returns {Promise<any>} */
export async function ask(w, content) {
  const n = w.model.messages.length;
  w.send(content);
  return until(() => w.model.messages[n]?.content, `the answer to ${JSON.stringify(content)}`);
}

/** Binary values as what JSON can carry. @param {any} v @returns {any} */
export function plain(v) {
  if (ArrayBuffer.isView(v)) return { $bytes: [...new Uint8Array(v.buffer, v.byteOffset, v.byteLength)] };
  if (v instanceof ArrayBuffer) return { $bytes: [...new Uint8Array(v)] };
  if (Array.isArray(v)) return v.map(plain);
  if (typeof v !== "object" || v === null) return v;
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)]));
}

/** Undoes plain. @param {any} v @returns {any} */
export function revive(v) {
  if (Array.isArray(v)) return v.map(revive);
  if (typeof v !== "object" || v === null) return v;
  if (v.$bytes) return new DataView(Uint8Array.from(v.$bytes).buffer);
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, revive(x)]));
}

/** For tests in Go, which name what they keep here. @type {Record<string, any>} */
export const state = {};
