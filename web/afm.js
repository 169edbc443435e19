// Go programs as anywidget front-end modules: afm.d.ts is the contract.
//
//   export default () => program({ name: "counter", hash, load: async () => ({ module, Go }) });
//
// One instance of each program serves all its widgets on the page (afm/program.js). The
// models and views here outlive it: when it dies, or is replaced by another build, the next
// instance gets them (afm/model.js, afm/view.js). The other side is package view.
// @ts-check

import { Model } from "./afm/model.js";
import { AfmProgram } from "./afm/program.js";
import { View } from "./afm/view.js";
import { bytesOf } from "./runtime/buffers.js";
import { compileBytes } from "./runtime/load.js";

export const VERSION = 1;

/**
 * @typedef {import("./afm.js").Source} Source
 * @typedef {import("./afm.js").AnyModel} AnyModel
 */

/** What a page has of programs, whichever copy of this module has begun. */
class Registry {
  constructor() {
    this.module = { VERSION, program, replace, report, compile, importText };
    /** By hash. @type {Map<string, AfmProgram>} */
    this.programs = new Map();
    /** The hash of what has taken a program's place, by its own. @type {Map<string, string>} */
    this.replaced = new Map();
    /** What report has said, by name. @type {Map<string, string>} */
    this.reports = new Map();
    /** Views whose elements Go may ask for. @type {Map<number, View>} */
    this.views = new Map();
    this.lastView = 0;
  }

  /** Called by package view. @param {number} number */
  element(number) {
    return this.views.get(number)?.root;
  }

  /** Called by package view. @param {number} number @param {Element} parent */
  place(number, parent) {
    return this.views.get(number)?.placeIn(parent) ?? -1;
  }

  /** @param {Source} source */
  programOf(source) {
    let { hash } = source;
    for (let next; (next = this.replaced.get(hash)); ) hash = next;
    let p = this.programs.get(hash);
    if (!p) this.programs.set(hash, (p = new AfmProgram({ ...source, hash })));
    return p;
  }
}

const KEY = Symbol.for(`gocomm.afm.${VERSION}`);
/** @type {Registry} */
const registry = /** @type {any} */ (globalThis)[KEY] ?? new Registry();
/** @type {any} */ (globalThis)[KEY] = registry;

/** Whether another copy of this module was here first: then that one does the work. */
const second = () => registry.module.program !== program;

/** @param {Source} source @returns {import("./afm.js").Pair} */
export function program(source) {
  if (second()) return registry.module.program(source);
  /** @type {Map<AnyModel, Model>} */
  const models = new Map();
  /** @type {import("./afm.js").Pair["initialize"]} */
  const initialize = ({ model: afm, signal, early = [] }) => {
    const model = new Model(registry.programOf(source), afm, source);
    models.set(afm, model);
    model.enter(early);
    return ending(signal, () => {
      models.delete(afm);
      model.end();
    });
  };
  return {
    initialize,
    render({ model: afm, el, signal }) {
      let model = models.get(afm) ?? (models.size === 1 ? [...models.values()][0] : undefined);
      let end = () => {};
      if (!model) { // a host that does not initialize
        end = initialize({ model: afm });
        model = /** @type {Model} */ (models.get(afm));
      }
      const view = new View(registry, model, el);
      return ending(signal, () => {
        view.end();
        end();
      });
    },
  };
}

/** @param {AbortSignal | undefined} signal @param {() => void} end */
function ending(signal, end) {
  let ended = false;
  const once = () => {
    if (ended) return;
    ended = true;
    signal?.removeEventListener("abort", once);
    end();
  };
  if (signal?.aborted) once();
  else signal?.addEventListener("abort", once);
  return once;
}

/** @param {Source} source @param {AnyModel} model @returns {Promise<void>} */
export async function replace(source, model) {
  if (second()) return registry.module.replace(source, model);
  const known = registry.programs.get(source.hash);
  const next = known ?? new AfmProgram(source);
  registry.programs.set(source.hash, next);
  try {
    await next.start(model);
  } catch (e) {
    if (!known) registry.programs.delete(source.hash);
    throw e;
  }
  registry.replaced.delete(source.hash);
  for (const old of [...registry.programs.values()]) {
    if (old === next || old.name !== source.name || !old.dev) continue;
    registry.programs.delete(old.hash);
    registry.replaced.set(old.hash, next.hash);
    next.succeed(old);
  }
}

/** @param {string} name @param {string} text @returns {void} */
export function report(name, text) {
  if (second()) return registry.module.report(name, text);
  if (text) registry.reports.set(name, text);
  else registry.reports.delete(name);
  for (const view of registry.views.values()) if (view.model.program.name === name) view.report(text);
}

/** @param {ArrayBuffer | ArrayBufferView} bytes @param {string} what */
export function compile(bytes, what) {
  return compileBytes(/** @type {Uint8Array<ArrayBuffer>} */ (bytesOf(bytes)), what);
}

/** @param {string} text */
export async function importText(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
