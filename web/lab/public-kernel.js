// The kernel object for a kernel connection of JupyterLab whose private names are not those that gocomm knows: Lab
// handles the comms, and each target of a program's is registered with it.
// @ts-check

import { ConnectionKernel } from "./connection-kernel.js";

/** @typedef {import("../gocomm.js").Message} Message */

export class PublicLabKernel extends ConnectionKernel {
  /** @param {any} connection */
  constructor(connection) {
    super(connection);
    this.comm_manager = { targets: {}, comms: {}, register_target() {}, unregister_target() {} };
    for (const type of ["comm_open", "comm_msg", "comm_close"]) this.register_iopub_handler(type, () => {});
    /** Lab's comms, by id. @type {Map<string, any>} */
    this.theirs = new Map();
    /** @type {Map<string, Function>} */
    this.registered = new Map();
    connection.anyMessage.connect((/** @type {unknown} */ _, /** @type {{msg: any, direction: string}} */ { msg, direction }) => {
      if (direction === "recv") this.publish(msg);
    });
  }

  /** A program has a target. @param {string} target */
  claimed(target) {
    if (this.registered.has(target)) return;
    const open = (/** @type {any} */ comm, /** @type {Message} */ msg) => {
      this.listen(comm);
      return this.get_iopub_handler("comm_open")(msg);
    };
    this.registered.set(target, open);
    this.connection.registerCommTarget(target, open);
  }

  /** A program has it no longer. @param {string} target */
  unclaimed(target) {
    const open = this.registered.get(target);
    if (open && !this.connection.isDisposed) this.connection.removeCommTarget(target, open);
    this.registered.delete(target);
  }

  /** @param {any} comm of Lab's */
  listen(comm) {
    this.theirs.set(comm.commId, comm);
    comm.onMsg = (/** @type {Message} */ msg) => this.get_iopub_handler("comm_msg")(msg);
    comm.onClose = (/** @type {Message} */ msg) => {
      this.theirs.delete(comm.commId);
      return this.get_iopub_handler("comm_close")(msg);
    };
  }

  /**
   * @param {string} type @param {any} content @param {import("../gocomm.js").Callbacks} [callbacks] @param {object} [metadata] @param {any[]} [buffers]
   */
  send_shell_message(type, content, callbacks, metadata, buffers) {
    const { comm_id } = content;
    if (type === "comm_open") this.listen(this.connection.createComm(content.target_name, comm_id));
    const id = super.send_shell_message(type, content, callbacks, metadata, buffers);
    if (type === "comm_close") {
      this.theirs.get(comm_id)?.dispose();
      this.theirs.delete(comm_id);
    }
    return id;
  }
}
