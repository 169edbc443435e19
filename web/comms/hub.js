// The hub of a kernel object: the one hook on its comm messages, shared by all Go
// programs on the page, and the index that finds the program and comm of a message.
// @ts-check

import { CommManager } from "./comm-manager.js";
import { Early } from "./pending-opens.js";
import { Epoch, watch } from "./kernel-epoch.js";
import { Inbox } from "./request-order.js";
import { Outgoing } from "./outgoing.js";
import { PATIENCE } from "../runtime/load.js";
import { OPEN, TYPES } from "../messaging/message-info.js";
import { DETACHED } from "../runtime/program.js";

/** Where a kernel's hub is found, also by another copy of this module. */
const HUB = Symbol.for("gocomm.hub");
/** Where nbextension/main.js keeps what came before this module was loaded. */
const HOLD = Symbol.for("gocomm.hold");

/**
 * @typedef {import("../gocomm.js").Kernel} Kernel
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("../runtime/program.js").Program} Program
 * @typedef {import("./js-comms.js").JSComms} JSComms
 * @typedef {import("./route.js").Route | import("./js-route.js").JSRoute} Route
 */

const own = Object.prototype.hasOwnProperty;

/**
 * Has the engine keep an object as a table. Otherwise it makes each property that comes
 * and goes a part of the object's shape, at three times the price.
 * @template {Record<string, any>} T @param {T} object @returns {T} the same
 */
function asTable(object) {
  const [a, b] = ["gocomm.a", "gocomm.b"];
  Object.assign(object, { [a]: 0, [b]: 0 });
  delete (/** @type {any} */ (object)[a]); // not the last one: that is what does it
  delete (/** @type {any} */ (object)[b]);
  return object;
}

export class Hub {
  /** @param {Kernel} kernel @returns {Hub} */
  static of(kernel) {
    return Hub.at(kernel) ?? new Hub(kernel);
  }

  /** @param {Kernel} kernel @returns {Hub | undefined} */
  static at(kernel) {
    return /** @type {any} */ (kernel)[HUB];
  }

  /** @param {Kernel} kernel */
  constructor(kernel) {
    const held = /** @type {any} */ (kernel)[HOLD];
    this.kernel = kernel;
    this.stock = kernel.comm_manager;
    /** What waits for programs to load, or null. @type {[number, Message][] | null} */
    this.queue = held?.release() ?? null;
    /** When it began to, in ms. @type {number | undefined} */
    this.since = held?.since;
    /** How many programs it waits for. */
    this.expected = 0;
    /** Programs that load, and dead ones that are to be started again. @type {Set<Program>} */
    this.coming = new Set();
    /** The handlers that were there before, in the order of TYPES. @type {((msg: Message) => any)[]} */
    this.saved = TYPES.map((type) => kernel.get_iopub_handler(type));
    /** @type {Map<string, Route>} */
    this.routes = new Map();
    /** By target, the owner of it: what outlives a program that is started again stands for it. @type {Map<string, JSComms>} */
    this.claims = new Map();
    /** @type {Set<Program>} */
    this.programs = new Set();
    /** The program that has taken the manager's place, or null. @type {Program | null} */
    this.main = null;
    /** The stock manager's methods that pass on, and what was there. @type {[string, Function, PropertyDescriptor | undefined][]} */
    this.replaced = [];
    this.detached = false;
    this.early = new Early(this);
    this.outgoing = new Outgoing(kernel);
    this.inbox = new Inbox(kernel);
    this.epoch = new Epoch(this);
    this.unwatch = watch(this);
    this.hooks = TYPES.map((_, n) => (/** @type {Message} */ msg) => this.receive(n, msg));
    TYPES.forEach((type, n) => kernel.register_iopub_handler(type, this.hooks[n]));
    Object.defineProperty(kernel, HUB, { value: this, configurable: true, enumerable: false });
  }

  /**
   * Holds messages until the program has arrived: the function returned is to be
   * called then, or when it will not.
   * @param {Program} program
   */
  expect(program) {
    this.coming.add(program);
    const release = this.hold();
    const left = PATIENCE + /** @type {number} */ (this.since) - performance.now();
    const impatient = setTimeout(() => {
      console.warn(`gocomm: ${program.name} has not answered for ${PATIENCE / 1000} s; until it does, the page's own comm manager works`);
      release();
    }, left);
    return () => {
      clearTimeout(impatient);
      this.coming.delete(program);
      release();
      this.detachIfEmpty();
    };
  }

  /** Holds messages until the function returned is called. */
  hold() {
    this.queue ??= [];
    if (this.expected++ === 0) this.since ??= performance.now();
    let holds = true;
    return () => {
      if (holds && --this.expected === 0) {
        this.since = undefined;
        this.drain();
      }
      holds = false;
    };
  }

  drain() {
    /** @type {[number, Message][]} */
    const queue = this.queue ?? [];
    this.queue = null;
    each(queue, (type, msg) => this.receive(type, msg));
  }

  /** Leaves to the page's own manager what was held. @param {[number, Message][]} held */
  pass(held) {
    each(held, (type, msg) => this.saved[type](msg));
  }

  /**
   * Handles a message of the kernel. The promise returned, if any, is that of a
   * JavaScript handler: the kernel waits for it before its next message.
   * @param {number} type @param {Message} msg
   */
  receive(type, msg) {
    if (this.queue !== null) {
      this.queue.push([type, msg]);
      return;
    }
    const content = msg?.content;
    const id = content?.comm_id;
    const route = this.routes.get(id);
    if (route !== undefined && type !== OPEN) return route.receive(type, msg);
    if (type === OPEN && this.epoch.late(msg)) return undefined;
    const owner = route && ("js" in route ? route.js : route.program.js);
    const claimed = type === OPEN ? this.claims.get(content?.target_name) : undefined;
    const program = (owner ?? claimed)?.program ?? this.main;
    if (program) {
      // What the page's own manager opened before it was replaced stays with it.
      const theirs = type !== OPEN && typeof id === "string" && own.call(this.stock.comms, id);
      if (!theirs) return program.deliver(type, msg, route);
    } else if (type === OPEN ? this.early.open(content, [type, msg]) : this.early.more(content, [type, msg])) {
      return undefined;
    }
    return this.saved[type](msg);
  }

  /** Gives a program that has started its place. @param {Program} program @param {boolean} replace the page's own manager */
  install(program, replace) {
    const { js } = program;
    if (program.dead) throw new Error(program.dead); // just now
    if (this.detached) throw new Error(DETACHED);
    if (this.main?.js === js) this.main = program; // started again
    else if (replace) this.takeOver(program);
    else js.manager ??= new CommManager(js);
    program.running = true;
  }

  /** The page's manager becomes one backed by program. @param {Program} program */
  takeOver(program) {
    const { js } = program;
    if (this.main) throw new Error(`${this.main.name} is this page's comm manager already`);
    const waiting = this.early.take(() => true);
    this.main = program;
    js.targets = this.stock.targets;
    js.comms = asTable(this.stock.comms);
    const manager = js.manager = new CommManager(js);
    // Who took hold of the stock manager earlier registers with this one too.
    for (const [name, method] of Object.entries(manager.registration())) {
      this.replaced.push([name, method, Object.getOwnPropertyDescriptor(this.stock, name)]);
      /** @type {any} */ (this.stock)[name] = method;
    }
    this.kernel.comm_manager = /** @type {any} */ (manager);
    this.release(waiting);
  }

  /**
   * Gives a target to a program's Go, unless another program or JavaScript has it.
   * @param {Program} program @param {string} target @returns {"" | "program" | "JavaScript"} who has it
   */
  claimForGo(program, target) {
    const { js } = program;
    const again = this.claims.get(target) === js && !js.target(target);
    const byJavaScript = !again && !js.overrideTargets && (js.target(target) !== undefined || own.call(this.stock.targets, target));
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
   * Gives a target to an owner, and it the messages that another held for it.
   * @param {JSComms} js @param {string} target
   */
  claim(js, target) {
    if ((this.claims.get(target) ?? js) !== js) return false;
    this.claims.set(target, js);
    const waiting = this.main && this.main.js !== js ? this.main.yield(target) : this.early.take((held) => held.target === target);
    if (waiting.length > 0) {
      this.queue = [...waiting, ...(this.queue ?? [])];
      // The program's registration is complete only after this call.
      queueMicrotask(() => this.expected === 0 && this.drain());
    }
    return true;
  }

  /** Delivers what was held for a target that JavaScript has registered. @param {[number, Message][]} waiting */
  release(waiting) {
    if (waiting.length === 0) return;
    const waitsAnyway = this.queue !== null;
    this.queue = [...waiting, ...(this.queue ?? [])];
    if (!waitsAnyway) this.drain();
  }

  /** @param {JSComms} js @param {string} target */
  unclaim(js, target) {
    if (this.claims.get(target) === js) this.claims.delete(target);
  }

  /**
   * Takes a program out that has died or could not be loaded, and ends its comms in Go.
   * @param {Program} program @returns {[number, Message][]} what it held for targets that are still to come
   */
  removeProgram(program) {
    this.programs.delete(program);
    const held = program.held();
    const waiting = new Set(held.map(([, msg]) => msg.content.comm_id));
    for (const route of this.routes.values()) {
      if (!("program" in route) || route.program !== program) continue;
      this.routes.delete(route.id);
      route.ended = `${program.name} has ended`;
      if (!route.own || waiting.has(route.id)) continue;
      try {
        this.outgoing.send(program.js.maxSend, "comm_close", { comm_id: route.id, data: { reason: `gocomm: ${route.ended}` } });
      } catch (e) {
        console.warn(`gocomm: comm ${route.id}: the kernel could not be told that it has ended:`, e);
      }
    }
    program.empty();
    return held;
  }

  /** Nobody stands in for a program any more: what the page's JavaScript has with it goes on with the page's own manager. @param {Program} program */
  giveUp({ js }) {
    for (const [target, owner] of this.claims) if (owner === js) this.claims.delete(target);
    js.handOver();
    if (this.main?.js === js) this.restore();
  }

  /** With no program left, all is as it was before there was one. */
  detachIfEmpty() {
    if (this.programs.size === 0 && this.coming.size === 0) this.detach();
  }

  /** The page's own manager is back in its place. */
  restore() {
    for (const [name, method, before] of this.replaced) {
      if (/** @type {any} */ (this.stock)[name] !== method) continue; // another script's by now
      delete /** @type {any} */ (this.stock)[name];
      if (before) Object.defineProperty(this.stock, name, before);
    }
    this.replaced = [];
    if (this.main && this.kernel.comm_manager === this.main.js.manager) this.kernel.comm_manager = this.stock;
    this.main = null;
  }

  detach() {
    if (this.detached) return;
    this.detached = true;
    for (const { js } of [...this.programs, ...this.coming]) js.handOver();
    for (const program of [...this.programs]) program.detach();
    this.restore();
    this.claims.clear();
    this.outgoing.close();
    this.inbox.close();
    this.unwatch();
    TYPES.forEach((type, n) => {
      // Another script's may be before it by now, which passes on to it, and it to the stock manager.
      if (this.kernel.get_iopub_handler(type) === this.hooks[n]) this.kernel.register_iopub_handler(type, this.saved[n]);
    });
    delete /** @type {any} */ (this.kernel)[HUB];
    this.pass(this.early.take(() => true));
    this.drain();
  }
}

/**
 * Has messages handled that were held: one that fails must not take those behind it along.
 * @param {[number, Message][]} held @param {(type: number, msg: Message) => any} handle
 */
function each(held, handle) {
  for (const [type, msg] of held) {
    new Promise((resolve) => resolve(handle(type, msg)))
      .catch((e) => console.error(`gocomm: a ${TYPES[type]} that was held could not be handled:`, e));
  }
}
