// The stock manager's place: a program takes it with a manager of its own, and gives it back
// with the targets and comms of the page's JavaScript.
// @ts-check

import { CommManager } from "./comm-manager.js";

/**
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("./program.js").Program} Program
 */

/**
 * Has the engine keep an object as a table. Otherwise it makes each property that comes
 * and goes a part of the object's shape, at three times the price.
 * @template {Record<string, any>} T @param {T} object @returns {T} the same
 */
function asTable(object) {
  const [a, b] = ["gocomm.a", "gocomm.b"];
  Object.assign(object, { [a]: 0, [b]: 0 });
  delete (/** @type {any} */ (object)[a]); // not the last one: that is what does it
  delete (/** @type {any} */ (object)[b]);
  return object;
}

/** The page's manager becomes one backed by program. @param {Hub} hub @param {Program} program */
export function replaceStock(hub, program) {
  const { stock } = hub;
  const { js } = program;
  if (hub.main) throw new Error(`${hub.main.name} is this page's comm manager already`);
  hub.pending.unwatch();
  hub.main = program;
  js.targets = stock.targets;
  js.comms = asTable(stock.comms);
  const manager = js.manager = new CommManager(js);
  // Who took hold of the stock manager earlier registers with this one too.
  for (const [name, method] of Object.entries(manager.registration())) {
    hub.replaced.push([name, method, Object.getOwnPropertyDescriptor(stock, name)]);
    /** @type {any} */ (stock)[name] = method;
  }
  hub.kernel.comm_manager = /** @type {any} */ (manager);
}

/** The page's own manager is back in its place. @param {Hub} hub */
export function restoreStock(hub) {
  const { kernel, main, stock } = hub;
  for (const [name, method, before] of hub.replaced) {
    if (/** @type {any} */ (stock)[name] !== method) continue; // another script's by now
    delete /** @type {any} */ (stock)[name];
    if (before) Object.defineProperty(stock, name, before);
  }
  hub.replaced = [];
  if (main && kernel.comm_manager === main.js.manager) kernel.comm_manager = stock;
  hub.main = null;
  hub.pending.watch();
}

/** Leaves to the stock manager what the page's JavaScript has with a program that is not started again. @param {Program} program */
export function handOverToStock({ hub, js }) {
  for (const [target, owner] of hub.claims) if (owner === js) hub.claims.delete(target);
  js.handOver();
  if (hub.main?.js === js) restoreStock(hub);
}
