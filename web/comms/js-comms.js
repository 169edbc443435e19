// Comms whose handlers are JavaScript. Go decides about each message; the handler is
// called here, in the kernel's turn, when Go's frames are off the stack.
// @ts-check

import { FAILED, OK, text } from "../runtime/abi.js";
import { Comm, tie } from "./comm.js";
import { GRACE } from "./request-order.js";
import { MSG, OPEN } from "../messaging/message-info.js";
import { Route } from "./route.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./program.js").Program} Program
 */

const MOST_NAMES = 1000;

/**
 * Whether nothing can be wrong with an id: no name that every object has is that long.
 * A regular expression would cost a multiple.
 * @param {string} id
 */
function plain(id) {
  const { length } = id;
  if (length < 24 || length > 128) return false;
  let i = 0;
  while (i < length && ((id.charCodeAt(i) - 0x20) >>> 0) <= 0x5e) i++;
  return i === length;
}

/**
 * Whether a comm of JavaScript may be taken up under an id: Go is asked where that is
 * not plain to see, and has given the reason then.
 * @param {Program} p @param {string} id @param {string} target
 * @param {Route | undefined} live the comm that has the id
 * @param {boolean} share the new one may take the place of one that waits for its target
 */
function acceptable(p, id, target, live, share) {
  if (live === undefined && plain(id) && p.goodNames.has(target)) return true;
  const ids = p.write(id, 0);
  if (p.call(p.exports.gocomm_check, ids, p.write(target, ids), share ? 1 : 0) !== OK) return false;
  if (p.goodNames.size < MOST_NAMES) p.goodNames.add(target);
  return true;
}

/**
 * Whether the kernel may open a comm to a target of JavaScript. One that JavaScript has
 * registered before gets another object: ipywidgets does that while it restores its models.
 * @param {Program} p @param {string} id @param {string} target @param {Route | undefined} live
 */
export function mayOpen(p, id, target, live) {
  if (live !== undefined && live.comm !== null && live.program === p && !live.opened) return true;
  return acceptable(p, id, target, live, false);
}

/**
 * Opens a comm for the kernel.
 * @param {Program} p @param {Message} msg @param {string} id @param {string} target @param {Function} f
 * @param {Route | undefined} live the comm that JavaScript has registered under the id
 * @returns {Promise<void> | undefined}
 */
export function open(p, msg, id, target, f, live) {
  const { hub } = p;
  hub.outbox.open();
  const comm = new Comm(target, id);
  comm.kernel = hub.kernel;
  const route = live ?? place(p, id, comm, p.isOwn(msg) === 1, true);
  if (route === null) return p.dead ? hub.receive(OPEN, msg) : undefined; // somebody else's now
  route.opened = true;
  tie(comm, route);
  if (route.comm !== comm) (route.others ??= []).push(comm);
  p.comms[id] = Promise.resolve(comm);
  let opening;
  try {
    opening = settle(route, msg, f(comm, msg));
  } catch (e) {
    p.thrown = e; // shown, with its stack, when Go reports the failure
    refuse(route, target, text(e));
    return undefined;
  }
  if (opening === undefined) return undefined;
  p.comms[id] = opening.then(() => comm);
  return wait(route, msg, opens(route, opening));
}

/**
 * Enters a comm into the index, if Go agrees.
 * @param {Program} p @param {string} id @param {any} comm @param {boolean} own
 * @param {boolean} byKernel it was opened by the kernel, not by this page
 */
function place(p, id, comm, own, byKernel) {
  const n = p.freeNumbers.pop() ?? p.scripted.length;
  if ((byKernel ? p.accept(n, own) : p.call(p.exports.gocomm_register, n)) !== OK) {
    p.freeNumbers.push(n);
    return null;
  }
  const route = new Route(id, p, n, own);
  route.comm = comm;
  p.scripted[n] = route;
  p.hub.routes.set(id, route);
  return route;
}

/** @param {Route} route @param {string} target @param {string} why */
function refuse(route, target, why) {
  const p = route.program;
  const { index } = route;
  forget(route, why);
  const ids = p.write(route.id, 0);
  const names = p.write(target, ids);
  p.call(p.exports.gocomm_refuse, index, ids, names, p.staging.text(why));
}

/** @param {Route} route @param {number} type @param {Message} msg */
export function receive(route, type, msg) {
  const p = route.program;
  if (type === MSG) {
    if (p.admit(route.index) === FAILED) return undefined;
    return handle(route, "handle_msg", msg);
  }
  end(route, true);
  return handle(route, "handle_close", msg);
}

/**
 * @param {Program} p @param {any} comm of the page's JavaScript
 * @param {boolean} share it may be one more object for a comm that JavaScript has already
 * @returns {Route}
 */
export function register(p, comm, share) {
  p.hub.outbox.open();
  const id = String(comm.comm_id);
  const live = p.hub.routes.get(id);
  if (share && live?.comm && live.program === p) {
    if (!objects(live).includes(comm)) (live.others ??= []).push(comm);
    return live;
  }
  if (!acceptable(p, id, String(comm.target_name), live, share) && !p.dead) throw new Error(p.reason);
  const route = place(p, id, comm, true, false);
  if (route === null) throw new Error(`gocomm: register_comm: ${p.name} has ended: ${p.dead || "it was detached"}`);
  return route;
}

/**
 * Takes one of a comm's objects out; without any, the comm ends.
 * @param {Route} route @param {any} comm @returns {any} the newest that is left
 */
export function leave(route, comm) {
  const all = objects(route);
  const rest = all.filter((c) => c !== comm);
  if (rest.length === all.length) return undefined;
  if (rest.length === 0) {
    end(route, false);
    return undefined;
  }
  route.comm = rest[0];
  route.others = rest.length > 1 ? rest.slice(1) : null;
  return rest[rest.length - 1];
}

/** @param {Route} route @param {boolean} byKernel or by JavaScript, which tells the kernel itself */
export function end(route, byKernel) {
  if (route.ended) return;
  const p = route.program;
  p.end(route.index);
  forget(route, byKernel ? "closed by the kernel" : "closed by this page");
}

/** Takes a comm out of the index. @param {Route} route @param {string} why it has ended */
export function forget(route, why) {
  const p = route.program;
  route.ended = why;
  p.hub.routes.delete(route.id);
  p.scripted[route.index] = undefined;
  p.freeNumbers.push(route.index);
  delete p.comms[route.id];
}

/** @param {Route} route the oldest first */
export const objects = (route) => [route.comm, ...(route.others ?? [])];

/**
 * Calls a handler, when the comm's target has opened it.
 * @param {Route} route @param {"handle_msg" | "handle_close"} method @param {Message} msg
 */
function handle(route, method, msg) {
  if (route.opening !== null) {
    const turn = route.opening.then(() => settle(route, msg, new Promise((resolve) => resolve(invoke(route, method, msg)))));
    return wait(route, msg, opens(route, turn));
  }
  try {
    const result = invoke(route, method, msg);
    const done = result === undefined ? undefined : settle(route, msg, result);
    return done && wait(route, msg, done);
  } catch (e) {
    console.error(`gocomm: comm ${route.id} (target ${route.comm.target_name}): ${method} threw:`, e);
    return undefined;
  }
}

/** @param {Route} route @param {"handle_msg" | "handle_close"} method @param {Message} msg */
function invoke(route, method, msg) {
  if (route.others === null) return route.comm[method](msg);
  // What one of them throws is not to keep the others from it.
  return Promise.all(objects(route).map((comm) => new Promise((resolve) => resolve(comm[method](msg)))));
}

/**
 * Has messages wait for a promise: of a target that opens slowly, and then of the
 * messages before them.
 * @param {Route} route @param {Promise<void>} last
 */
function opens(route, last) {
  route.opening = last;
  return last.then(() => {
    if (route.opening === last) route.opening = null;
  });
}

/**
 * Has others wait for a comm that is not done with a message: all of them for a moment,
 * unless it was slow before, and then its own messages and those of the same request.
 * @param {Route} route @param {Message} msg @param {Promise<void>} done
 */
function wait(route, msg, done) {
  const start = performance.now();
  done.then(() => { route.slow = performance.now() - start > GRACE; });
  return route.program.hub.inbox.hold(msg, done, route.slow ? 0 : GRACE, () => {
    route.slow = true;
    if (route.opening === null) opens(route, done);
  });
}

/**
 * Waits for what a handler returned, but not for ever, and reports its failure, which
 * is nobody else's. One that has not settled in time is named, and for as long as it has
 * not, the comm's others get no more than a moment.
 * @param {Route} route @param {Message} msg @param {any} result @returns {Promise<void> | undefined}
 */
function settle(route, msg, result) {
  if (typeof result?.then !== "function") return undefined;
  const { hub, stallLimit } = route.program;
  const named = `comm ${route.id} (target ${route.comm?.target_name})`;
  const used = route.stalled > 0 || hub.inbox.stalled(msg);
  return new Promise((resolve) => {
    let late = false;
    const stalled = setTimeout(() => {
      late = true;
      if (route.stalled++ === 0) {
        console.error(`gocomm: ${named}: its handler's promise has not settled${used ? "" : ` for ${stallLimit / 1000} s`}; other messages go on without it`);
      }
      hub.inbox.stall(msg);
      resolve();
    }, used ? GRACE : stallLimit);
    Promise.resolve(result)
      .catch((e) => console.error(`gocomm: ${named}: a handler's promise was rejected:`, e))
      .then(() => {
        clearTimeout(stalled);
        if (late) route.stalled--;
        resolve();
      });
  });
}
