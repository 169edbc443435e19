// A connection that was lost may come back to another kernel, which must not get what
// was meant for the one before: messages of comms, and what is behind them, wait until
// the kernel has said who it is.
// @ts-check

import { commOf } from "../messaging/wire-format.js";

/** @typedef {import("./hub.js").Hub} Hub */

/** How long they wait for a kernel that does not answer: it starts, or is at work. */
const PATIENCE = 15000; // ms

/**
 * To be called when the connection is back, before the kernel object sends what it has kept.
 * @param {Hub} hub
 */
export function rejoin(hub) {
  const outbox = hub.outgoing;
  const kernel = /** @type {any} */ (hub.kernel);
  /** @type {(string | ArrayBuffer)[]} */
  const pending = kernel._pending_messages ?? [];
  const first = pending.findIndex((data) => commOf(data) !== undefined);
  if (first < 0 && outbox.held === null) return;
  outbox.open();
  if (!outbox.shown) return;
  const held = [...(outbox.held ?? []), ...(first < 0 ? [] : pending.splice(first))];
  outbox.held = null;
  const go = () => {
    clearTimeout(impatient);
    if (outbox.held !== held) return; // the connection was lost again meanwhile
    outbox.letGo();
  };
  ask(hub, go);
  const impatient = setTimeout(go, PATIENCE);
  outbox.held = held;
}

/**
 * Asks the kernel who it is. The epoch looks at the status that tells it before answered
 * is called, and takes out what must not be sent.
 * @param {any} hub @param {() => void} answered
 */
function ask({ kernel, inbox }, answered) {
  const callbacks = { iopub: { status: answered } };
  kernel.send_shell_message("kernel_info_request", {}, callbacks);
  if (!kernel._get_msg || !kernel._finish_ws_message) return;
  // On this channel a kernel answers at once while it is at work.
  const msg = { ...kernel._get_msg("kernel_info_request", {}), channel: "control" };
  kernel.set_callbacks_for_msg(msg.header.msg_id, callbacks);
  inbox.open(); // which knows of that channel
  kernel._send(JSON.stringify(msg));
}
