// The hub of a kernel object: the index that finds the program and the comm of a message, for
// all Go programs on the page.
// @ts-check

import { away, isOffer, mayMiss, OFFER, offerComms } from "./adoption.js";
import { CommManager } from "./comm-manager.js";
import { Epoch, watch } from "./kernel-epoch.js";
import { MessageHook } from "./message-hook.js";
import { Outgoing } from "./outgoing.js";
import { tellOfGap } from "./reconnect.js";
import { PendingOpens } from "./pending-opens.js";
import { RequestOrder } from "./request-order.js";
import { OPEN } from "../messaging/message-info.js";
import { forget } from "../runtime/compressed.js";
import { JSRoute } from "./js-route.js";
import { changed } from "../runtime/log.js";
import * as log from "../runtime/log.js";
import { DETACHED } from "./program.js";
import { replaceStock, restoreStock } from "./stock-manager.js";

/** Where a kernel's hub is found, also by another copy of this module, of the same release. */
const HUB = Symbol.for("gocomm.hub.2");

/**
 * @typedef {import("../gocomm.js").Kernel} Kernel
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./program.js").Program} Program
 * @typedef {import("./js-comms.js").JSComms} JSComms
 * @typedef {import("./route.js").Route | import("./js-route.js").JSRoute} Route
 */

export class Hub {
  /** Throws when another release of gocomm has the kernel. @param {Kernel} kernel @returns {Hub} */
  static of(kernel) {
    const hook = MessageHook.of(kernel);
    return Hub.at(kernel) ?? new Hub(kernel, hook);
  }

  /** @param {Kernel} kernel @returns {Hub | undefined} */
  static at(kernel) {
    return /** @type {any} */ (kernel)[HUB];
  }

  /** @param {Kernel} kernel @param {MessageHook} hook */
  constructor(kernel, hook) {
    this.kernel = kernel;
    this.stock = kernel.comm_manager;
    this.hook = hook;
    /** Programs that load, and dead ones that are to be started again. @type {Set<Program>} */
    this.coming = new Set();
    /** @type {Map<string, Route>} */
    this.routes = new Map();
    /** The owners of targets, by target: a program's targets outlive it while it is started again. @type {Map<string, JSComms>} */
    this.claims = new Map();
    /** @type {Set<Program>} */
    this.programs = new Set();
    /** The program that has taken the manager's place, or null. @type {Program | null} */
    this.main = null;
    /** The stock manager's methods that pass on, and what was there. @type {[string, Function, PropertyDescriptor | undefined][]} */
    this.replaced = [];
    this.detached = false;
    this.pending = new PendingOpens(this);
    this.outgoing = new Outgoing(kernel);
    this.order = new RequestOrder(hook);
    /** Comms of the page before this one that are to be offered to their targets. @type {Map<string, {target: string, own: boolean}>} */
    this.offers = new Map();
    /** What that page has left; null once programs know. */
    this.resumed = hook.resumed;
    this.epoch = new Epoch(this);
    this.unwatch = watch(this);
    hook.hub = this;
    hook.order = this.order;
    Object.defineProperty(kernel, HUB, { value: this, configurable: true, enumerable: false });
    if (this.resumed) offerComms(this, this.resumed);
  }

  /**
   * Holds messages until the program has arrived: the function returned is to be
   * called then, or when it will not.
   * @param {Program} program @param {number} [since] when its loading began, in ms
   */
  expect(program, since = performance.now()) {
    program.since = since;
    this.coming.add(program);
    changed();
    const release = this.hook.hold(program.name, since);
    return () => {
      this.coming.delete(program);
      changed();
      release();
      this.detachIfEmpty();
    };
  }

  /**
   * Handles a message of the kernel. The promise returned, if any, is that of a
   * JavaScript handler: the kernel waits for it before its next message.
   * @param {number} type @param {Message} msg
   */
  receive(type, msg) {
    const content = msg?.content;
    const id = content?.comm_id;
    const route = this.routes.get(id);
    if (route !== undefined && type !== OPEN) return route.receive(type, msg);
    if (type === OPEN && this.epoch.late(msg)) return undefined;
    if (this.pending.hold(type, msg)) return undefined;
    if (type === OPEN && isOffer(msg)) return this.adopt(msg);
    const owner = route && ("js" in route ? route.js : route.program.js);
    const claimed = type === OPEN ? this.claims.get(content?.target_name) : undefined;
    const program = (owner ?? claimed)?.program ?? this.main;
    // What the page's own manager opened before it was replaced stays with it.
    const theirs = type !== OPEN && typeof id === "string" && Object.hasOwn(this.stock.comms, id);
    return program && !theirs ? program.deliver(type, msg, route) : this.hook.saved[type](msg);
  }

  /** Has the target's owner take up a comm of the page before, or leave it. @param {any} msg the offer */
  adopt(msg) {
    const { comm_id: id, target_name: target } = msg.content;
    this.offers.delete(id);
    if (this.routes.has(id)) return undefined; // a script has registered it already
    return (this.claims.get(target)?.program ?? this.main)?.adopt(msg, msg[OFFER]);
  }

  /** The comms that a page which goes on with this one's session finds. @returns {import("../session/page-session.js").Left["comms"]} */
  left() {
    const comms = Object.fromEntries(this.offers);
    for (const route of this.routes.values()) {
      if (route instanceof JSRoute && !route.js.adopters.has(route.target)) continue; // nobody would take it
      comms[route.id] = { target: route.target, own: route.own };
    }
    return comms;
  }

  /** Gives a program that has started its place. @param {Program} program @param {boolean} replace the page's own manager */
  install(program, replace) {
    const { js } = program;
    if (program.dead) throw new Error(program.dead); // just now
    if (this.detached) throw new Error(DETACHED);
    if (this.main?.js === js) this.main = program; // started again
    else if (replace) replaceStock(this, program);
    else js.manager ??= new CommManager(js);
    program.running = true;
    const { resumed } = this;
    this.resumed = null;
    if (resumed && mayMiss(resumed)) {
      const { since, until } = away(resumed);
      log.warn(`gocomm: the page was loaded again, and goes on with its session; messages may be lost that the kernel sent when it was left, ${((until - since) / 1000).toFixed(1)} s before it was back`);
      tellOfGap(this.kernel, since, until);
    }
  }

  /**
   * Gives a target to a program's Go, unless another program or JavaScript has it.
   * @param {Program} program @param {string} target @returns {"" | "program" | "JavaScript"} who has it
   */
  claimForGo(program, target) {
    const { js } = program;
    const again = this.claims.get(target) === js && !js.target(target);
    const byJavaScript = !again && !js.overrideTargets && (js.target(target) !== undefined || Object.hasOwn(this.stock.targets, target));
    if (byJavaScript) return "JavaScript";
    return this.claim(js, target) ? "" : "program";
  }

  /**
   * Has the page's JavaScript register a target with one of our managers.
   * @param {JSComms} js @param {string} target @returns {string} the name of the program that has it already, or ""
   */
  claimForJS(js, target) {
    const owner = this.claims.get(target);
    if (owner === js) return js.program?.goTargets.has(target) ? js.program.name : "";
    if (owner === undefined && this.main?.js === js) return ""; // it gets all targets that are not claimed
    return this.claim(js, target) ? "" : owner?.program?.name ?? "";
  }

  /**
   * Gives a target to an owner, and the messages that waited for it.
   * @param {JSComms} js @param {string} target
   */
  claim(js, target) {
    if ((this.claims.get(target) ?? js) !== js) return false;
    this.claims.set(target, js);
    /** @type {any} */ (this.kernel).claimed?.(target);
    const waiting = this.pending.takeFor(target);
    if (waiting.length > 0) {
      const release = this.hook.hold();
      this.hook.putBack(waiting);
      queueMicrotask(release); // the program's registration is complete only after this call
    }
    return true;
  }

  /** @param {JSComms} js @param {string} target */
  unclaim(js, target) {
    if (this.claims.get(target) !== js) return;
    this.claims.delete(target);
    /** @type {any} */ (this.kernel).unclaimed?.(target);
  }

  /** Has what waited for a target handled: JavaScript has registered it. @param {string} target */
  targetAdded(target) {
    this.hook.putBack(this.pending.takeFor(target));
  }

  /** With no program left, all is as it was before there was one. */
  detachIfEmpty() {
    if (this.programs.size === 0 && this.coming.size === 0 && this.hook.holds.size === 0) this.detach();
  }

  detach() {
    if (this.detached) return;
    this.detached = true;
    queueMicrotask(changed); // when it is
    for (const { js } of [...this.programs, ...this.coming]) js.handOver();
    for (const program of [...this.programs]) program.detach();
    restoreStock(this);
    this.claims.clear();
    this.outgoing.close();
    this.unwatch();
    forget();
    delete /** @type {any} */ (this.kernel)[HUB];
    this.hook.close(this.pending.take());
  }
}
