// Comms that are not of our make: those of the AMD module services/kernels/comm, or any
// object with handle_msg and handle_close. They call the kernel object themselves; here
// what they send is seen to as what ours send is.
// @ts-check

import { Comm } from "./comm.js";
import { refusal } from "./outgoing.js";
import { end } from "./js-comms.js";

/** @typedef {import("./route.js").Route} Route */

const METHODS = /** @type {const} */ ({ open: "comm_open", send: "comm_msg", close: "comm_close" });

/**
 * What stands before a comm's methods: what they pass to, and what was there.
 * @typedef {{route: Route | {ended: string}, put: [string, Function, PropertyDescriptor | undefined][]}} Guard
 * @type {WeakMap<object, Guard>}
 */
const guards = new WeakMap();

/**
 * Has a comm refuse what ours refuse, and send what they send.
 * @param {any} comm @param {Route | {ended: string}} route its entry in the index, or why it is no more
 */
export function guard(comm, route) {
  if (typeof comm !== "object" || comm === null || comm instanceof Comm) return;
  const before = guards.get(comm);
  if (before) {
    before.route = route;
    return;
  }
  /** @type {Guard} */
  const g = { route, put: [] };
  guards.set(comm, g);
  for (const [name, type] of Object.entries(METHODS)) {
    const method = comm[name];
    if (typeof method !== "function" || !Object.isExtensible(comm)) continue;
    /** @param {any} data @param {any} callbacks @param {any} metadata @param {any[]} buffers */
    const value = (data, callbacks, metadata, buffers) => {
      const { route } = g;
      if (route.ended) {
        if (type === "comm_close") return ""; // as is wanted
        throw refusal(comm, type, `${route.ended}; open a new comm`);
      }
      const { hub, maxSend } = /** @type {Route} */ (route).program;
      const id = hub.outbox.send(comm, maxSend, type, { data }, callbacks, metadata, buffers, method);
      if (type === "comm_close") end(/** @type {Route} */ (route), false);
      return id;
    };
    g.put.push([name, value, Object.getOwnPropertyDescriptor(comm, name)]);
    Object.defineProperty(comm, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

/** Gives a comm its own methods back. @param {any} comm */
export function unguard(comm) {
  const g = typeof comm === "object" && comm !== null ? guards.get(comm) : undefined;
  if (!g) return;
  guards.delete(comm);
  for (const [name, value, before] of g.put) {
    if (comm[name] !== value) continue; // another script's by now
    delete comm[name];
    if (before) Object.defineProperty(comm, name, before);
  }
}
