// Calls the JavaScript handlers of a comm, in the kernel's turn, and waits for the promises that they return.
// @ts-check

import { HOLD_ALL_MS } from "./request-order.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./js-route.js").JSRoute} JSRoute
 */

/**
 * Calls a handler, when the comm's target has opened it.
 * @param {JSRoute} route @param {"handle_msg" | "handle_close"} method @param {Message} msg
 * @returns {Promise<void> | undefined} for the kernel's queue
 */
export function handle(route, method, msg) {
  if (route.opening !== null) {
    const turn = route.opening.then(() => settled(route, msg, new Promise((resolve) => resolve(call(route, method, msg)))));
    return hold(route, msg, opensAfter(route, turn));
  }
  try {
    const result = call(route, method, msg);
    const done = result === undefined ? undefined : settled(route, msg, result);
    return done && hold(route, msg, done);
  } catch (e) {
    log.error(`gocomm: comm ${route.id} (target ${route.comm.target_name}): ${method} threw:`, e);
    return undefined;
  }
}

/**
 * Waits for a target that has returned something.
 * @param {JSRoute} route @param {Message} msg the comm_open @param {any} result
 * @returns {{opened: Promise<void>, done: Promise<void> | undefined} | undefined} when it has opened the comm, and what
 * is for the kernel's queue
 */
export function open(route, msg, result) {
  const opened = settled(route, msg, result);
  return opened && { opened, done: hold(route, msg, opensAfter(route, opened)) };
}

/** @param {JSRoute} route @param {"handle_msg" | "handle_close"} method @param {Message} msg */
function call(route, method, msg) {
  if (route.others === null) return route.comm[method](msg);
  // One that throws must not keep the others from the message.
  return Promise.all(route.objects.map((comm) => new Promise((resolve) => resolve(comm[method](msg)))));
}

/**
 * Has the comm's messages wait for a promise: of a target that opens slowly, and then of the messages before them.
 * @param {JSRoute} route @param {Promise<void>} last
 */
function opensAfter(route, last) {
  route.opening = last;
  return last.then(() => {
    if (route.opening === last) route.opening = null;
  });
}

/**
 * Has other messages wait for a comm that is not done with one: all of them for HOLD_ALL_MS, unless the comm was slow before,
 * and then its own and those of the same request.
 * @param {JSRoute} route @param {Message} msg @param {Promise<void>} done
 */
function hold(route, msg, done) {
  const start = performance.now();
  done.then(() => { route.slow = performance.now() - start > HOLD_ALL_MS; });
  return route.js.hub.order.hold(msg, done, route.slow ? 0 : HOLD_ALL_MS, () => {
    route.slow = true;
    if (route.opening === null) opensAfter(route, done);
  });
}

/**
 * Waits for a handler's promise, for the stall limit at the most, and reports its failure, which nobody else does. A
 * comm whose promise takes longer is named; until that promise settles, the comm's others get no more than HOLD_ALL_MS.
 * @param {JSRoute} route @param {Message} msg @param {any} result @returns {Promise<void> | undefined}
 */
function settled(route, msg, result) {
  if (typeof result?.then !== "function") return undefined;
  const { hub, stallLimit } = route.js;
  const named = `comm ${route.id} (target ${route.comm?.target_name})`;
  const used = route.stalled > 0 || hub.order.stalled(msg);
  return new Promise((resolve) => {
    let late = false;
    const stalled = setTimeout(() => {
      late = true;
      if (route.stalled++ === 0) {
        log.error(`gocomm: ${named}: its handler's promise has not settled${used ? "" : ` for ${stallLimit / 1000} s`}; other messages go on without it`);
      }
      hub.order.stall(msg);
      resolve();
    }, used ? HOLD_ALL_MS : stallLimit);
    Promise.resolve(result)
      .catch((e) => log.error(`gocomm: ${named}: a handler's promise was rejected:`, e))
      .then(() => {
        clearTimeout(stalled);
        if (late) route.stalled--;
        resolve();
      });
  });
}
