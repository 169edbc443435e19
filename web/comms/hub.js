// The hub of a kernel object: the one hook on its comm messages, shared by all Go
// programs on the page, and the index that finds the program and comm of a message.
// @ts-check

import { CommManager } from "./comm-manager.js";
import { Early } from "./pending-opens.js";
import { Epoch, watch } from "./kernel-epoch.js";
import { unguard } from "./foreign-comms.js";
import { Inbox } from "./request-order.js";
import { Outbox } from "./outgoing.js";
import { PATIENCE } from "../runtime/load.js";
import { OPEN, TYPES } from "../messaging/message-info.js";
import { DETACHED } from "./program.js";
import { objects, receive } from "./js-comms.js";

/** Where a kernel's hub is found, also by another copy of this module. */
const HUB = Symbol.for("gocomm.hub");
/** Where nbextension/main.js keeps what came before this module was loaded. */
const HOLD = Symbol.for("gocomm.hold");

/**
 * @typedef {import("../gocomm.js").Kernel} Kernel
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./program.js").Program} Program
 * @typedef {import("./route.js").Route} Route
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
    /** The programs that have targets, by target. @type {Map<string, Program>} */
    this.claims = new Map();
    /** @type {Set<Program>} */
    this.programs = new Set();
    /** The program that has taken the manager's place, or null. @type {Program | null} */
    this.main = null;
    /** @type {CommManager | null} */
    this.manager = null;
    /** The stock manager's methods that pass on, and what was there. @type {[string, Function, PropertyDescriptor | undefined][]} */
    this.replaced = [];
    this.detached = false;
    this.early = new Early(this);
    this.outbox = new Outbox(kernel);
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
      this.vacate();
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
    if (route !== undefined && type !== OPEN) {
      return route.comm === null ? route.program.deliverTo(route, type, msg) : receive(route, type, msg);
    }
    if (type === OPEN && this.epoch.late(msg)) return undefined;
    const claimed = type === OPEN ? this.claims.get(content?.target_name) : undefined;
    const program = route?.program ?? claimed ?? this.main;
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
    if (program.dead) throw new Error(program.dead); // just now
    if (this.detached) throw new Error(DETACHED);
    if (replace) this.takeOver(program);
    else program.manager ??= new CommManager(program);
    program.running = true;
  }

  /** The page's manager becomes one backed by program. @param {Program} program */
  takeOver(program) {
    if (this.main) throw new Error(`${this.main.name} is this page's comm manager already`);
    const waiting = this.early.take(() => true);
    this.main = program;
    program.replaces = true;
    program.targets = this.stock.targets;
    program.comms = asTable(this.stock.comms);
    this.manager = program.manager ??= new CommManager(program);
    // Who took hold of the stock manager earlier registers with this one too.
    for (const [name, method] of Object.entries(this.manager.registration())) {
      this.replaced.push([name, method, Object.getOwnPropertyDescriptor(this.stock, name)]);
      /** @type {any} */ (this.stock)[name] = method;
    }
    this.kernel.comm_manager = /** @type {any} */ (this.manager);
    this.release(waiting);
  }

  /**
   * Gives a target to a program, and it the messages that another held for it.
   * @param {Program} program @param {string} target
   */
  claim(program, target) {
    const owner = this.claims.get(target);
    if (owner !== undefined && owner !== program) return false;
    this.claims.set(target, program);
    const waiting = this.main && this.main !== program ? this.main.yield(target) : this.early.take((held) => held.target === target);
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

  /** @param {Program} program @param {string} target */
  unclaim(program, target) {
    if (this.claims.get(target) === program) this.claims.delete(target);
  }

  /**
   * Has the page's JavaScript register a target with the program's manager. Gives
   * the program that has it already.
   * @param {Program} program @param {string} target @returns {Program | undefined}
   */
  taken(program, target) {
    const owner = this.claims.get(target);
    if (program === this.main || program.dead) return owner;
    if (owner === program) return program.target(target) ? undefined : program; // else it is one of Go's
    return this.claim(program, target) ? undefined : owner;
  }

  /**
   * Takes a program out that has died or could not be loaded: its comms in Go end,
   * and the page's own manager is back in its place.
   * @param {Program} program @returns {[number, Message][]} what it held for targets that are still to come
   */
  bury(program) {
    this.programs.delete(program);
    const held = program.held();
    const waiting = new Set(held.map(([, msg]) => msg.content.comm_id));
    for (const [target, p] of this.claims) if (p === program) this.claims.delete(target);
    for (const route of this.routes.values()) {
      if (route.program !== program || route.comm) continue;
      this.routes.delete(route.id);
      route.ended = `${program.name} has ended`;
      if (!route.own || waiting.has(route.id)) continue;
      try {
        this.kernel.send_shell_message("comm_close", { comm_id: route.id, data: { reason: `gocomm: ${route.ended}` } });
      } catch (e) {
        console.warn(`gocomm: comm ${route.id}: the kernel could not be told that it has ended:`, e);
      }
    }
    if (this.main === program) this.restore();
    program.empty();
    return held;
  }

  /** What the page's JavaScript had with a dead program goes on with the page's own manager. @param {Program} program */
  leave(program) {
    this.adopt(program);
    for (const route of this.routes.values()) if (route.program === program) this.entrust(route);
  }

  /** Leaves a comm of JavaScript's to the stock manager, which finds it in the table they share. @param {Route} route */
  entrust(route) {
    this.routes.delete(route.id);
    objects(route).forEach(unguard);
    const newest = route.others?.at(-1) ?? route.comm;
    // What waits for its target to open comes before the stock manager's messages.
    if (route.opening) this.stock.comms[route.id] = route.opening.then(() => newest);
  }

  /** With no program left, all is as it was before there was one. */
  vacate() {
    if (this.programs.size === 0 && this.coming.size === 0) this.detach();
  }

  /**
   * What the page's JavaScript has with a manager of its own goes on with the page's.
   * @param {Program} program that has ended
   */
  adopt(program) {
    const { manager } = program;
    if (!manager || manager.comms === this.stock.comms) return;
    for (const table of /** @type {const} */ (["comms", "targets"])) {
      for (const [name, value] of Object.entries(manager[table])) this.stock[table][name] ??= value;
      manager[table] = this.stock[table];
    }
  }

  /** The page's own manager is back in its place. */
  restore() {
    for (const [name, method, before] of this.replaced) {
      if (/** @type {any} */ (this.stock)[name] !== method) continue; // another script's by now
      delete /** @type {any} */ (this.stock)[name];
      if (before) Object.defineProperty(this.stock, name, before);
    }
    this.replaced = [];
    if (this.manager && /** @type {any} */ (this.kernel.comm_manager) === this.manager) this.kernel.comm_manager = this.stock;
    this.main = this.manager = null;
  }

  detach() {
    if (this.detached) return;
    this.detached = true;
    for (const program of [...this.programs]) {
      program.detach();
      this.adopt(program);
    }
    for (const program of this.coming) this.leave(program);
    this.restore();
    this.claims.clear();
    this.outbox.close();
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
