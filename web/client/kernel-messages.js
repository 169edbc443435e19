// What the kernel objects of gocomm's make have in common: handlers by type, callbacks for what answers
// a message, and events, with the names of classic Notebook's kernel object.
// @ts-check

import { Answers, OUTPUTS } from "./reply-callbacks.js";
import { envelope } from "../messaging/message-factory.js";
import { Events } from "./events.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("../gocomm.js").Callbacks} Callbacks
 */

/** The version of the messaging specification whose messages are sent. */
const VERSION = "5.3";

export class KernelMessages {
  constructor() {
    this.username = "username";
    this.session_id = "";
    this.events = new Events();
    /** What the kernel has said of itself. @type {any} */
    this.info_reply = {};
    this.last_msg_id = "";
    this.answers = new Answers();
    /** Of iopub, by msg_type. @type {Map<string, (msg: Message) => any>} */
    this.handlers = new Map();
    for (const type of OUTPUTS) this.register_iopub_handler(type, (msg) => this.answers.publish(msg, "output"));
    this.register_iopub_handler("clear_output", (msg) => this.answers.publish(msg, "clear_output"));
    this.register_iopub_handler("status", (msg) => this.status(msg));
    this.register_iopub_handler("shutdown_reply", () => {});
  }

  /** @param {string} type @returns {any} */
  get_iopub_handler(type) {
    return this.handlers.get(type);
  }

  /** @param {string} type @param {(msg: Message) => any} handler */
  register_iopub_handler(type, handler) {
    this.handlers.set(type, handler);
  }

  get _msg_callbacks() {
    return this.answers.waiting;
  }

  /** @param {string} id @param {Callbacks} [callbacks] */
  set_callbacks_for_msg(id, callbacks) {
    this.last_msg_id = id;
    if (callbacks) this.answers.set(id, callbacks);
  }

  /** @param {string} id */
  clear_callbacks_for_msg(id) {
    delete this.answers.waiting[id];
  }

  /** @param {string} id */
  _finish_iopub(id) {
    this.answers.finish(id, "iopub_done");
  }

  /** @param {string} type @param {object} content @param {object} [metadata] @param {any[]} [buffers] @returns {any} */
  _get_msg(type, content, metadata, buffers) {
    return envelope(this, VERSION, type, content, metadata, buffers);
  }

  /**
   * @abstract
   * @param {string} type @param {object} content @param {Callbacks} [callbacks] @param {object} [metadata] @param {any[]} [buffers]
   * @returns {string} the msg_id
   */
  send_shell_message(type, content, callbacks, metadata, buffers) { // eslint-disable-line no-unused-vars
    throw new Error("gocomm: not implemented");
  }

  /** @param {string} code @param {Callbacks} [callbacks] @param {object} [options] fields of the execute_request */
  execute(code, callbacks, options) {
    const content = { code, silent: false, store_history: false, user_expressions: {}, allow_stdin: Boolean(callbacks?.input), stop_on_error: true };
    return this.send_shell_message("execute_request", { ...content, ...options }, callbacks);
  }

  /** Has callbacks see a status. @param {Message} msg */
  status(msg) {
    try {
      this.answers.publish(msg, "status");
    } catch (e) {
      log.error("gocomm: a status callback failed:", e);
    }
    if (msg.content.execution_state === "idle") this._finish_iopub(msg.parent_header.msg_id ?? "");
  }

  /** @param {string} what has happened @param {object} [more] */
  tell(what, more) {
    this.events.trigger(`${what}.Kernel`, { kernel: this, ...more });
  }
}
