// Comms of JavaScript whose kernel has ended: what becomes of the objects that scripts
// of others hold.
// @ts-check

import { Comm } from "./comm.js";
import { refusal } from "./outbox.js";

/** @typedef {import("./hub.js").Route} Route */

/** Objects that are not of our make, whose methods were taken. @type {WeakSet<object>} */
const disarmed = new WeakSet();
const METHODS = /** @type {const} */ ({ open: "comm_open", send: "comm_msg", close: "comm_close" });

/**
 * The end of a comm with its kernel. on_close is called only where its target has asked
 * for it: widgets take themselves off the page there.
 * @param {Route} route
 */
export function closing(route) {
  if (route.comm === null) return;
  const all = [route.comm, ...(route.others ?? [])];
  for (const comm of all) disarm(comm, route.ended);
  if (!route.opened || !route.program.closeWithKernel.has(route.comm.target_name)) return;
  const msg = {
    channel: "iopub", header: { msg_id: "", msg_type: "comm_close", session: "", username: "gocomm", version: "5.2", date: new Date().toISOString() },
    parent_header: {}, metadata: {}, content: { comm_id: route.id, data: { reason: route.ended } }, buffers: [],
  };
  for (const comm of all) {
    Promise.resolve(route.opening) // after the messages that came before
      .then(() => comm.handle_close(msg))
      .catch((e) => console.error(`gocomm: comm ${route.id} (target ${comm.target_name}): its close handler failed:`, e));
  }
}

/**
 * Has a foreign comm refuse to send, as ours do: the next kernel does not know it.
 * @param {any} comm @param {string} why
 */
export function disarm(comm, why) {
  if (typeof comm !== "object" || comm === null || comm instanceof Comm || disarmed.has(comm)) return;
  disarmed.add(comm);
  for (const [name, type] of Object.entries(METHODS)) {
    const value = () => {
      if (type === "comm_close") return ""; // as is wanted
      throw refusal(comm, type, `${why}; open a new comm`);
    };
    Object.defineProperty(comm, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

/** Gives a comm that is taken up again its methods back. @param {any} comm */
export function arm(comm) {
  if (!disarmed.delete(comm)) return;
  for (const name of Object.keys(METHODS)) delete comm[name];
}
