// The comms that other scripts on the page hold, with the names and arities of those
// of classic Notebook's services/kernels/comm.js.
// @ts-check

import { refusal } from "./outbox.js";

/**
 * @typedef {import("./gocomm.js").Message} Message
 * @typedef {import("./hub.js").Route} Route
 */

export class Comm {
  /** @param {string} target_name @param {string} [comm_id] */
  constructor(target_name, comm_id) {
    this.target_name = target_name;
    this.comm_id = comm_id || uuid();
    /** @type {any} */
    this.kernel = undefined;
    /** @type {Function | null} */
    this._msg_callback = null;
    /** @type {Function | null} */
    this._close_callback = null;
  }

  /** @param {any} data @param {any} callbacks @param {any} metadata @param {any[]} buffers */
  open(data, callbacks, metadata, buffers) {
    return send(this, "comm_open", { comm_id: this.comm_id, target_name: this.target_name, data: data || {} }, callbacks, metadata, buffers);
  }

  /** @param {any} data @param {any} [callbacks] @param {any} [metadata] @param {any[]} [buffers] */
  send(data, callbacks, metadata, buffers) {
    return send(this, "comm_msg", { comm_id: this.comm_id, data: data || {} }, callbacks, metadata, buffers);
  }

  /** @param {any} data @param {any} callbacks @param {any} metadata @param {any[]} buffers */
  close(data, callbacks, metadata, buffers) {
    const id = send(this, "comm_close", { comm_id: this.comm_id, data: data || {} }, callbacks, metadata, buffers);
    const route = routeOf(this);
    if (route) route.program.end(route);
    return id;
  }

  /** @param {string} key @param {Function} callback */
  _register_callback(key, callback) {
    /** @type {any} */ (this)[`_${key}_callback`] = callback;
  }

  /** @param {Function} callback */
  on_msg(callback) {
    this._register_callback("msg", callback);
  }

  /** @param {Function} callback */
  on_close(callback) {
    this._register_callback("close", callback);
  }

  /** @param {Message} msg */
  handle_msg(msg) {
    return this._callback("msg", msg);
  }

  /** @param {Message} msg */
  handle_close(msg) {
    return this._callback("close", msg);
  }

  /** @param {string} key @param {Message} msg */
  _callback(key, msg) {
    const callback = /** @type {any} */ (this)[`_${key}_callback`];
    if (!callback) return undefined;
    try {
      return callback(msg);
    } catch (e) {
      console.error(`gocomm: comm ${this.comm_id} (target ${this.target_name}): its ${key} handler threw:`, e);
      return undefined;
    }
  }
}

/** @param {Comm} comm @returns {Route | undefined} */
export const routeOf = (comm) => /** @type {any} */ (comm)._route;

/**
 * @param {Comm} comm @param {string} type @param {object} content @param {any} callbacks @param {any} metadata @param {any[] | undefined} buffers
 * @returns {string}
 */
function send(comm, type, content, callbacks, metadata, buffers) {
  const route = routeOf(comm);
  if (route === undefined) throw refusal(comm, type, "it is registered with no comm manager; call register_comm first");
  if (route.ended) throw refusal(comm, type, `${route.ended}; open a new comm`);
  const { hub, maxSend } = route.program;
  return hub.outbox.send(comm, maxSend, type, content, callbacks, metadata, buffers);
}

/** @param {object} object @param {string} name @param {any} value */
export function hide(object, name, value) {
  Object.defineProperty(object, name, { value, configurable: true, enumerable: false });
}

/** Classic's form of ids: 32 hexadecimal digits. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
