// The comm manager of a page's own kernel object, where there is no program: before one is
// attached, and after it was taken off.
// @ts-check

import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("../gocomm.js").Kernel} Kernel
 */

export class Unattended {
  /** @param {Kernel} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    this.refusesComms = true;
    /** For the program that is to come. @type {Record<string, any>} */
    this.targets = {};
    /** Of JavaScript's, which go on where a program has ended. @type {Record<string, any>} */
    this.comms = {};
    kernel.register_iopub_handler("comm_open", (msg) => this.comm_open(msg));
    kernel.register_iopub_handler("comm_msg", (msg) => this.comm_msg(msg));
    kernel.register_iopub_handler("comm_close", (msg) => this.comm_close(msg));
  }

  /** @param {string} target_name @param {Function} f */
  register_target(target_name, f) {
    this.targets[target_name] = f;
  }

  /** @param {string} target_name */
  unregister_target(target_name) {
    delete this.targets[target_name];
  }

  /** @param {string} target_name */
  new_comm(target_name) {
    throw new Error(`gocomm: new_comm: target ${target_name}: no program is attached to this kernel; await attach, and use the manager that it gives`);
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

  /** Nobody will take it, and the kernel is told. @param {Message} msg */
  comm_open(msg) {
    if (msg.parent_header.session !== this.kernel.session_id) return; // it may be for another page
    const { comm_id, target_name } = msg.content;
    const reason = `gocomm: no program is attached to take target ${target_name}`;
    log.warn(`gocomm: comm ${comm_id}: ${reason}`);
    this.kernel.send_shell_message("comm_close", { comm_id, data: { reason } });
  }

  /** @param {Message} msg */
  async comm_msg(msg) {
    const comm = await this.comms[msg.content.comm_id];
    await comm?.handle_msg(msg);
  }

  /** @param {Message} msg */
  async comm_close(msg) {
    const comm = await this.comms[msg.content.comm_id];
    delete this.comms[msg.content.comm_id];
    await comm?.handle_close(msg);
  }
}
