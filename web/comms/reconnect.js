// A connection to the kernel that was lost and comes back. Messages of the kernel may be lost:
// programs and the page are told of the gap. And it may be another kernel, which must not get
// what was meant for the one before: messages of comms, and what is behind them, wait until
// the kernel has identified itself.
// @ts-check

import { HeldQueue } from "../messaging/held-queue.js";
import { commOf } from "../messaging/wire-format.js";
import { lengthOf } from "./outgoing.js";
import * as log from "../runtime/log.js";

/** @typedef {import("./hub.js").Hub} Hub */

/** What the kernel object says when the connection is lost, or given up for another. */
const LOST = "kernel_disconnected.Kernel kernel_reconnecting.Kernel";
const BACK = "kernel_connected.Kernel";
/** What we say, when there is another. */
const GAP = "comm_gap.Kernel";

/** How long messages wait for a kernel that does not answer: it starts, or is at work. */
const KERNEL_INFO_TIMEOUT_MS = 15_000;

/**
 * Watches the connection. The function returned ends that.
 * @param {Hub} hub
 */
export function watchConnection(hub) {
  const kernel = /** @type {any} */ (hub.kernel);
  const { epoch } = hub;
  /** Since when, and in whose time. @type {{since: number, count: number} | null} */
  let gap = null;
  /** @param {unknown} event @param {any} data */
  const lost = (event, data) => {
    if (data?.kernel === kernel && !epoch.over) gap ??= { since: performance.now(), count: epoch.count };
  };
  /** @param {unknown} event @param {any} data */
  const back = (event, data) => {
    if (data?.kernel !== kernel || gap === null) return;
    const { since, count } = gap;
    gap = null;
    holdOutgoing(hub);
    const until = performance.now();
    const told = () => {
      if (!hub.detached && epoch.count === count && !epoch.over) report(hub, since, until);
    };
    // What came before the drop may still wait for its turn.
    if (kernel._msg_queue?.then) kernel._msg_queue = kernel._msg_queue.then(told);
    else told();
  };
  kernel.events?.on(LOST, lost);
  kernel.events?.on(BACK, back);
  return () => {
    kernel.events?.off(LOST, lost);
    kernel.events?.off(BACK, back);
  };
}

/** @param {Hub} hub @param {number} since @param {number} until both of performance.now */
function report(hub, since, until) {
  if (hub.programs.size === 0) return;
  log.warn(`gocomm: the connection to the kernel was lost for ${((until - since) / 1000).toFixed(1)} s: messages may be lost that it sent then, or shortly before`);
  for (const program of hub.programs) program.call(program.exports.gocomm_gap, since, until);
  tellOfGap(hub.kernel, since, until);
}

/** Tells the page's JavaScript. @param {any} kernel @param {number} since @param {number} until */
export function tellOfGap(kernel, since, until) {
  const date = (/** @type {number} */ ms) => performance.timeOrigin + ms;
  try {
    kernel.events?.trigger(GAP, { kernel, since: date(since), until: date(until) });
  } catch (e) {
    log.error(`gocomm: a handler of ${GAP} failed:`, e);
  }
}

/**
 * Holds what waits to be sent, before the kernel object sends it.
 * @param {Hub} hub
 */
function holdOutgoing(hub) {
  const { outgoing } = hub;
  const kernel = /** @type {any} */ (hub.kernel);
  /** @type {(string | ArrayBuffer)[]} */
  const pending = kernel._pending_messages ?? [];
  const first = pending.findIndex((data) => commOf(data) !== undefined);
  if (first < 0 && outgoing.held === null) return;
  outgoing.open();
  if (!outgoing.shown) return;
  /** @type {HeldQueue<string | ArrayBuffer>} */
  const held = new HeldQueue();
  const all = [...(outgoing.held?.take() ?? []), ...(first < 0 ? [] : pending.splice(first))];
  for (const data of all) held.push(data, lengthOf(data)); // the kernel object has kept them already: there is no limit to that
  outgoing.held = null;
  const go = () => {
    clearTimeout(impatient);
    if (outgoing.held !== held) return; // the connection was lost again meanwhile
    outgoing.letGo();
  };
  ask(hub, go);
  const impatient = setTimeout(() => {
    if (outgoing.held === held && hub.epoch.unknown !== "") hub.epoch.begin(hub.epoch.unknown); // the one before has not shown again
    go();
  }, KERNEL_INFO_TIMEOUT_MS);
  outgoing.held = held;
}

/**
 * Asks the kernel to identify itself. The epoch looks at the status that answers before
 * answered is called, and takes out what must not be sent.
 * @param {Hub} hub @param {() => void} answered
 */
function ask(hub, answered) {
  const { epoch, hook } = hub;
  const kernel = /** @type {any} */ (hub.kernel);
  const status = () => {
    if (epoch.unknown === "") answered(); // else it is not known yet whether it is another kernel
  };
  const callbacks = { iopub: { status } };
  epoch.asked = kernel.send_shell_message("kernel_info_request", {}, callbacks);
  if (!kernel._get_msg || !kernel._finish_ws_message) return;
  // On this channel a kernel answers at once while it is at work.
  const msg = { ...kernel._get_msg("kernel_info_request", {}), channel: "control" };
  kernel.set_callbacks_for_msg(msg.header.msg_id, callbacks);
  hook.show(); // which knows of that channel
  kernel._send(JSON.stringify(msg));
}
