// Comms of JavaScript whose kernel has ended: what their handlers are told.
// @ts-check

import { objects } from "./js-comms.js";

/** @typedef {import("./route.js").Route} Route */

/**
 * The end of a comm with its kernel. on_close is called only where its target has asked
 * for it: widgets take themselves off the page there.
 * @param {Route} route
 */
export function closing(route) {
  if (route.comm === null) return;
  if (!route.opened || !route.program.closeWithKernel.has(route.comm.target_name)) return;
  const msg = {
    channel: "iopub", header: { msg_id: "", msg_type: "comm_close", session: "", username: "gocomm", version: "5.2", date: new Date().toISOString() },
    parent_header: {}, metadata: {}, content: { comm_id: route.id, data: { reason: route.ended } }, buffers: [],
  };
  for (const comm of objects(route)) {
    Promise.resolve(route.opening) // after the messages that came before
      .then(() => comm.handle_close(msg))
      .catch((e) => console.error(`gocomm: comm ${route.id} (target ${comm.target_name}): its close handler failed:`, e));
  }
}
