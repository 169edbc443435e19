// The order of a request's messages while handlers of JavaScript are not done yet. A
// handler's promise holds all messages for a moment, as with the stock manager; then only
// those of the same request, so that its output is routed right, and all others go on.
// @ts-check

import { AS_RECEIVED, isComm, requestOf } from "./message-hook.js";
import * as log from "../runtime/log.js";

/** @typedef {import("../gocomm.js").Message} Message */

/** How long a promise holds messages that have nothing to do with it. */
export const HOLD_ALL_MS = 20;

/** What waits of one request, in order. */
class RequestQueue {
  /** @type {Message[]} */
  messages = [];
  /** The promises that it waits for. @type {Promise<void>[]} */
  waits = [];
  /** A handler has used up its time: the others get none. */
  stalled = false;
}

export class RequestOrder {
  /** @param {import("./message-hook.js").MessageHook} hook */
  constructor(hook) {
    this.hook = hook;
    /** By the msg_id of the request. @type {Map<string, RequestQueue>} */
    this.queues = new Map();
    /** @type {() => void} */
    this.close = () => {};
    /** Settled when nothing waits for handlers any more. @type {Promise<void>} */
    this.closed = new Promise((resolve) => { this.close = resolve; });
  }

  /**
   * Has messages wait for the handler of msg. What is returned is for the kernel's queue.
   * @param {Message} msg @param {Promise<void>} done which is not rejected, and settles in any case
   * @param {number} grace for how long all messages wait, in ms
   * @param {() => void} late called when they do not wait any longer
   * @returns {Promise<void> | undefined}
   */
  hold(msg, done, grace, late) {
    if (!this.hook.show()) return done;
    const goOn = () => {
      const request = requestOf(msg);
      if (request !== "") this.queueOf(request).waits.push(done);
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

  /** @param {string} request @returns {RequestQueue} which is emptied when its waits are over */
  queueOf(request) {
    let queue = this.queues.get(request);
    if (queue === undefined) {
      this.queues.set(request, (queue = new RequestQueue()));
      const begun = queue;
      queueMicrotask(() => this.drain(request, begun)); // it has something to wait for by then
    }
    return queue;
  }

  /** @param {string} request @param {RequestQueue} queue */
  async drain(request, queue) {
    const { hook } = this;
    for (;;) {
      const wait = queue.waits.shift();
      if (wait) {
        await Promise.race([wait, this.closed]);
        continue;
      }
      const msg = queue.messages.shift();
      if (!msg) break;
      if (hook.holds.size > 0 && isComm(msg)) { // for a program that is still to come
        hook.putBack([msg, ...queue.messages].map((m) => [AS_RECEIVED, m]));
        break;
      }
      try {
        await hook.through(msg, () => hook.finish.call(hook.kernel, msg));
      } catch (e) {
        log.error("gocomm: a message of the kernel that had waited could not be handled:", e);
      }
    }
    this.queues.delete(request);
    hook.unshow();
  }

  /** A handler has used up its time. @param {Message} msg */
  stall(msg) {
    const queue = this.queues.get(requestOf(msg));
    if (queue) queue.stalled = true;
  }

  /** Whether one of the same request has. @param {Message} msg */
  stalled(msg) {
    return this.queues.get(requestOf(msg))?.stalled === true;
  }

  /** Drops messages of comms: their kernel has ended. */
  purge() {
    for (const queue of this.queues.values()) queue.messages = queue.messages.filter((msg) => !isComm(msg));
  }
}
