// The targets and comms that the page's JavaScript has with one of gocomm's managers. They are JavaScript's own: a
// program that dies, and is started again, does not concern them. Without any program they go on with the page's
// own comm manager.
// @ts-check

import { Comm } from "./comm.js";
import { open } from "./js-handlers.js";
import { JSRoute } from "./js-route.js";
import { nameFault, quote } from "./names.js";
import { isOwn } from "../messaging/message-info.js";
import { text } from "../runtime/abi.js";
import { unwrap, wrap } from "./foreign-comms.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("./route.js").Route} Route
 */

export class JSComms {
  /** @param {Hub} hub @param {{stallLimit: number, maxSend: number, overrideTargets: boolean}} options of attach */
  constructor(hub, { stallLimit, maxSend, overrideTargets }) {
    this.hub = hub;
    this.stallLimit = stallLimit;
    this.maxSend = maxSend;
    this.overrideTargets = overrideTargets;
    /** The program that runs now, or has run last. @type {import("./program.js").Program | null} */
    this.program = null;
    /** The object that scripts use. @type {import("./comm-manager.js").CommManager | null} */
    this.manager = null;
    /** @type {Record<string, any>} */
    this.targets = {};
    /** @type {Record<string, Promise<any>>} */
    this.comms = {};
    /** The targets whose on_close is called when the kernel ends. @type {Set<string>} */
    this.closeWithKernel = new Set();
    /** What takes up comms that outlive the page, by target. @type {Map<string, Function>} */
    this.adopters = new Map();
    /** The page's own manager has them. */
    this.handedOver = false;
  }

  /**
   * A function registered for a target.
   * @param {string} name @returns {Function | undefined}
   */
  target(name) {
    const f = Object.hasOwn(this.targets, name) ? this.targets[name] : undefined;
    return typeof f === "function" ? f : undefined;
  }

  /**
   * Whether the kernel may open a comm to a target of JavaScript. One that JavaScript has registered before gets another
   * object: ipywidgets registers its comms while it restores its models.
   * @param {any} content @param {Route | JSRoute | undefined} live the comm that has the id
   */
  mayOpen(content, live) {
    const { comm_id: id, target_name: target } = content ?? {};
    if (typeof id !== "string" || typeof target !== "string" || this.target(target) === undefined) return false;
    if (live !== undefined) return live instanceof JSRoute && live.js === this && !live.opened;
    return nameFault("", id) === "" && nameFault("", target) === "";
  }

  /**
   * Opens a comm for the kernel, which mayOpen has allowed.
   * @param {Message} msg @param {any} live
   * @returns {Promise<void> | undefined}
   */
  open(msg, live) {
    const { target_name: target } = msg.content;
    return this.enter(msg, live, /** @type {Function} */ (this.target(target)));
  }

  /** Takes up a comm of the page before this one, if its target does. @param {Message} offer @returns {Promise<void> | undefined} */
  adopt(offer) {
    const { comm_id: id, target_name: target } = offer.content;
    const f = this.adopters.get(target);
    if (f === undefined || !this.mayOpen({ comm_id: id, target_name: target }, undefined)) return undefined;
    return this.enter(offer, undefined, (/** @type {any} */ comm) => f(comm)); // there is no open message
  }

  /** @param {Message} msg @param {any} live @param {Function} f the handler @returns {Promise<void> | undefined} */
  enter(msg, live, f) {
    const { comm_id: id, target_name: target } = msg.content;
    const comm = new Comm(target, id);
    comm.kernel = this.hub.kernel;
    /** @type {JSRoute} */
    const route = live ?? this.add(id, comm, isOwn(msg, this.hub.kernel));
    route.opened = true;
    Comm.tie(comm, route);
    route.add(comm);
    this.comms[id] = Promise.resolve(comm);
    let opening;
    try {
      opening = open(route, msg, f(comm, msg));
    } catch (e) {
      this.refuse(route, target, e);
      return undefined;
    }
    if (opening === undefined) return undefined;
    this.comms[id] = opening.opened.then(() => comm);
    return opening.done;
  }

  /** @param {string} id @param {any} comm @param {boolean} own */
  add(id, comm, own) {
    const route = new JSRoute(this, id, comm, own);
    this.hub.routes.set(id, route);
    return route;
  }

  /** Ends a comm whose target has failed, and tells the kernel if the comm is this page's to close. @param {JSRoute} route @param {string} target @param {unknown} e */
  refuse(route, target, e) {
    const what = `comm_open: comm ${quote(route.id)} (target ${quote(target)}): the target's open handler failed`;
    const tell = route.own && !route.ended;
    route.end(what);
    log.error(`gocomm: ${what}:`, e);
    if (!tell) return;
    const content = { comm_id: route.id, data: { reason: `commmgr: ${what}: ${text(e)}` } };
    try {
      this.hub.outgoing.send(this.maxSend, "comm_close", content);
    } catch (why) {
      log.error(`gocomm: comm ${route.id} (target ${target}): the kernel could not be told that it has ended:`, why);
    }
  }

  /**
   * Takes up a comm object of the page's JavaScript: one more for a comm that JavaScript has already, or in the place of
   * one that waits for its target.
   * @param {any} comm
   * @returns {JSRoute}
   */
  register(comm) {
    const { routes } = this.hub;
    const id = String(comm.comm_id), target = String(comm.target_name);
    /** @type {any} */
    let route = routes.get(id);
    if (route instanceof JSRoute && route.js === this) {
      route.add(comm);
    } else {
      let fault = nameFault("the comm id", id) || nameFault("the target name", target);
      if (route !== undefined) fault ||= "the comm id is in use";
      if (fault) throw new Error(`gocomm: register_comm: comm ${quote(id)} (target ${quote(target)}): ${fault}`);
      this.hub.pending.drop(id); // nobody else would get what waits for its target
      route = this.add(id, comm, true);
    }
    if (comm instanceof Comm) Comm.tie(comm, route);
    else wrap(comm, route);
    this.comms[id] = Promise.resolve(comm);
    return route;
  }

  /** Leaves all to the page's own manager. */
  handOver() {
    if (this.handedOver) return;
    this.handedOver = true;
    const { hub, manager } = this;
    const { stock, routes } = hub;
    for (const route of routes.values()) {
      if (!(route instanceof JSRoute) || route.js !== this) continue;
      routes.delete(route.id);
      route.objects.forEach(unwrap);
      const newest = route.objects.at(-1);
      // The stock manager's messages come after those that wait for the comm's target.
      if (route.opening) this.comms[route.id] = route.opening.then(() => newest);
    }
    if (!manager) return;
    for (const table of /** @type {const} */ (["comms", "targets"])) {
      if (this[table] === stock[table]) continue;
      for (const [name, value] of Object.entries(this[table])) stock[table][name] ??= value;
      manager[table] = this[table] = stock[table];
    }
  }
}
