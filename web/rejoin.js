// A connection that was lost may come back to another kernel, which must not get what
// was meant for the one before: messages of comms, and what is behind them, wait until
// the kernel has said who it is.
// @ts-check

import { commOf } from "./frame.js";

/** @typedef {import("./hub.js").Hub} Hub */

/** How long they wait: a kernel that does not answer is at work, and so the same. */
const PATIENCE = 2000; // ms

/**
 * To be called when the connection is back, before the kernel object sends what it has kept.
 * @param {Hub} hub
 */
export function rejoin(hub) {
  const { outbox } = hub;
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
  // Its status is looked at by the epoch first, which takes out what must not be sent.
  kernel.send_shell_message("kernel_info_request", {}, { iopub: { status: go } });
  const impatient = setTimeout(go, PATIENCE);
  outbox.held = held;
}
