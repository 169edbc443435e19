// The index entry of a comm whose handlers are JavaScript. It keeps the comm's whole life: its objects, what they
// send, and its end.
// @ts-check

import { handle } from "./js-handlers.js";
import { MSG } from "../messaging/message-info.js";
import { worded } from "./outgoing.js";
import * as log from "../runtime/log.js";

/** Why a comm has ended whose kernel has. */
export const KERNEL_GONE = "its kernel was restarted, changed or shut down";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./js-comms.js").JSComms} JSComms
 */

export class JSRoute {
  /**
   * @param {JSComms} js @param {string} id @param {any} comm its object
   * @param {boolean} own the comm was opened on behalf of this page
   */
  constructor(js, id, comm, own) {
    this.js = js;
    this.id = id;
    this.own = own;
    this.comm = comm;
    /** More objects for the comm, the newest last. @type {any[] | null} */
    this.others = null;
    /** The kernel has opened it. */
    this.opened = false;
    /** Settled when its target, and what came meanwhile, is done. @type {Promise<void> | null} */
    this.opening = null;
    /** The promises of its handlers take longer than HOLD_ALL_MS of request-order.js. */
    this.slow = false;
    /** How many of these promises have exceeded the stall limit, and not settled since. */
    this.stalled = 0;
    /** Why the comm has ended, or "". */
    this.ended = "";
    /** Its kernel, by how many had ended before. */
    this.epoch = js.hub.epoch.count;
    /** The console has a line about a send after the end. */
    this.told = false;
  }

  /** @returns {string} its name */
  get target() {
    return this.comm.target_name;
  }

  /** Its objects, the oldest first. */
  get objects() {
    return this.others === null ? [this.comm] : [this.comm, ...this.others];
  }

  /** Adds an object: each of them gets the comm's messages. @param {any} comm */
  add(comm) {
    if (this.comm !== comm && !this.others?.includes(comm)) (this.others ??= []).push(comm);
  }

  /** Leaves only this one object the comm's messages. @param {any} comm */
  keepOnly(comm) {
    this.comm = comm;
    this.others = null;
  }

  /**
   * Removes an object; without any, the comm ends.
   * @param {any} comm @returns {any} the newest object that is left
   */
  remove(comm) {
    const rest = this.objects.filter((c) => c !== comm);
    if (rest.length === 0) {
      this.end("closed by this page");
      return undefined;
    }
    this.comm = rest[0];
    this.others = rest.length > 1 ? rest.slice(1) : null;
    return rest.at(-1);
  }

  /** @param {number} type @param {Message} msg of the kernel @returns {Promise<void> | undefined} */
  receive(type, msg) {
    if (type === MSG) return handle(this, "handle_msg", msg);
    this.end("closed by the kernel");
    return handle(this, "handle_close", msg);
  }

  /**
   * Sends for one of the comm's objects.
   * @param {any} comm the object @param {"comm_open" | "comm_msg" | "comm_close"} type @param {any} content
   * @param {any} callbacks @param {any} metadata @param {any[] | undefined} buffers
   * @param {Function} [method] of an object that is not ours, which sends in its own way
   * @returns {string} the msg_id
   */
  send(comm, type, content, callbacks, metadata, buffers, method) {
    if (this.ended) return this.sendAfterEnd(comm, type, content, callbacks, metadata, buffers, method);
    const id = this.transmit(comm, type, content, callbacks, metadata, buffers, method);
    if (type === "comm_close") this.end("closed by this page");
    return id;
  }

  /**
   * Sends on a comm that has ended, as the stock manager does: its callers expect no exception. The console has one line
   * for the comm. What is for a kernel that has ended does not go to the next.
   * @type {JSRoute["send"]}
   */
  sendAfterEnd(comm, type, content, callbacks, metadata, buffers, method) {
    const { js } = this;
    if (type === "comm_open" && !js.handedOver) return js.register(comm).send(comm, type, content, callbacks, metadata, buffers, method);
    const lost = this.ended === KERNEL_GONE || this.epoch !== js.hub.epoch.count;
    if (!this.told) {
      this.told = true;
      log.warn(`gocomm: ${type}: comm ${this.id} (target ${comm.target_name}): ${lost ? KERNEL_GONE : this.ended}; ` +
        `${lost ? "nothing is sent" : "the kernel gets the message all the same"}; open a new comm (this is said once for a comm)`);
    }
    return lost ? js.hub.outgoing.skip(callbacks) : this.transmit(comm, type, content, callbacks, metadata, buffers, method);
  }

  /** @type {JSRoute["send"]} */
  transmit(comm, type, content, callbacks, metadata, buffers, method) {
    const { hub, maxSend } = this.js;
    try {
      return hub.outgoing.send(maxSend, type, content, callbacks, metadata, buffers, comm, method);
    } catch (e) {
      throw worded(e, comm, type, content, metadata);
    }
  }

  /** Ends the comm, once; the kernel is told nothing. @param {string} why */
  end(why) {
    if (this.ended) return;
    this.ended = why;
    this.js.hub.routes.delete(this.id);
    delete this.js.comms[this.id];
  }

  /**
   * Calls on_close of a comm whose kernel has ended, if its target has asked for that: widgets take themselves off
   * the page there.
   */
  closeWithKernel() {
    if (!this.opened || !this.js.closeWithKernel.has(this.comm.target_name)) return;
    const msg = {
      channel: "iopub", header: { msg_id: "", msg_type: "comm_close", session: "", username: "gocomm", version: "5.2", date: new Date().toISOString() },
      parent_header: {}, metadata: {}, content: { comm_id: this.id, data: { reason: this.ended } }, buffers: [],
    };
    for (const comm of this.objects) {
      Promise.resolve(this.opening) // after the messages that came before
        .then(() => comm.handle_close(msg))
        .catch((e) => log.error(`gocomm: comm ${this.id} (target ${comm.target_name}): its close handler failed:`, e));
    }
  }
}
