// Gaps: the connection was lost for a while, and messages of the kernel perhaps with it.
// @ts-check

import { rejoin } from "./reconnect.js";

/** @typedef {import("./hub.js").Hub} Hub */

/** What the kernel object says when the connection is lost, or given up for another. */
const LOST = "kernel_disconnected.Kernel kernel_reconnecting.Kernel";
const BACK = "kernel_connected.Kernel";
/** What we say, when there is another. */
const GAP = "comm_gap.Kernel";

/**
 * Reports gaps. The function returned ends that.
 * @param {Hub} hub
 */
export function watchGaps(hub) {
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
    rejoin(hub);
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
  const kernel = /** @type {any} */ (hub.kernel);
  if (hub.programs.size === 0) return;
  console.warn(`gocomm: the connection to the kernel was lost for ${((until - since) / 1000).toFixed(1)} s: messages may be lost that it sent then, or shortly before`);
  for (const program of hub.programs) program.call(program.exports.gocomm_gap, since, until);
  const date = (/** @type {number} */ ms) => performance.timeOrigin + ms;
  try {
    kernel.events.trigger(GAP, { kernel, since: date(since), until: date(until) });
  } catch (e) {
    console.error(`gocomm: a handler of ${GAP} failed:`, e);
  }
}
