// The comms that other scripts on the page hold, with the names and arities of those
// of classic Notebook's services/kernels/comm.js.
// @ts-check

import { newID } from "../messaging/ids.js";
import { exact } from "./outgoing.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./js-route.js").JSRoute} JSRoute
 */

export class Comm {
  /** @type {JSRoute | undefined} */
  #route;

  /** @param {string} target_name @param {string} [comm_id] */
  constructor(target_name, comm_id) {
    this.target_name = target_name;
    this.comm_id = comm_id || newID();
    /** @type {any} */
    this.kernel = undefined;
    /** @type {Function | null} */
    this._msg_callback = null;
    /** @type {Function | null} */
    this._close_callback = null;
  }

  /** @param {any} data @param {any} callbacks @param {any} metadata @param {any[]} buffers */
  open(data, callbacks, metadata, buffers) {
    return this.#send("comm_open", { comm_id: this.comm_id, target_name: this.target_name, data: data || {} }, callbacks, metadata, buffers);
  }

  /** @param {any} data @param {any} [callbacks] @param {any} [metadata] @param {any[]} [buffers] */
  send(data, callbacks, metadata, buffers) {
    return this.#send("comm_msg", { comm_id: this.comm_id, data: data || {} }, callbacks, metadata, buffers);
  }

  /** @param {any} data @param {any} callbacks @param {any} metadata @param {any[]} buffers */
  close(data, callbacks, metadata, buffers) {
    return this.#send("comm_close", { comm_id: this.comm_id, data: data || {} }, callbacks, metadata, buffers);
  }

  /**
   * @param {"comm_open" | "comm_msg" | "comm_close"} type @param {object} content @param {any} callbacks @param {any} metadata @param {any[] | undefined} buffers
   * @returns {string}
   */
  #send(type, content, callbacks, metadata, buffers) {
    const route = this.#route;
    if (route === undefined) { // it is the page's own manager's
      return this.kernel.send_shell_message(type, content, callbacks, metadata, buffers?.map(exact));
    }
    return route.send(this, type, content, callbacks, metadata, buffers);
  }

  /** @param {Comm} comm @param {JSRoute} route its entry in the index */
  static tie(comm, route) {
    comm.#route = route;
  }

  /** @param {string} key @param {Function} callback */
  _register_callback(key, callback) {
    // Names that are put together cost more than the rest of opening a comm.
    if (key === "msg") this._msg_callback = callback;
    else if (key === "close") this._close_callback = callback;
    else /** @type {any} */ (this)[`_${key}_callback`] = callback;
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
    const callback = key === "msg" ? this._msg_callback
      : key === "close" ? this._close_callback : /** @type {any} */ (this)[`_${key}_callback`];
    if (!callback) return undefined;
    try {
      return callback(msg);
    } catch (e) {
      log.error(`gocomm: comm ${this.comm_id} (target ${this.target_name}): its ${key} handler threw:`, e);
      return undefined;
    }
  }
}

/** @param {object} object @param {string} name @param {any} value */
export function hide(object, name, value) {
  Object.defineProperty(object, name, { value, configurable: true, enumerable: false });
}
