// The kernel object for a kernel connection of JupyterLab. Messages of comms come by its handlers before the
// connection handles them, which does for all that no program has.
// @ts-check

import { ConnectionKernel } from "./connection-kernel.js";
import { LabManager } from "./lab-manager.js";

/** @typedef {import("../gocomm.js").Message} Message */

const COMMS = { comm_open: "_handleCommOpen", comm_msg: "_handleCommMsg", comm_close: "_handleCommClose" };

export class LabKernel extends ConnectionKernel {
  /** @param {any} connection */
  constructor(connection) {
    super(connection);
    /** @type {(msg: Message) => Promise<void>} */
    this.handle = connection._handleMessage.bind(connection);
    connection._handleMessage = (/** @type {Message} */ msg) => (
      msg.channel === "control" ? this.handle(msg) : this._finish_ws_message(msg)
    );
    const manager = this.comm_manager = new LabManager(this);
    for (const [type, name] of Object.entries(COMMS)) {
      const theirs = connection[name].bind(connection);
      this.register_iopub_handler(type, (msg) => manager.receive(type, msg) ?? theirs(msg));
      connection[name] = (/** @type {Message} */ msg) => this.get_iopub_handler(type)(msg); // which Lab awaits
    }
    const register = connection.registerCommTarget;
    connection.registerCommTarget = (/** @type {string} */ target, /** @type {Function} */ f) => {
      register.call(connection, target, f);
      manager.register_target(target, f); // which lets go what has waited for it
    };
  }

  /** Done when what came before is handled. */
  get _msg_queue() {
    return this.connection._msgChain;
  }

  set _msg_queue(queue) {
    this.connection._msgChain = queue;
  }

  /** What waits for a connection: messages, not their frames. */
  get _pending_messages() {
    return this.connection._pendingMessages;
  }

  /** @param {Message} msg @returns {any} */
  _finish_ws_message(msg) {
    const published = this.publish(msg);
    return typeof published?.then === "function" ? published.then(() => this.handle(msg)) : this.handle(msg);
  }
}
