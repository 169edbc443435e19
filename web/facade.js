// The objects that other scripts on the page hold: a comm manager and comms with
// the names and arities of classic Notebook's services/kernels/comm.js.
// @ts-check

import { OPEN, MSG, CLOSE } from "./hub.js";

/**
 * @typedef {import("./gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("./hub.js").Route} Route
 */

export class CommManager {
  /** @param {Hub} hub */
  constructor(hub) {
    this.kernel = hub.kernel;
    // Shared with the stock manager, not copied: others hold on to them.
    this.targets = hub.stock.targets;
    this.comms = hub.stock.comms;
    hide(this, "_hub", hub);
  }

  /** @param {any} kernel */
  init_kernel(kernel) {
    this.kernel = kernel;
  }

  /**
   * @param {string} target_name @param {any} data @param {any} callbacks @param {any} metadata
   * @param {string} comm_id @param {any[]} buffers
   */
  new_comm(target_name, data, callbacks, metadata, comm_id, buffers) {
    const comm = new Comm(target_name, comm_id);
    this.register_comm(comm);
    try {
      comm.open(data, callbacks, metadata, buffers);
    } catch (e) {
      this.unregister_comm(comm);
      throw e;
    }
    return comm;
  }

  /** @param {string} target_name @param {Function} f */
  register_target(target_name, f) {
    const owner = hub(this).claims.get(target_name);
    if (owner) throw new Error(`gocomm: register_target: ${JSON.stringify(target_name)} is a target of ${owner.name}`);
    this.targets[target_name] = f;
    hub(this).main?.targetAdded(target_name);
  }

  /** @param {string} target_name @param {Function} [f] */
  unregister_target(target_name, f) {
    delete this.targets[target_name];
  }

  /** @param {any} comm */
  register_comm(comm) {
    const route = hub(this).main?.register(comm);
    if (route) {
      comm.kernel = this.kernel;
      if (comm instanceof Comm) hide(comm, "_route", route);
      this.comms[comm.comm_id] = Promise.resolve(comm);
    }
    return comm.comm_id;
  }

  /** @param {any} comm */
  unregister_comm(comm) {
    const route = hub(this).routes.get(comm.comm_id);
    if (route?.comm === comm) route?.program.end(route);
    delete this.comms[comm.comm_id];
  }

  /** @param {Message} msg */
  comm_open(msg) {
    return promised(hub(this), OPEN, msg);
  }

  /** @param {Message} msg */
  comm_msg(msg) {
    return promised(hub(this), MSG, msg);
  }

  /** @param {Message} msg */
  comm_close(msg) {
    return promised(hub(this), CLOSE, msg);
  }

  /** The methods that the stock manager passes on while this one has its place. */
  registration() {
    /** @type {Record<string, Function>} */
    const methods = {};
    for (const name of ["new_comm", "register_target", "unregister_target", "register_comm", "unregister_comm"]) {
      methods[name] = /** @type {any} */ (this)[name].bind(this);
    }
    return methods;
  }
}

/** @param {CommManager} manager @returns {Hub} */
const hub = (manager) => /** @type {any} */ (manager)._hub;

/** @param {Hub} hub @param {number} type @param {Message} msg */
function promised(hub, type, msg) {
  const id = msg?.content?.comm_id;
  const known = type === OPEN || hub.routes.has(id);
  const result = hub.receive(type, msg);
  return known ? Promise.resolve(result).then(() => hub.stock.comms[id]) : result;
}

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
  const ended = routeOf(comm)?.ended;
  if (ended) throw new Error(`gocomm: ${type}: comm ${comm.comm_id} (target ${comm.target_name}): ${ended}; open a new comm`);
  return comm.kernel.send_shell_message(type, content, callbacks, metadata, buffers?.map(exact));
}

/**
 * A buffer that is exactly what a view shows: the kernel object sends the whole
 * buffer under it.
 * @param {any} b
 */
function exact(b) {
  const whole = !ArrayBuffer.isView(b) || (b.byteOffset === 0 && b.byteLength === b.buffer.byteLength);
  return whole ? b : b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength);
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
