// Pending opens: comms that the kernel opens before anybody has registered their target. The
// stock manager refuses them at once, and a widget is blank; here they wait a while, and with
// them what follows on the same comm. Outputs do not wait: most targets that are missing
// never come.
// @ts-check

import { isOffer } from "./adoption.js";
import { HeldQueue, LIMITS } from "../messaging/held-queue.js";
import { OPEN, sizeOf } from "../messaging/message-info.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./message-hook.js").Held} Held
 * @typedef {import("./hub.js").Hub} Hub
 */

/** How long they wait. Package commmgr has the same for hosts without a page. */
const TARGET_GRACE_MS = 10_000;

export class PendingOpens {
  /** @param {Hub} hub */
  constructor(hub) {
    this.hub = hub;
    /** The messages of all of them, in order. @type {HeldQueue<Held>} */
    this.queue = new HeldQueue();
    /** By comm id. @type {Map<string, {target: string, timer: ReturnType<typeof setTimeout>}>} */
    this.comms = new Map();
    /** Those whose time is over: they are given up together. @type {Set<unknown>} */
    this.over = new Set();
    /** What was in the place of the stock manager's register_target. @type {PropertyDescriptor | undefined} */
    this.before = undefined;
    /** @type {Function | null} */
    this.watched = null;
  }

  /**
   * Has a message wait if it opens a comm whose target is not there, or if it is for one that waits.
   * @param {number} type @param {Message} msg @returns {boolean} whether it waits
   */
  hold(type, msg) {
    const { comm_id: id, target_name: target, target_module: module } = msg?.content ?? {};
    if (!this.comms.has(id)) {
      const { claims, main, routes, stock } = this.hub;
      if (type !== OPEN || typeof id !== "string" || typeof target !== "string" || routes.has(id)) return false;
      if (claims.has(target) || Object.hasOwn(stock.targets, target)) return false;
      if (module && !main) return false; // the stock manager loads modules
    }
    const size = sizeOf(msg);
    if (!this.queue.hasRoom(size)) {
      log.error(`gocomm: more than ${LIMITS} wait for targets that nobody has registered: they wait no longer, as if their time were over`);
      this.giveUp(this.take());
      return false;
    }
    this.queue.push([type, msg], size);
    if (!this.comms.has(id)) {
      const comm = { target, timer: setTimeout(() => this.expire(comm), TARGET_GRACE_MS) };
      this.comms.set(id, comm);
      this.watch();
    }
    return true;
  }

  /** Gives up what waits for a target, in order. @param {string} target @returns {Held[]} */
  takeFor(target) {
    return this.take((comm) => comm.target === target);
  }

  /** Forgets a comm that somebody takes up by its id. @param {string} id */
  drop(id) {
    if (this.comms.has(id)) this.take((comm) => comm === this.comms.get(id));
  }

  /** @param {(comm: {target: string}) => boolean} [wanted] @returns {Held[]} */
  take(wanted = () => true) {
    const ids = new Set();
    for (const [id, comm] of this.comms) {
      if (!wanted(comm)) continue;
      clearTimeout(comm.timer);
      this.comms.delete(id);
      ids.add(id);
    }
    if (this.comms.size === 0) this.unwatch();
    return ids.size > 0 ? this.queue.take(([, msg]) => ids.has(msg.content.comm_id)) : [];
  }

  /** @param {unknown} comm whose time is over */
  expire(comm) {
    if (this.over.size === 0) setTimeout(() => {
      const { over } = this;
      this.over = new Set();
      this.giveUp(this.take((comm) => over.has(comm)));
    });
    this.over.add(comm);
  }

  /**
   * The program in the stock manager's place refuses the opens, and tells the kernel;
   * without one, the stock manager gets all.
   * @param {Held[]} held
   */
  giveUp(held) {
    const { hook, main } = this.hub;
    if (hook.holds.size > 0) return void hook.putBack(held); // for a program that is about to come
    const seen = new Set();
    const offered = new Set(held.filter(([, msg]) => isOffer(msg)).map(([, msg]) => msg.content.comm_id));
    for (const [type, msg] of held) {
      const id = msg.content.comm_id;
      if (isOffer(msg)) this.hub.offers.delete(id); // nobody takes the comm up: its messages are those of an unknown one
      else if (offered.has(id)) hook.handle(msg, () => this.hub.receive(type, msg));
      else if (!main) hook.handle(msg, () => hook.saved[type](msg));
      else if (!seen.has(id)) hook.handle(msg, () => main.deliver(type, msg)); // what follows is of a comm that is refused
      seen.add(id);
    }
  }

  /** Learns of the targets that are registered with the stock manager, unless a program is in its place. */
  watch() {
    if (this.watched || this.hub.main || this.hub.detached || this.comms.size === 0) return;
    const pending = this;
    const { hook, stock } = this.hub;
    const register = stock.register_target;
    this.before = Object.getOwnPropertyDescriptor(stock, "register_target");
    /** @this {any} @param {string} target @param {Function} f */
    this.watched = function (target, f) {
      register.call(this, target, f);
      hook.putBack(pending.takeFor(target));
    };
    stock.register_target = /** @type {any} */ (this.watched);
  }

  unwatch() {
    const stock = /** @type {any} */ (this.hub.stock);
    if (this.watched && stock.register_target === this.watched) {
      delete stock.register_target;
      if (this.before) Object.defineProperty(stock, "register_target", this.before);
    }
    this.watched = null;
  }
}
