// The one way to the kernel: what comms send, whether Go or JavaScript handles them. A message is sent whole or not at
// all, no larger than allowed, and nobody waits for an answer that a lost connection took along.
// @ts-check

import { text } from "../runtime/abi.js";
import { newID } from "../messaging/ids.js";
import { makeEnvelopes } from "../messaging/message-factory.js";
import { LIMITS } from "../messaging/held-queue.js";
import { MARK, commOf, spliced, urgent } from "../messaging/wire-format.js";
import { sizeOf } from "../messaging/message-info.js";
import { TooLarge } from "../messaging/send-limit.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {{comm_id: string, target_name?: string}} Named
 */

/** The kernel object's event when it is connected, again. */
const CONNECTED = "kernel_connected.Kernel";

export class Outgoing {
  /** @param {any} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    /** How large the message that is being sent may be, in bytes; 0: it is not one of comms. */
    this.cap = 0;
    /** The JSON text of its data, which stands in its frame where MARK is now; null: there is none. @type {string | null} */
    this.text = null;
    /** What waits until it is known whether the kernel is the same; null: nothing does. @type {import("../messaging/held-queue.js").HeldQueue<string | ArrayBuffer> | null} */
    this.held = null;
    this.opened = false;
    /** Whether the kernel object's messages pass here as they travel. */
    this.shown = false;
    /** Its method, where no script has changed it for this kernel alone. @type {Function | undefined} */
    this.unchanged = undefined;
    /** Messages for whose idle somebody waits, or did. @type {Set<string>} */
    this.waiting = new Set();
    this.crowded = 256;
    /** @type {PropertyDescriptor | undefined} */
    this.before = undefined;
    this.closed = false;
    /** @type {ReturnType<typeof makeEnvelopes> | undefined} */
    this.envelopes = undefined;
    const box = this;
    /** @this {any} @param {string | ArrayBuffer} data */
    this.measured = function (data) {
      if (box.text !== null) data = spliced(data, box.text);
      if (box.cap !== 0) box.measure(bytesOf(data, box.cap));
      if (box.held !== null && !urgent(data)) return void box.hold(data);
      return box.transmit.call(this, data);
    };
    this.reconnected = () => queueMicrotask(() => this.releaseLostIdles()); // after what it sends now
  }

  /** Has the kernel object's messages pass here, from the first one of a comm on. */
  open() {
    if (this.opened || this.closed) return;
    this.opened = true;
    const { kernel } = this;
    kernel.events?.on(CONNECTED, this.reconnected);
    if (typeof kernel._send !== "function") return;
    this.before = Object.getOwnPropertyDescriptor(kernel, "_send");
    this.transmit = kernel._send;
    kernel._send = this.measured;
    this.shown = true;
    if (!Object.hasOwn(kernel, "send_shell_message")) this.unchanged = kernel.send_shell_message;
    this.envelopes = makeEnvelopes(kernel, () => this.cap !== 0);
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
    this.closed = true;
    const { kernel } = this;
    kernel.events?.off(CONNECTED, this.reconnected);
    this.envelopes?.undo();
    if (!this.shown || kernel._send !== this.measured) return; // or another script's by now
    delete kernel._send;
    if (this.before) Object.defineProperty(kernel, "_send", this.before);
    this.shown = false;
  }

  /**
   * Sends on a comm. What is thrown says that nothing was sent.
   * @param {number} cap in bytes @param {string} type @param {any} content
   * @param {any} [callbacks] @param {any} [metadata] @param {any[]} [buffers]
   * @param {object} [comm] an object that is not ours, @param {Function} [method] and its method that sends
   * @returns {string} the msg_id
   */
  send(cap, type, content, callbacks, metadata, buffers, comm, method) {
    this.open();
    const { kernel, cap: outer } = this; // a script's code may send within a send
    const last = kernel.last_msg_id, lastCallbacks = kernel.last_msg_callbacks;
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
      throw e;
    } finally {
      this.cap = outer;
    }
    if (callbacks) this.expect(id, callbacks);
    return id;
  }

  /**
   * The same with data that are JSON text already. Where the kernel object's methods are as they were made, the text
   * travels as it is; elsewhere its value does, which is then read from it.
   * @param {number} cap @param {string} type @param {Named} content @param {string} data
   * @param {any} callbacks @param {any} metadata @param {any[]} buffers
   */
  sendText(cap, type, content, data, callbacks, metadata, buffers) {
    this.open();
    if (!this.splices()) return this.send(cap, type, { ...content, data: JSON.parse(data) }, callbacks, metadata, buffers);
    const { text: outer } = this;
    this.text = data;
    try {
      return this.send(cap, type, withText(this, content, data), callbacks, metadata, buffers);
    } finally {
      this.text = outer;
    }
  }

  /** Whether nobody but the kernel object sees a message before it passes here, or could tell MARK from its data. */
  splices() {
    const { kernel } = this;
    return this.shown && kernel._send === this.measured && kernel.send_shell_message === this.unchanged && this.envelopes?.makes() === true;
  }

  /** @param {number} size */
  measure(size) {
    const cap = this.cap;
    this.cap = 0;
    if (size > cap) throw new TooLarge(size, cap);
  }

  /**
   * Kernels do not reply to comm messages: the kernel object must not keep the callbacks for the sake of a reply.
   * @param {string} id @param {any} callbacks
   */
  expect(id, callbacks) {
    const kept = this.kernel._msg_callbacks?.[id];
    if (kept) kept.shell_done = true;
    if (callbacks.iopub?.status) this.wait(id);
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
   * The kernel handles requests in order: when it is idle after one that was sent on the new connection, its idle
   * after those before has arrived, or is lost.
   */
  releaseLostIdles() {
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
    log.warn(`gocomm: answers were lost with the connection: of ${ids.length} messages on comms it is taken that the kernel is done with them`);
    for (const id of ids) {
      this.idle(id, this.kernel._msg_callbacks[id].iopub);
      this.kernel._finish_iopub(id);
    }
  }

  /**
   * Stands for a send of what the kernel is not to get: who waits until the kernel is done with it goes on.
   * @param {any} callbacks @returns {string} a msg_id
   */
  skip(callbacks) {
    const id = newID();
    const iopub = callbacks?.iopub;
    if (typeof iopub?.status === "function") queueMicrotask(() => this.idle(id, iopub));
    return id;
  }

  /** Tells a status callback that the kernel is idle. @param {string} id of the message @param {any} iopub the callbacks */
  idle(id, iopub) {
    const header = { msg_id: "", msg_type: "status", session: "", username: "gocomm", version: "5.2", date: new Date().toISOString() };
    try {
      iopub.status({ channel: "iopub", header, parent_header: { msg_id: id, session: this.kernel.session_id }, metadata: {}, content: { execution_state: "idle" }, buffers: [] });
    } catch (e) {
      log.error("gocomm: a status callback failed:", e);
    }
  }
}

/**
 * The content of a message whose data are text. Who looks at it finds the value; in JSON it has MARK, while it is sent.
 * @param {Outgoing} box @param {Named} content @param {string} data
 */
function withText(box, content, data) {
  return {
    __proto__: { toJSON: () => (box.text === data ? { ...content, data: MARK } : { ...content, data: JSON.parse(data) }) },
    ...content,
    get data() { return JSON.parse(data); },
  };
}

/**
 * The error of a send on a comm of JavaScript, which says what was refused, and why.
 * @param {any} e @param {Named} comm @param {string} type @param {any} content @param {any} metadata
 */
export function worded(e, comm, type, content, metadata) {
  const refusal = (/** @type {string} */ why, /** @type {unknown} */ cause) =>
    new Error(`gocomm: ${type}: comm ${comm.comm_id} (target ${comm.target_name}): ${why}`, { cause });
  if (e instanceof TooLarge) return refusal(e.message, undefined);
  try {
    JSON.stringify([content, metadata]);
  } catch (why) {
    return refusal(`its data are not JSON: ${text(why)}; only JSON can be sent, and buffers beside it`, why);
  }
  return e;
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
