// The hook on a kernel object: all its comm messages come by here, and are held while a
// module or a program that is to handle them is still to come. Then what else belongs to
// their requests waits behind them, so that an output is not handled before the comm
// message that says where it goes. nbextension/main.js sets the hook, before gocomm.js is
// there; without it gocomm.js does.
// @ts-check

import { HeldQueue, LIMITS } from "../messaging/held-queue.js";
import { sizeOf, TYPES } from "../messaging/message-info.js";
import * as log from "../runtime/log.js";

/** How long messages wait for a program, its module included, before the page's own manager gets them. */
export const PROGRAM_TIMEOUT_MS = 5000;

/** Where a kernel object's hook is found. The number changes with what is shared there: two releases of gocomm do not share it. */
const HOOK = Symbol.for("gocomm.hook.2");
/** The beginning of the names of everything that gocomm, of any release, leaves on a kernel object, or a connection of Lab. */
const OURS = /^gocomm\.(hook|hub|hold|lab\.kernel)(\.|$)/;
/** The names of this release. */
const NAMES = ["gocomm.hook.2", "gocomm.hub.2", "gocomm.lab.kernel.1"];

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {[level: number, msg: Message]} Held a message, and where it was held: at the handler of the type with this
 *   number, or, with AS_RECEIVED, before the kernel object looked at it
 */
export const AS_RECEIVED = -1;

/** @param {Message} msg @returns {string} the request that it belongs to, or "" */
export const requestOf = (msg) => msg?.parent_header?.msg_id ?? "";

/** Who has the comms while no program has, in words. A manager that refuses all is that of kernel.js. @param {any} manager @param {string} does */
export const withoutProgram = (manager, does) =>
  manager?.refusesComms ? "comms of this kernel are refused" : `the page's own comm manager ${does}`;

/** @param {any} msg */
export const isComm = (msg) => TYPES.includes(msg?.header?.msg_type);

/** Throws when another release of gocomm has a kernel object, or a connection of Lab. @param {any} kernel */
export function refuseOtherRelease(kernel) {
  const other = Object.getOwnPropertySymbols(kernel).find((s) => OURS.test(s.description ?? "") && !NAMES.includes(s.description ?? ""));
  if (other) throw new Error("gocomm: another release of gocomm has this kernel already; have all programs of the page use one gocomm.js");
}

export class MessageHook {
  /** The hook of a kernel object. Throws when another release of gocomm has one there. @param {any} kernel @returns {MessageHook} */
  static of(kernel) {
    refuseOtherRelease(kernel);
    return MessageHook.at(kernel) ?? new MessageHook(kernel);
  }

  /** @param {any} kernel @returns {MessageHook | undefined} */
  static at(kernel) {
    return kernel[HOOK];
  }

  /** @param {any} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    /** Who handles the messages; null until gocomm.js is there, and after detach. @type {import("./hub.js").Hub | null} */
    this.hub = null;
    /** What is held, in order. @type {HeldQueue<Held>} */
    this.queue = new HeldQueue();
    /** How many messages of each request are held. @type {Map<string, number>} */
    this.requests = new Map();
    /** Why messages are held. @type {Set<{what: string, timer: any}>} */
    this.holds = new Set();
    /** When the first of them began, in ms; undefined when nothing is held. @type {number | undefined} */
    this.since = undefined;
    /** Messages are held, or the held ones are being handled. */
    this.active = false;
    this.draining = false;
    /** A held message is being handled, in this turn. */
    this.inside = false;
    /** Messages that were held, and have their turn now. @type {WeakSet<Message>} */
    this.passing = new WeakSet();
    this.closed = false;
    /** What the page before this one has left, whose session goes on. @type {import("../session/page-session.js").Resumed | null} */
    this.resumed = null;
    /** What waits for a reply on the control channel, by the msg_id of the request. @type {Map<string, (msg: Message) => void>} */
    this.controlled = new Map();
    /** The requests that wait for a handler's promise. @type {import("./request-order.js").RequestOrder | null} */
    this.order = null;
    /** Whether the kernel object shows all that it receives. */
    this.shown = false;
    /** @type {PropertyDescriptor | undefined} */
    this.before = undefined;
    const hook = this;
    /** @this {any} @param {Message} msg */
    this.sorted = function (msg) {
      if ((hook.active || hook.order?.queues.size) && hook.divert(msg)) return undefined;
      return msg.channel === "control" ? hook.control(msg) : hook.finish.call(this, msg);
    };
    /** The handlers that were there before, in the order of TYPES. @type {((msg: Message) => any)[]} */
    this.saved = TYPES.map((type) => kernel.get_iopub_handler(type));
    this.hooks = TYPES.map((_, n) => (/** @type {Message} */ msg) => this.arrive(n, msg));
    TYPES.forEach((type, n) => kernel.register_iopub_handler(type, this.hooks[n]));
    Object.defineProperty(kernel, HOOK, { value: this, configurable: true, enumerable: false });
  }

  /**
   * Holds messages until the function returned is called, and for PROGRAM_TIMEOUT_MS at the most.
   * @param {string} [what] is waited for; without it nothing is said when the time is over
   * @param {number} [since] when that began, in ms
   * @returns {() => void}
   */
  hold(what = "", since = performance.now()) {
    if (since <= performance.now() - PROGRAM_TIMEOUT_MS) since = performance.now(); // that wait is over: this is another
    const release = () => {
      clearTimeout(hold.timer);
      if (this.holds.delete(hold) && this.holds.size === 0) this.drain();
    };
    const late = () => {
      if (what) log.warn(`gocomm: ${what} has not answered for ${PROGRAM_TIMEOUT_MS / 1000} s; until it does, ${withoutProgram(this.kernel.comm_manager, "works")}`);
      release();
    };
    const hold = { what, timer: setTimeout(late, PROGRAM_TIMEOUT_MS + since - performance.now()) };
    if (this.holds.size === 0) this.since = since;
    this.holds.add(hold);
    this.active = true;
    this.show();
    return release;
  }

  /** Has the kernel object show all that it receives. Tells whether it does. */
  show() {
    const { kernel } = this;
    if (this.shown || this.closed || typeof kernel._finish_ws_message !== "function") return this.shown;
    this.before = Object.getOwnPropertyDescriptor(kernel, "_finish_ws_message");
    this.finish = kernel._finish_ws_message;
    kernel._finish_ws_message = this.sorted;
    return (this.shown = true);
  }

  /** Has a message wait that must not be handled yet. @param {Message} msg @returns {boolean} whether it waits */
  divert(msg) {
    const request = requestOf(msg);
    const queue = this.order?.queues.get(request);
    const behind = this.requests.has(request); // of the same request
    if (behind || (this.active && isComm(msg) && (this.draining || queue === undefined))) this.keep(AS_RECEIVED, msg);
    else if (queue !== undefined) queue.messages.push(msg);
    else return false;
    if (msg.header?.msg_type === "status") this.hub?.epoch.see(msg, true); // the end of a kernel is known at once
    return true;
  }

  /**
   * Handles a comm message, or holds it. The promise returned, if any, is that of a
   * JavaScript handler: the kernel waits for it before its next message.
   * @param {number} type @param {Message} msg
   */
  arrive(type, msg) {
    if (this.active && !this.inside && !this.passing.has(msg)) return void this.keep(type, msg);
    return this.dispatch(type, msg);
  }

  /** @param {number} type @param {Message} msg */
  dispatch(type, msg) {
    return this.hub ? this.hub.receive(type, msg) : this.saved[type](msg);
  }

  /** Handles a message anew: its program has died of it. @param {number} type @param {Message} msg */
  again(type, msg) {
    if (this.holds.size === 0) return this.dispatch(type, msg);
    this.putBack([[type, msg]]);
    return undefined;
  }

  /** @param {number} level @param {Message} msg */
  keep(level, msg) {
    const size = sizeOf(msg);
    if (this.holds.size > 0 && !this.queue.hasRoom(size)) this.overflow();
    this.queue.push([level, msg], size);
    this.count(msg, 1);
    if (this.holds.size === 0) this.drain();
  }

  /** What is held, and all that follows, goes to the page's own manager, as if the time were over. */
  overflow() {
    const what = [...this.holds].map((hold) => hold.what).filter(Boolean).join(", ");
    log.error(`gocomm: more than ${LIMITS} wait for ${what || "a program"}; until it is there, ${withoutProgram(this.kernel.comm_manager, "works")}`);
    for (const hold of this.holds) clearTimeout(hold.timer);
    this.holds.clear();
    this.drain();
  }

  /** Holds messages that have waited elsewhere, before all others. @param {Held[]} held */
  putBack(held) {
    if (held.length === 0) return;
    this.queue.putBack(held, ([, msg]) => sizeOf(msg));
    for (const [, msg] of held) this.count(msg, 1);
    this.active = true;
    if (this.holds.size === 0) this.drain();
  }

  /** @param {Message} msg @param {number} n */
  count(msg, n) {
    const request = requestOf(msg);
    if (request === "") return;
    const left = (this.requests.get(request) ?? 0) + n;
    if (left > 0) this.requests.set(request, left);
    else this.requests.delete(request);
  }

  /**
   * Has what is held handled, one after the other, as the kernel object would: in this
   * turn, as far as no handler returns a promise.
   */
  async drain() {
    if (this.draining) return;
    this.draining = true;
    while (this.holds.size === 0) {
      const held = this.queue.shift();
      if (held === undefined) break;
      const done = this.pass(held);
      if (done !== undefined) await done;
      this.count(held[1], -1);
    }
    this.draining = false;
    if (this.holds.size > 0) return;
    this.active = false;
    this.since = undefined;
    if (this.hub === null) this.close([]);
  }

  /** @param {Held} held @returns {Promise<void> | undefined} what the next one waits for */
  pass([level, msg]) {
    try {
      const result = this.through(msg, () => (level === AS_RECEIVED ? this.goOn(msg) : this.dispatch(level, msg)));
      if (typeof result?.then !== "function") return undefined;
      const done = Promise.resolve(result).then(() => {}, (e) => report(msg, e));
      // A handler of the page's own manager may never be done.
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, PROGRAM_TIMEOUT_MS);
        done.then(() => (clearTimeout(timer), resolve()));
      });
    } catch (e) {
      return report(msg, e);
    }
  }

  /** Has a message handled that has waited elsewhere: a failure is reported. @param {Message} msg @param {() => any} f */
  handle(msg, f) {
    new Promise((resolve) => resolve(this.through(msg, f))).catch((e) => report(msg, e));
  }

  /** @param {Message} msg */
  goOn(msg) {
    const queue = this.order?.queues.get(requestOf(msg));
    if (queue !== undefined) return void queue.messages.push(msg);
    return msg.channel === "control" ? this.control(msg) : this.finish.call(this.kernel, msg);
  }

  /** The kernel object knows no control channel, and would call its replies errors. @param {Message} msg */
  control(msg) {
    const request = requestOf(msg);
    const told = this.controlled.get(request);
    this.controlled.delete(request);
    told?.(msg);
  }

  /** What this page leaves to one that goes on with its session. */
  left() {
    const { hub, resumed } = this;
    return {
      kernelSession: hub ? hub.epoch.session : resumed?.kernelSession ?? "",
      comms: hub ? hub.left() : resumed?.comms ?? {},
      messages: this.unhandled(),
    };
  }

  /** What has been received and not handled yet, in order, as it travels; what has binary buffers is left out. @returns {string[]} */
  unhandled() {
    const waiting = [...(this.hub?.pending.queue.items() ?? []).map(([, msg]) => msg), ...this.queue.items().map(([, msg]) => msg), ...[...(this.order?.queues.values() ?? [])].flatMap((queue) => queue.messages)];
    return waiting.filter((msg) => !msg.buffers?.length && Boolean(msg.channel)).map((msg) => JSON.stringify(msg));
  }

  /**
   * Calls f, within which msg is handled and not held again.
   * @template T @param {Message} msg @param {() => T} f
   */
  through(msg, f) {
    const before = this.inside;
    this.passing.add(msg);
    this.inside = true;
    try {
      return f();
    } finally {
      this.inside = before;
    }
  }

  /** Drops comm messages: their kernel has ended. @param {string} next the session of the next kernel, whose messages stay */
  purge(next) {
    const gone = this.queue.take(([, msg]) => isComm(msg) && (next === "" || msg.header.session !== next));
    for (const [, msg] of gone) this.count(msg, -1);
  }

  /**
   * Takes the hook off. All that is held goes to the page's own manager, in order.
   * @param {Held[]} first what has waited elsewhere
   */
  close(first) {
    this.hub = null;
    for (const hold of this.holds) clearTimeout(hold.timer);
    this.holds.clear();
    if (!this.closed) {
      this.closed = true;
      const { kernel } = this;
      TYPES.forEach((type, n) => {
        // Another script's may be before it by now, which passes on to it, and it to the saved one.
        if (kernel.get_iopub_handler(type) === this.hooks[n]) kernel.register_iopub_handler(type, this.saved[n]);
      });
      if (kernel[HOOK] === this) delete kernel[HOOK];
      this.order?.close();
    }
    this.putBack(first);
    if (this.active) this.drain();
    if (!this.shown) { // what comes now is not seen here, and must not overtake what is held
      for (let held; (held = this.queue.shift()) !== undefined;) this.pass(held);
    }
    this.unshow();
  }

  /** Takes off what shows messages, when none wait any longer. */
  unshow() {
    const { kernel } = this;
    if (!this.shown || !this.closed || this.active || this.order?.queues.size || kernel._finish_ws_message !== this.sorted) return; // or another script's by now
    this.shown = false;
    delete kernel._finish_ws_message;
    if (this.before) Object.defineProperty(kernel, "_finish_ws_message", this.before);
  }
}

/** One that fails must not take those behind it along. @param {Message} msg @param {unknown} e @returns {undefined} */
function report(msg, e) {
  log.error(`gocomm: a ${msg?.header?.msg_type} that was held could not be handled:`, e);
}
