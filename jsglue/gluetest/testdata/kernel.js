// A kernel object as classic Notebook has it, with its comm manager, as far as
// comms go; services/kernels/kernel.js and comm.js are the model.

export class Kernel {
  constructor() {
    this.session_id = "this page";
    this.handlers = {};
    this.sent = [];
    /** Errors of handlers; classic logs them. */
    this.failures = [];
    this.inputs = [];
    this.queue = Promise.resolve();
    this.comm_manager = new CommManager(this);
  }

  register_iopub_handler(type, handler) {
    this.handlers[type] = handler;
  }

  get_iopub_handler(type) {
    return this.handlers[type];
  }

  send_shell_message(type, content, callbacks, metadata, buffers) {
    const msg_id = `sent-${this.sent.length}`;
    const record = { msg_id, type, content, callbacks, metadata, buffers };
    this.onsend?.(record);
    this.sent.push(record);
    return msg_id;
  }

  send_input_reply(value) {
    this.inputs.push(value);
    return "input";
  }

  /** Like a message from the websocket: handled after those before it, and after the promises of their handlers. */
  deliver(msg) {
    this.queue = this.queue
      .then(() => this.handlers[msg.header.msg_type]?.(msg))
      .catch((e) => this.failures.push(String(e?.stack ?? e)));
    return this.queue;
  }
}

class CommManager {
  constructor(kernel) {
    this.kernel = kernel;
    this.targets = {};
    this.comms = {};
    /** What the stock manager got, in order. */
    this.log = [];
    for (const type of ["comm_open", "comm_msg", "comm_close"]) kernel.register_iopub_handler(type, (msg) => this[type](msg));
  }

  init_kernel(kernel) {
    this.kernel = kernel;
  }

  new_comm(target_name, data, callbacks, metadata, comm_id, buffers) {
    const comm = new StockComm(target_name, comm_id);
    this.register_comm(comm);
    comm.open(data, callbacks, metadata, buffers);
    return comm;
  }

  register_target(target_name, f) {
    this.targets[target_name] = f;
  }

  unregister_target(target_name) {
    delete this.targets[target_name];
  }

  register_comm(comm) {
    this.comms[comm.comm_id] = Promise.resolve(comm);
    comm.kernel = this.kernel;
    return comm.comm_id;
  }

  unregister_comm(comm) {
    delete this.comms[comm.comm_id];
  }

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

  comm_msg(msg) {
    return this.pass("msg", msg, (comm) => comm.handle_msg(msg));
  }

  comm_close(msg) {
    return this.pass("close", msg, (comm) => {
      this.unregister_comm(comm);
      return comm.handle_close(msg);
    });
  }

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
  constructor(target_name, comm_id) {
    this.target_name = target_name;
    this.comm_id = comm_id || `stock-${++last}`;
    this._msg_callback = this._close_callback = null;
  }

  open(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, target_name: this.target_name, data: data || {} };
    return this.kernel.send_shell_message("comm_open", content, callbacks, metadata, buffers);
  }

  send(data, callbacks, metadata, buffers) {
    return this.kernel.send_shell_message("comm_msg", { comm_id: this.comm_id, data: data || {} }, callbacks, metadata, buffers);
  }

  close(data, callbacks, metadata, buffers) {
    return this.kernel.send_shell_message("comm_close", { comm_id: this.comm_id, data: data || {} }, callbacks, metadata, buffers);
  }

  on_msg(callback) {
    this._msg_callback = callback;
  }

  on_close(callback) {
    this._close_callback = callback;
  }

  handle_msg(msg) {
    return this._msg_callback?.(msg);
  }

  handle_close(msg) {
    return this._close_callback?.(msg);
  }
}
