// A Go program for a kernel: its loading, the messages that it gets and those that it holds.
// What every Go program on a page needs is in runtime/instance.js. The other side of the
// border is package jsglue.
// @ts-check

import { ENDED } from "../runtime/abi.js";
import { unguard } from "./foreign-comms.js";
import { fetchProgram } from "../runtime/load.js";
import { imports } from "./imports.js";
import { Instance } from "../runtime/instance.js";
import { read, sizeOf, FAULTS, MSG, OPEN, TYPES } from "../messaging/message-info.js";
import { Writer } from "../runtime/value-writer.js";
import { revive } from "./restart-program.js";
import { mayOpen, objects, open } from "./js-comms.js";

/** What ends a program that was still loading. */
export const DETACHED = "the kernel was detached meanwhile";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("./route.js").Route} Route
 */

export class Program extends Instance {
  /**
   * @param {Hub} hub @param {string} url of the .wasm @param {object} options for the program
   * @param {number} stallLimit how long the promise of a JavaScript handler holds messages of the same request, in ms
   */
  constructor(hub, url, options, stallLimit) {
    super(url.slice(url.lastIndexOf("/") + 1).replace(/\?.*/, ""), "gocomm.js");
    this.hub = hub;
    this.url = url;
    this.options = options;
    this.stallLimit = stallLimit;
    /** What the page's JavaScript has registered with the program's manager. @type {Record<string, any>} */
    this.targets = {};
    /** @type {Record<string, Promise<any>>} */
    this.comms = {};
    /** The targets that are Go's. @type {Set<string>} */
    this.goTargets = new Set();
    /** The targets of JavaScript whose on_close is called when the kernel ends. @type {Set<string>} */
    this.closeWithKernel = new Set();
    /** @type {import("./comm-manager.js").CommManager | null} */
    this.manager = null;
    /** How large a message of JavaScript to the kernel may be, in bytes: Go says it. */
    this.maxSend = 0;
    /** It has started, and has its place: its end is a loss. */
    this.running = false;
    /** It is in the place of the page's own manager. */
    this.replaces = false;
    /** @type {import("../runtime/instance.js").Image | null} */
    this.image = null;
    /** When it was started again. @type {number[]} */
    this.restarts = [];
    /** Why Go has said no. */
    this.reason = "";
    /** The numbers of comms of JavaScript that are free. @type {number[]} */
    this.freeNumbers = [];
    /** Names of targets that Go has found good. @type {Set<string>} */
    this.goodNames = new Set();
    /** @type {[number, Message][]} */
    this.yieldedMessages = [];
    /** The plans by which Go reads messages. @type {ReturnType<typeof import("../runtime/value-writer.js").parsePlan>[]} */
    this.plans = [];
    this.writer = new Writer();
    /** The comms whose handlers are Go. @type {(Route | undefined)[]} */
    this.byIndex = [];
    /** Those whose handlers are JavaScript. @type {(Route | undefined)[]} */
    this.scripted = [];
  }

  empty() {
    super.empty();
    this.plans = [];
    this.writer = new Writer();
    this.byIndex = [];
    this.scripted = [];
  }

  /** Fetches and starts the program. @param {Promise<Response> | undefined} response of its .gz, where that is under way */
  async load(response) {
    this.image = await fetchProgram(this.url, response);
    await this.run();
  }

  /** Starts an instance of the program that was fetched. */
  run() {
    if (!this.image) throw new Error("it has not been fetched");
    return this.start(this.image, { gocomm_comms: imports(this) });
  }

  begun() {
    if (this.hub.detached) throw new Error(DETACHED);
    this.hub.programs.add(this);
  }

  ended() {
    if (this.running) revive(this);
  }

  /** A program of the same code, which is not fetched or compiled again, for the place of this one. */
  successor() {
    const next = new Program(this.hub, this.url, this.options, this.stallLimit);
    next.image = this.image;
    next.restarts = this.restarts;
    return next;
  }

  /**
   * The messages of comms whose target nobody has registered yet, in order. They are
   * not lost with a program that has died.
   * @returns {[number, Message][]}
   */
  held() {
    const typeOf = (/** @type {any} */ msg) => TYPES.indexOf(msg?.header?.msg_type);
    const slots = [...this.slots.keys()].sort((a, b) => this.order[a] - this.order[b]); // they are reused in any order
    const all = /** @type {Message[]} */ (slots.map((slot) => this.slots[slot]).filter((msg) => typeOf(msg) >= 0));
    const opens = all.filter((msg) => typeOf(msg) === OPEN && !this.goTargets.has(msg.content?.target_name));
    const ids = new Set(opens.map((msg) => msg.content?.comm_id));
    return all.filter((msg) => ids.has(msg.content?.comm_id)).map((msg) => [typeOf(msg), msg]);
  }

  detach() {
    for (const route of this.scripted) { // they go on with the stock manager
      if (!route) continue;
      this.hub.routes.delete(route.id);
      objects(route).forEach(unguard);
    }
    this.scripted = [];
    this.call(this.exports.gocomm_detach);
    this.hub.programs.delete(this);
    this.halt("it was detached");
  }

  // Into Go.

  // call for what is called for each comm and message of JavaScript's: where a line
  // of JavaScript calls one export only, the engine enters Go at half the price.

  /** @param {number} n @param {boolean} own */
  accept(n, own) {
    if (this.dead) return ENDED;
    const f = this.exports.gocomm_accept, seq = this.next();
    try {
      return this.code(f, seq, f(seq, n, own ? 1 : 0));
    } catch (err) {
      return this.crashed(err);
    }
  }

  /** @param {number} n */
  admit(n) {
    if (this.dead) return ENDED;
    const f = this.exports.gocomm_admit, seq = this.next();
    try {
      return this.code(f, seq, f(seq, n));
    } catch (err) {
      return this.crashed(err);
    }
  }

  /** @param {number} n */
  end(n) {
    if (this.dead) return ENDED;
    const f = this.exports.gocomm_end, seq = this.next();
    try {
      return this.code(f, seq, f(seq, n));
    } catch (err) {
      return this.crashed(err);
    }
  }

  /**
   * Hands over a message that no comm in the index is for, or an open.
   * @param {number} type @param {Message} msg @param {Route} [live] the comm that has its id
   * @returns {Promise<void> | undefined}
   */
  deliver(type, msg, live) {
    const id = msg?.content?.comm_id;
    const target = msg?.content?.target_name;
    if (type === OPEN && typeof id === "string" && typeof target === "string") {
      const f = this.goTargets.has(target) ? undefined : this.target(target);
      if (f !== undefined && mayOpen(this, id, target, live)) return open(this, msg, id, target, f, live);
      if (this.dead) return this.hub.receive(type, msg); // it has died of the question
    }
    const m = read(type, msg);
    const ids = this.write(m.id, 0);
    const names = this.write(m.target, ids);
    const size = sizeOf(msg);
    this.hurry = true;
    this.call(this.exports.gocomm_deliver, type, this.keep(msg, size), size, this.isOwn(msg), FAULTS.indexOf(m.fault), ids, names);
    return undefined;
  }

  /** @param {Route} route of a comm whose handlers are Go @param {number} type @param {Message} msg */
  deliverTo(route, type, msg) {
    const size = sizeOf(msg);
    this.call(type === MSG ? this.exports.gocomm_msg : this.exports.gocomm_close, route.index, this.keep(msg, size), size, this.isOwn(msg));
  }

  /**
   * A function registered for target by the page's JavaScript.
   * @param {string} target @returns {Function | undefined}
   */
  target(target) {
    const f = Object.hasOwn(this.targets, target) ? this.targets[target] : undefined;
    return typeof f === "function" ? f : undefined;
  }

  /** @param {string} target that the page's JavaScript has registered */
  targetAdded(target) {
    this.hub.release(this.yield(target));
  }

  /** @param {string} target @returns {[number, Message][]} the messages held for it */
  yield(target) {
    if (this.dead) return [];
    this.yieldedMessages = [];
    this.call(this.exports.gocomm_yield, this.write(target, 0));
    return this.yieldedMessages;
  }

  /** @param {Message} msg */
  isOwn(msg) {
    return msg?.parent_header?.session === this.hub.kernel.session_id ? 1 : 0;
  }
}
