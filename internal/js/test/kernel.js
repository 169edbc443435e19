// A kernel object as classic Notebook has it, with its comm manager, as far as comms go;
// services/kernels/kernel.js and comm.js are the model.

/**
 * @typedef {import("../../../web/gocomm.js").Message} Message
 * @typedef {import("../../../web/gocomm.js").Callbacks} Callbacks
 * @typedef {(ArrayBuffer | ArrayBufferView)[]} Buffers
 * @typedef {{msg_id: string, type: string, content: any, callbacks?: Callbacks, metadata?: any, buffers?: any[]}} Sent
 * @typedef {(msg: Message) => any} Handler
 */

export class Kernel {
  constructor() {
    this.session_id = "this page";
    /** @type {Record<string, Handler>} */
    this.handlers = {};
    /** @type {Sent[]} */
    this.sent = [];
    /** Called with what is about to be sent: it may throw. @type {((record: Sent) => void) | undefined} */
    this.onsend = undefined;
    /** Errors of handlers; classic logs them. @type {string[]} */
    this.failures = [];
    /** @type {string[]} */
    this.inputs = [];
    /** @type {Promise<any>} */
    this.queue = Promise.resolve();
    /** Where it tells of its connection; the tests that need it set it. @type {any} */
    this.events = undefined;
    /** The stock manager, or another in its place. @type {any} */
    this.comm_manager = new CommManager(this);
  }

  /** @param {string} type @param {Handler} handler */
  register_iopub_handler(type, handler) {
    this.handlers[type] = handler;
  }

  /** @param {string} type */
  get_iopub_handler(type) {
    return this.handlers[type];
  }

  /** @param {string} type @param {any} content @param {Callbacks} [callbacks] @param {any} [metadata] @param {Buffers} [buffers] */
  send_shell_message(type, content, callbacks, metadata, buffers) {
    const msg_id = `sent-${this.sent.length}`;
    const record = { msg_id, type, content, callbacks, metadata, buffers };
    this.onsend?.(record);
    this.sent.push(record);
    return msg_id;
  }

  /** @param {string} value */
  send_input_reply(value) {
    this.inputs.push(value);
    return "input";
  }

  /**
   * Like a message from the websocket: handled after those before it, and after the promises of their handlers.
   * @param {Message} msg
   */
  deliver(msg) {
    this.queue = this.queue
      .then(() => this.handlers[msg.header.msg_type]?.(msg))
      .catch((e) => this.failures.push(String(e?.stack ?? e)));
    return this.queue;
  }
}

export class CommManager {
  /** @param {Kernel} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    /** @type {Record<string, (comm: any, msg: Message) => any>} */
    this.targets = {};
    /** @type {Record<string, Promise<any>>} */
    this.comms = {};
    /** What the stock manager got, in order. @type {string[]} */
    this.log = [];
    for (const type of /** @type {const} */ (["comm_open", "comm_msg", "comm_close"])) {
      kernel.register_iopub_handler(type, (msg) => this[type](msg));
    }
  }

  /** @param {Kernel} kernel */
  init_kernel(kernel) {
    this.kernel = kernel;
  }

  /**
   * @param {string} target_name @param {any} [data] @param {Callbacks} [callbacks] @param {any} [metadata]
   * @param {string} [comm_id] @param {Buffers} [buffers]
   */
  new_comm(target_name, data, callbacks, metadata, comm_id, buffers) {
    const comm = new StockComm(target_name, comm_id);
    this.register_comm(comm);
    comm.open(data, callbacks, metadata, buffers);
    return comm;
  }

  /** @param {string} target_name @param {(comm: any, msg: Message) => any} f */
  register_target(target_name, f) {
    this.targets[target_name] = f;
  }

  /** @param {string} target_name */
  unregister_target(target_name) {
    delete this.targets[target_name];
  }

  /** @param {any} comm */
  register_comm(comm) {
    this.comms[comm.comm_id] = Promise.resolve(comm);
    comm.kernel = this.kernel;
    return comm.comm_id;
  }

  /** @param {any} comm */
  unregister_comm(comm) {
    delete this.comms[comm.comm_id];
  }

  /** @param {Message} msg */
  comm_open(msg) {
    const { comm_id, target_name } = msg.content; // throws without content, as the model does
    this.log.push(`open ${comm_id}`);
    const target = this.targets[target_name];
    const opened = !target
      ? Promise.reject(new Error(`Class ${target_name} not found in registry`))
      : Promise.resolve().then(() => {
          const comm = new StockComm(target_name, comm_id);
          comm.kernel = this.kernel;
          return Promise.resolve(target(comm, msg)).then(() => comm);
        });
    this.comms[comm_id] = opened;
    return opened;
  }

  /** @param {Message} msg */
  comm_msg(msg) {
    return this.pass("msg", msg, (comm) => comm.handle_msg(msg));
  }

  /** @param {Message} msg */
  comm_close(msg) {
    return this.pass("close", msg, (comm) => {
      this.unregister_comm(comm);
      return comm.handle_close(msg);
    });
  }

  /** @param {"msg" | "close"} what @param {Message} msg @param {(comm: any) => any} f */
  pass(what, msg, f) {
    const id = msg.content.comm_id;
    this.log.push(what === "msg" ? `msg ${id} ${JSON.stringify(msg.content.data)}` : `${what} ${id}`);
    if (this.comms[id] === undefined) return undefined;
    const done = this.comms[id].then((comm) => Promise.resolve(f(comm)).then(() => comm));
    if (what === "msg") this.comms[id] = done;
    return done;
  }
}

let last = 0;

/** Comms of the AMD module services/kernels/comm: foreign objects for gocomm. */
export class StockComm {
  /** @param {string} target_name @param {string} [comm_id] */
  constructor(target_name, comm_id) {
    this.target_name = target_name;
    this.comm_id = comm_id || `stock-${++last}`;
    /** @type {any} */
    this.kernel = undefined;
    /** @type {Handler | null} */
    this._msg_callback = null;
    /** @type {Handler | null} */
    this._close_callback = null;
  }

  /** @param {any} [data] @param {Callbacks} [callbacks] @param {any} [metadata] @param {Buffers} [buffers] */
  open(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, target_name: this.target_name, data: data || {} };
    return this.kernel.send_shell_message("comm_open", content, callbacks, metadata, buffers);
  }

  /** @param {any} [data] @param {Callbacks} [callbacks] @param {any} [metadata] @param {Buffers} [buffers] */
  send(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, data: data || {} };
    return this.kernel.send_shell_message("comm_msg", content, callbacks, metadata, buffers);
  }

  /** @param {any} [data] @param {Callbacks} [callbacks] @param {any} [metadata] @param {Buffers} [buffers] */
  close(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, data: data || {} };
    return this.kernel.send_shell_message("comm_close", content, callbacks, metadata, buffers);
  }

  /** @param {Handler | null} callback */
  on_msg(callback) {
    this._msg_callback = callback;
  }

  /** @param {Handler | null} callback */
  on_close(callback) {
    this._close_callback = callback;
  }

  /** @param {Message} msg */
  handle_msg(msg) {
    return this._msg_callback?.(msg);
  }

  /** @param {Message} msg */
  handle_close(msg) {
    return this._close_callback?.(msg);
  }
}
