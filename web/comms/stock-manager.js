// The stock manager's place: a program takes it with a manager of its own, and gives it back
// with the targets and comms of the page's JavaScript.
// @ts-check

import { CommManager } from "./comm-manager.js";
import { unguard } from "./foreign-comms.js";
import { objects } from "./js-comms.js";

/**
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("../runtime/program.js").Program} Program
 * @typedef {import("./route.js").Route} Route
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
  if (hub.main) throw new Error(`${hub.main.name} is this page's comm manager already`);
  hub.pending.unwatch();
  hub.main = program;
  program.replaces = true;
  program.targets = stock.targets;
  program.comms = asTable(stock.comms);
  hub.manager = program.manager ??= new CommManager(program);
  // Who took hold of the stock manager earlier registers with this one too.
  for (const [name, method] of Object.entries(hub.manager.registration())) {
    hub.replaced.push([name, method, Object.getOwnPropertyDescriptor(stock, name)]);
    /** @type {any} */ (stock)[name] = method;
  }
  hub.kernel.comm_manager = /** @type {any} */ (hub.manager);
}

/** The page's own manager is back in its place. @param {Hub} hub */
export function restoreStock(hub) {
  const { kernel, stock } = hub;
  for (const [name, method, before] of hub.replaced) {
    if (/** @type {any} */ (stock)[name] !== method) continue; // another script's by now
    delete /** @type {any} */ (stock)[name];
    if (before) Object.defineProperty(stock, name, before);
  }
  hub.replaced = [];
  if (hub.manager && /** @type {any} */ (kernel.comm_manager) === hub.manager) kernel.comm_manager = stock;
  hub.main = hub.manager = null;
  hub.pending.watch();
}

/** Leaves to the stock manager what the page's JavaScript has with a dead program. @param {Program} program */
export function handOverToStock(program) {
  handOverTables(program);
  for (const route of program.hub.routes.values()) if (route.program === program) handOverComm(route);
}

/** Leaves a comm of JavaScript to the stock manager, which finds it in the table that they share. @param {Route} route */
export function handOverComm(route) {
  const { hub } = route.program;
  hub.routes.delete(route.id);
  objects(route).forEach(unguard);
  const newest = route.others?.at(-1) ?? route.comm;
  // What waits for its target to open comes before the stock manager's messages.
  if (route.opening) hub.stock.comms[route.id] = route.opening.then(() => newest);
}

/**
 * Leaves to the stock manager what a manager of the program's own has in its tables.
 * @param {Program} program that has ended
 */
export function handOverTables({ hub, manager }) {
  const { stock } = hub;
  if (!manager || manager.comms === stock.comms) return;
  for (const table of /** @type {const} */ (["comms", "targets"])) {
    for (const [name, value] of Object.entries(manager[table])) stock[table][name] ??= value;
    manager[table] = stock[table];
  }
}
