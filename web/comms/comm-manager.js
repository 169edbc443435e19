// The comm managers that other scripts on the page hold, with the names and arities
// of classic Notebook's services/kernels/comm.js.
// @ts-check

import { Comm, hide } from "./comm.js";
import { JSRoute } from "./js-route.js";
import { OPEN, MSG, CLOSE } from "../messaging/message-info.js";
import { unwrap } from "./foreign-comms.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("./js-comms.js").JSComms} JSComms
 */

export class CommManager {
  /** @param {JSComms} js */
  constructor(js) {
    this.kernel = js.hub.kernel;
    // In the stock manager's place they are its own, not copies: others hold on to them.
    this.targets = js.targets;
    this.comms = js.comms;
    hide(this, "_hub", js.hub);
    hide(this, "_js", js);
  }

  /** @param {any} kernel */
  init_kernel(kernel) {
    this.kernel = kernel;
  }

  /**
   * @param {string} target_name @param {any} data @param {any} callbacks @param {any} metadata
   * @param {string} comm_id @param {any[]} buffers
   */
  new_comm(target_name, data, callbacks, metadata, comm_id, buffers) {
    const comm = new Comm(target_name, comm_id);
    enter(this, comm);
    try {
      comm.open(data, callbacks, metadata, buffers);
    } catch (e) {
      this.unregister_comm(comm);
      throw e;
    }
    const route = hub(this).routes.get(comm.comm_id);
    if (route instanceof JSRoute) route.keepOnly(comm); // the kernel has opened it anew
    return comm;
  }

  /** @param {string} target_name @param {Function} f @param {import("../gocomm.js").TargetOptions} [options] */
  register_target(target_name, f, options = {}) {
    const js = comms(this);
    const owner = hub(this).claimForJS(js, target_name);
    if (owner) { // no exception: the stock manager has none
      log.error(`gocomm: register_target: ${JSON.stringify(target_name)} is a target of ${owner}, which keeps it; register another name`);
      return;
    }
    this.targets[target_name] = f;
    if (options?.closeWithKernel) js.closeWithKernel.add(target_name);
    else js.closeWithKernel.delete(target_name);
    if (typeof options?.adopt === "function") js.adopters.set(target_name, options.adopt);
    else js.adopters.delete(target_name);
    hub(this).targetAdded(target_name);
  }

  /** @param {string} target_name @param {Function} [_f] the handler, which does not matter */
  unregister_target(target_name, _f) {
    const there = Object.hasOwn(this.targets, target_name);
    delete this.targets[target_name];
    if (there) hub(this).unclaim(comms(this), target_name);
  }

  /** @param {any} comm */
  register_comm(comm) {
    return enter(this, comm);
  }

  /** @param {any} comm */
  unregister_comm(comm) {
    const route = hub(this).routes.get(comm.comm_id);
    unwrap(comm);
    if (!(route instanceof JSRoute)) {
      delete this.comms[comm.comm_id];
      return;
    }
    const newest = route.remove(comm);
    if (newest) this.comms[comm.comm_id] = Promise.resolve(newest);
  }

  /** @param {Message} msg */
  comm_open(msg) {
    return promised(this, OPEN, msg);
  }

  /** @param {Message} msg */
  comm_msg(msg) {
    return promised(this, MSG, msg);
  }

  /** @param {Message} msg */
  comm_close(msg) {
    return promised(this, CLOSE, msg);
  }

  /** The methods that the stock manager passes on while this one has its place. */
  registration() {
    /** @type {Record<string, Function>} */
    const methods = {};
    for (const name of ["new_comm", "register_target", "unregister_target", "register_comm", "unregister_comm"]) {
      methods[name] = /** @type {any} */ (this)[name].bind(this);
    }
    return methods;
  }
}

/** @param {CommManager} manager @returns {Hub} */
const hub = (manager) => /** @type {any} */ (manager)._hub;

/** @param {CommManager} manager @returns {JSComms} */
const comms = (manager) => /** @type {any} */ (manager)._js;

/** Takes a comm up. @param {CommManager} manager @param {any} comm */
function enter(manager, comm) {
  const js = comms(manager);
  if (js.handedOver) { // for scripts that have kept this manager
    unwrap(comm);
    return js.hub.stock.register_comm(comm);
  }
  js.register(comm);
  comm.kernel = manager.kernel;
  return comm.comm_id;
}

/** @param {CommManager} manager @param {number} type @param {Message} msg */
function promised(manager, type, msg) {
  const id = msg?.content?.comm_id;
  const known = type === OPEN || hub(manager).routes.has(id);
  const result = hub(manager).hook.arrive(type, msg);
  return known ? Promise.resolve(result).then(() => manager.comms[id]) : result;
}
