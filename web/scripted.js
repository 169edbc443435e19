// Comms whose handlers are JavaScript. Go decides about each message; the handler is
// called here, in the kernel's turn, when Go's frames are off the stack.
// @ts-check

import { Comm, tie } from "./comm.js";
import { MSG } from "./hub.js";
import { ENDED, FAILED, OK, text } from "./program.js";

/**
 * @typedef {import("./gocomm.js").Message} Message
 * @typedef {import("./hub.js").Route} Route
 * @typedef {import("./program.js").Program} Program
 */

/**
 * Opens a comm for the kernel. One that JavaScript has registered before gets another
 * object for it: ipywidgets does that while it restores its models.
 * @param {Program} p @param {Message} msg @param {string} id @param {string} target @param {Function} f
 */
export function open(p, msg, id, target, f) {
  const { hub } = p;
  hub.outbox.open();
  let route = hub.routes.get(id);
  if (!route?.comm || route.program !== p || route.opened) {
    const ids = p.write(id, 0);
    const own = p.isOwn(msg);
    if (p.call("gocomm_open", ids, p.write(target, ids), own) !== OK) return undefined;
    route = p.place(id, own === 1);
  }
  route.opened = true;
  const comm = new Comm(target, id);
  comm.kernel = hub.kernel;
  tie(comm, route);
  add(route, comm);
  p.comms[id] = Promise.resolve(comm);
  let opening;
  try {
    opening = settle(route, f(comm, msg));
  } catch (e) {
    p.thrown = e; // shown, with its stack, when Go reports the failure
    p.call("gocomm_refuse", route.index, p.stage(text(e)));
    return undefined;
  }
  if (opening === undefined) return undefined;
  p.comms[id] = opening.then(() => comm);
  return opens(route, opening);
}

/** @param {Route} route @param {number} type @param {Message} msg */
export function receive(route, type, msg) {
  const p = route.program;
  if (type === MSG) {
    if (p.call("gocomm_admit", route.index) === FAILED) return undefined;
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
    if (!objects(live).includes(comm)) add(live, comm);
    return live;
  }
  const ids = p.write(id, 0);
  const code = p.call("gocomm_register", ids, p.write(String(comm.target_name), ids), share ? 1 : 0);
  if (code === FAILED) throw new Error(p.stagedText());
  if (code === ENDED) throw new Error(`gocomm: register_comm: ${p.name} has ended: ${p.dead}`);
  const route = p.place(id, true);
  route.comm = comm;
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
  p.call("gocomm_end", route.index, byKernel ? 1 : 0);
  route.ended = byKernel ? "closed by the kernel" : "closed by this page";
  p.hub.routes.delete(route.id);
  p.byIndex[route.index] = undefined;
  delete p.comms[route.id];
}

/** @param {Route} route @param {any} comm */
function add(route, comm) {
  if (route.comm === null) route.comm = comm;
  else (route.others ??= []).push(comm);
}

/** @param {Route} route the oldest first */
const objects = (route) => [route.comm, ...(route.others ?? [])];

/**
 * Calls a handler, when the comm's target has opened it.
 * @param {Route} route @param {"handle_msg" | "handle_close"} method @param {Message} msg
 */
function handle(route, method, msg) {
  if (route.opening !== null) {
    return opens(route, route.opening.then(() => settle(route, new Promise((resolve) => resolve(invoke(route, method, msg))))));
  }
  try {
    const result = invoke(route, method, msg);
    return result === undefined ? undefined : settle(route, result);
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
 * Waits for what a handler returned, but not for ever, and reports its failure, which
 * is nobody else's.
 * @param {Route} route @param {any} result @returns {Promise<void> | undefined}
 */
function settle(route, result) {
  if (typeof result?.then !== "function") return undefined;
  const limit = route.program.stallLimit;
  return new Promise((resolve) => {
    const stalled = setTimeout(() => {
      console.error(`gocomm: comm ${route.id} (target ${route.comm?.target_name}): its handler's promise has not settled for ` +
        `${limit / 1000} s; other messages go on without it`);
      resolve();
    }, limit);
    Promise.resolve(result)
      .catch((e) => console.error(`gocomm: comm ${route.id} (target ${route.comm?.target_name}): a handler's promise was rejected:`, e))
      .then(() => {
        clearTimeout(stalled);
        resolve();
      });
  });
}
