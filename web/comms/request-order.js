// What comes from the kernel while handlers of JavaScript are not done yet. A handler's
// promise holds all messages for a moment, as with the stock manager; then only those of
// the same request, so that its output is routed right, and all others go on.
// @ts-check

import { TYPES } from "../messaging/message-info.js";

/** @typedef {import("../gocomm.js").Message} Message */

/** How long a promise holds what it has nothing to do with. */
export const GRACE = 20; // ms

/** What waits of one request, in order. */
class Line {
  /** @type {Message[]} */
  queue = [];
  /** What it waits for. @type {Promise<void>[]} */
  waits = [];
  /** A handler has used up its time: the others get none. */
  stalled = false;
}

export class Inbox {
  /** @param {any} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    /** By the msg_id of the request. @type {Map<string, Line>} */
    this.lines = new Map();
    this.opened = false;
    this.closing = false;
    /** @type {() => void} */
    this.giveUp = () => {};
    /** @type {Promise<void>} */
    this.closed = new Promise((resolve) => { this.giveUp = resolve; });
    /** @type {PropertyDescriptor | undefined} */
    this.before = undefined;
    const box = this;
    /** @this {any} @param {Message} msg */
    this.sorted = function (msg) {
      const line = box.lines.size === 0 ? undefined : box.lines.get(keyOf(msg));
      if (line !== undefined) return void line.queue.push(msg);
      // The kernel object knows no control channel, and would call its replies errors.
      return msg.channel === "control" ? undefined : box.finish.call(this, msg);
    };
  }

  /** Has the kernel object show what it has received. Tells whether it does. */
  open() {
    const { kernel } = this;
    if (this.opened || this.closing || typeof kernel._finish_ws_message !== "function") return this.opened;
    this.before = Object.getOwnPropertyDescriptor(kernel, "_finish_ws_message");
    this.finish = kernel._finish_ws_message;
    kernel._finish_ws_message = this.sorted;
    return (this.opened = true);
  }

  /** What waits is handled at once. */
  close() {
    this.closing = true;
    this.giveUp();
    this.leave();
  }

  leave() {
    const { kernel } = this;
    if (!this.opened || this.lines.size > 0 || kernel._finish_ws_message !== this.sorted) return; // or another script's by now
    this.opened = false;
    delete kernel._finish_ws_message;
    if (this.before) Object.defineProperty(kernel, "_finish_ws_message", this.before);
  }

  /**
   * Has messages wait for the handler of msg. What is returned is for the kernel's queue.
   * @param {Message} msg @param {Promise<void>} done which is not rejected, and settles in any case
   * @param {number} grace for how long all messages wait, in ms
   * @param {() => void} late called when they do not wait any longer
   * @returns {Promise<void> | undefined}
   */
  hold(msg, done, grace, late) {
    if (!this.open()) return done;
    const goOn = () => {
      const key = keyOf(msg);
      if (key !== "") this.lineOf(key).waits.push(done);
      late();
    };
    if (grace === 0) return void goOn();
    return new Promise((resolve) => {
      const over = setTimeout(() => {
        goOn();
        resolve();
      }, grace);
      done.then(() => {
        clearTimeout(over);
        resolve();
      });
    });
  }

  /** @param {string} key @returns {Line} which somebody sees to */
  lineOf(key) {
    let line = this.lines.get(key);
    if (line === undefined) {
      this.lines.set(key, (line = new Line()));
      const begun = line;
      queueMicrotask(() => this.drain(key, begun)); // it has something to wait for by then
    }
    return line;
  }

  /** @param {string} key @param {Line} line */
  async drain(key, line) {
    for (;;) {
      const wait = line.waits.shift();
      if (wait) {
        await Promise.race([wait, this.closed]);
        continue;
      }
      const msg = line.queue.shift();
      if (!msg) break;
      try {
        await this.finish.call(this.kernel, msg);
      } catch (e) {
        console.error("gocomm: a message of the kernel that had waited could not be handled:", e);
      }
    }
    this.lines.delete(key);
    if (this.closing) this.leave();
  }

  /** A handler has used up its time. @param {Message} msg */
  stall(msg) {
    const line = this.lines.get(keyOf(msg));
    if (line) line.stalled = true;
  }

  /** Whether one of the same request has. @param {Message} msg */
  stalled(msg) {
    return this.lines.get(keyOf(msg))?.stalled === true;
  }

  /** Takes out messages of comms: their kernel has ended. */
  purge() {
    const stays = (/** @type {any} */ msg) => !TYPES.includes(msg.header?.msg_type);
    for (const line of this.lines.values()) line.queue = line.queue.filter(stays);
  }
}

/** @param {Message} msg @returns {string} the request that it belongs to, or "" */
const keyOf = (msg) => msg?.parent_header?.msg_id ?? "";
