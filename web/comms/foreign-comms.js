// Comm objects that are not of our make: those of the AMD module services/kernels/comm, or any object with handle_msg
// and handle_close. They call the kernel object themselves; their methods are wrapped, so that what they send goes the
// way of all other messages.
// @ts-check

import { Comm } from "./comm.js";

/** @typedef {import("./js-route.js").JSRoute} JSRoute */

const METHODS = /** @type {const} */ ({ open: "comm_open", send: "comm_msg", close: "comm_close" });

/**
 * The comm that an object is of, our methods, and what was there before.
 * @typedef {{route: JSRoute, put: [string, Function, PropertyDescriptor | undefined][]}} Wrapping
 * @type {WeakMap<object, Wrapping>}
 */
const wrapped = new WeakMap();

/** Has an object refuse what ours refuse, and send what they send. @param {any} comm @param {JSRoute} route */
export function wrap(comm, route) {
  if (typeof comm !== "object" || comm === null || comm instanceof Comm) return;
  const before = wrapped.get(comm);
  if (before) {
    before.route = route;
    return;
  }
  /** @type {Wrapping} */
  const w = { route, put: [] };
  wrapped.set(comm, w);
  for (const [name, type] of Object.entries(METHODS)) {
    const method = comm[name];
    if (typeof method !== "function" || !Object.isExtensible(comm)) continue;
    /** @param {any} data @param {any} callbacks @param {any} metadata @param {any[]} buffers */
    const value = (data, callbacks, metadata, buffers) => w.route.send(comm, type, { data }, callbacks, metadata, buffers, method);
    w.put.push([name, value, Object.getOwnPropertyDescriptor(comm, name)]);
    Object.defineProperty(comm, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

/** Gives an object its own methods back. @param {any} comm */
export function unwrap(comm) {
  const w = typeof comm === "object" && comm !== null ? wrapped.get(comm) : undefined;
  if (!w) return;
  wrapped.delete(comm);
  for (const [name, value, before] of w.put) {
    if (comm[name] !== value) continue; // another script's by now
    delete comm[name];
    if (before) Object.defineProperty(comm, name, before);
  }
}
