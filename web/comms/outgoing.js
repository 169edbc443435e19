// What JavaScript's comms send: each message whole or not at all, no larger than the
// program allows, and nobody left to wait for an answer that a lost connection took along.
// @ts-check

import { text } from "../runtime/abi.js";
import { makeEnvelopes } from "../messaging/message-factory.js";
import { commOf, urgent } from "../messaging/wire-format.js";
import { LIMITS } from "../messaging/held-queue.js";
import { sizeOf } from "../messaging/message-info.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {{comm_id: string, target_name: string}} Named
 */

/** The kernel object tells that it is connected, again. */
const CONNECTED = "kernel_connected.Kernel";

export class Outbox {
  /** @param {any} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    /** How large what is being sent may be, in bytes; 0: it is none of ours. */
    this.cap = 0;
    /** What waits until it is known whether the kernel is the same; null: nothing does. @type {import("../messaging/held-queue.js").HeldQueue<string | ArrayBuffer> | null} */
    this.held = null;
    this.opened = false;
    /** Whether the kernel object shows what it is about to send. */
    this.shown = false;
    /** Messages for whose idle somebody waits, or did. @type {Set<string>} */
    this.waiting = new Set();
    this.crowded = 256;
    /** @type {PropertyDescriptor | undefined} */
    this.before = undefined;
    this.unmake = () => {};
    const box = this;
    /** @this {any} @param {string | ArrayBuffer} data */
    this.measured = function (data) {
      if (box.cap !== 0) box.measure(bytesOf(data, box.cap));
      if (box.held !== null && !urgent(data)) return void box.hold(data);
      return box.transmit.call(this, data);
    };
    this.reconnected = () => queueMicrotask(() => this.fence()); // behind what it sends now
  }

  /** Has the kernel object show what it sends, and tell when it is connected. */
  open() {
    if (this.opened) return;
    this.opened = true;
    const { kernel } = this;
    kernel.events?.on(CONNECTED, this.reconnected);
    if (typeof kernel._send !== "function") return;
    this.before = Object.getOwnPropertyDescriptor(kernel, "_send");
    this.transmit = kernel._send;
    kernel._send = this.measured;
    this.shown = true;
    this.unmake = makeEnvelopes(kernel, () => this.cap !== 0);
  }

  /** Sends what was held, or leaves it to the kernel object where there is no connection. */
  letGo() {
    const { held } = this;
    if (held === null) return;
    this.held = null;
    for (const data of held.take()) this.kernel._send(data);
  }

  /** Has a message wait. On a comm it is refused when there are too many. @param {string | ArrayBuffer} data */
  hold(data) {
    const { held } = this;
    const size = lengthOf(data);
    if (!held?.hasRoom(size) && commOf(data) !== undefined) {
      throw new Error(`gocomm: nothing was sent: the connection was lost, and more than ${LIMITS} wait for the kernel to identify itself`);
    }
    held?.push(data, size);
  }

  close() {
    this.letGo();
    this.opened = false;
    const { kernel } = this;
    kernel.events?.off(CONNECTED, this.reconnected);
    this.unmake();
    if (!this.shown || kernel._send !== this.measured) return; // or another script's by now
    delete kernel._send;
    if (this.before) Object.defineProperty(kernel, "_send", this.before);
    this.shown = false;
  }

  /**
   * Sends on a comm. What is thrown says that nothing was sent.
   * @param {Named} comm @param {number} cap in bytes @param {string} type @param {any} content
   * @param {any} callbacks @param {any} metadata @param {any[] | undefined} buffers
   * @param {Function} [method] by which a comm of another make does it
   * @returns {string} the msg_id
   */
  send(comm, cap, type, content, callbacks, metadata, buffers, method) {
    const { kernel } = this;
    const last = kernel.last_msg_id, lastCallbacks = kernel.last_msg_callbacks;
    const shell = callbacks?.shell;
    if (shell && shell.reply === undefined && shell.payload === undefined) {
      // The kernel object would wait for a reply, which comm messages do not get, and keep the callbacks.
      callbacks = { iopub: callbacks.iopub, input: callbacks.input, clear_on_done: callbacks.clear_on_done };
    }
    /** @type {string} */
    let id;
    this.cap = cap;
    try {
      if (!this.shown) this.measure(sizeOf({ content, buffers }));
      id = method === undefined ? kernel.send_shell_message(type, content, callbacks, metadata, buffers?.map(exact))
        : method.call(comm, content.data, callbacks, metadata, buffers?.map(exact));
    } catch (e) {
      if (kernel.last_msg_id !== last) { // it has entered the message already
        kernel.clear_callbacks_for_msg?.(kernel.last_msg_id);
        kernel.last_msg_id = last;
        kernel.last_msg_callbacks = lastCallbacks;
      }
      throw this.worded(e, comm, type, content, metadata);
    } finally {
      this.cap = 0;
    }
    if (callbacks?.iopub?.status) this.wait(id);
    return id;
  }

  /** @param {number} size */
  measure(size) {
    const cap = this.cap;
    this.cap = 0;
    if (size > cap) throw new TooLarge(`the message has ${size} bytes, more than the ${cap} that the server takes; send it in parts`);
  }

  /** @param {unknown} e @param {Named} comm @param {string} type @param {any} content @param {any} metadata */
  worded(e, comm, type, content, metadata) {
    if (e instanceof TooLarge) return refusal(comm, type, e.message);
    try {
      JSON.stringify([content, metadata]);
    } catch (why) {
      return refusal(comm, type, `its data are not JSON: ${text(why)}; only JSON can be sent, and buffers beside it`, why);
    }
    return e;
  }

  /** @param {string} id */
  wait(id) {
    this.waiting.add(id);
    if (this.waiting.size < this.crowded) return;
    for (const id of this.waiting) if (!this.waits(id)) this.waiting.delete(id);
    this.crowded = Math.max(256, 2 * this.waiting.size);
  }

  /** @param {string} id */
  waits(id) {
    const callbacks = this.kernel._msg_callbacks?.[id];
    return callbacks !== undefined && !callbacks.iopub_done;
  }

  /**
   * The kernel handles requests in order: when it is idle after one that was sent
   * on the new connection, what it has said of those before is here, or lost.
   */
  fence() {
    const ids = [...this.waiting].filter((id) => this.waits(id));
    if (ids.length === 0) return;
    const status = (/** @type {Message} */ msg) => {
      if (msg.content.execution_state === "idle") this.release(ids.filter((id) => this.waits(id)));
    };
    this.kernel.send_shell_message("kernel_info_request", {}, { iopub: { status } });
  }

  /** @param {string[]} ids of messages whose idle was lost */
  release(ids) {
    if (ids.length === 0) return;
    console.warn(`gocomm: answers were lost with the connection: of ${ids.length} messages on comms it is taken that the kernel is done with them`);
    for (const id of ids) {
      const header = { msg_id: "", msg_type: "status", session: "", username: "gocomm", version: "5.2", date: new Date().toISOString() };
      const idle = { channel: "iopub", header, parent_header: { msg_id: id, session: this.kernel.session_id }, metadata: {}, content: { execution_state: "idle" }, buffers: [] };
      try {
        this.kernel._msg_callbacks[id].iopub.status(idle);
      } catch (e) {
        console.error("gocomm: a status callback failed:", e);
      }
      this.kernel._finish_iopub(id);
    }
  }
}

class TooLarge extends Error {}

/**
 * An error that says what was refused, and why.
 * @param {Named} comm @param {string} type @param {string} why @param {unknown} [cause]
 */
export function refusal(comm, type, why, cause) {
  return new Error(`gocomm: ${type}: comm ${comm.comm_id} (target ${comm.target_name}): ${why}`, { cause });
}

/**
 * A buffer that is exactly what a view shows: the kernel object sends the whole
 * buffer under it.
 * @param {any} b
 */
export function exact(b) {
  const whole = !ArrayBuffer.isView(b) || (b.byteOffset === 0 && b.byteLength === b.buffer.byteLength);
  return whole ? b : b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength);
}

/** What a message counts for while it waits. @param {string | ArrayBuffer} data */
export const lengthOf = (data) => (typeof data === "string" ? data.length : data.byteLength);

/** The length in bytes; of what is certainly below the cap, about. @param {string | ArrayBuffer} data @param {number} cap */
function bytesOf(data, cap) {
  if (typeof data !== "string") return data.byteLength;
  return 3 * data.length <= cap ? data.length : new TextEncoder().encode(data).length;
}
