// The kernel object for a kernel connection of JupyterLab, as far as the connection's public part carries it.
// @ts-check

import { CommSupport } from "./comm-support.js";
import { KernelMessages } from "../client/kernel-messages.js";
import * as log from "../runtime/log.js";

/** The events of classic Notebook's kernel object for what Lab's connection says. @type {Record<string, string>} */
const STATUS = { restarting: "kernel_restarting", autorestarting: "kernel_restarting", dead: "kernel_dead" };

export class ConnectionKernel extends KernelMessages {
  /** @param {any} connection of JupyterLab */
  constructor(connection) {
    super();
    this.connection = connection;
    this.id = connection.id;
    this.name = connection.name;
    this.username = connection.username;
    this.session_id = connection.clientId;
    this.support = new CommSupport(this);
    connection.info.then((/** @type {any} */ info) => void (this.info_reply = info), () => {});
    let connected = connection.connectionStatus === "connected";
    connection.statusChanged.connect((/** @type {unknown} */ _, /** @type {string} */ status) => {
      if (Object.hasOwn(STATUS, status)) this.tell(STATUS[status]);
    });
    connection.connectionStatusChanged.connect((/** @type {unknown} */ _, /** @type {string} */ status) => {
      const before = connected;
      connected = status === "connected";
      if (before !== connected) this.tell(connected ? "kernel_connected" : "kernel_disconnected");
    });
  }

  is_connected() {
    return this.connection.connectionStatus === "connected";
  }

  /** As Lab makes them. @param {string} type @param {object} content @param {object} [metadata] @param {any[]} [buffers] @returns {any} */
  _get_msg(type, content, metadata, buffers) {
    const msg = super._get_msg(type, content, metadata, buffers);
    return { ...msg, channel: "shell", header: { ...msg.header, subshell_id: null } };
  }

  /**
   * @param {string} type @param {object} content @param {import("../gocomm.js").Callbacks} [callbacks] @param {object} [metadata] @param {any[]} [buffers]
   * @returns {string} the msg_id
   */
  send_shell_message(type, content, callbacks, metadata, buffers) {
    const msg = this._get_msg(type, content, metadata, buffers);
    this.set_callbacks_for_msg(msg.header.msg_id, callbacks);
    this.connection.sendShellMessage(msg, false, true).dispose(); // the future: answers come by publish
    if (type === "comm_open") void this.support.opened(/** @type {any} */ (content));
    return msg.header.msg_id;
  }

  /** @param {string} value */
  send_input_reply(value) {
    this.connection.sendInputReply({ status: "ok", value });
    return "";
  }

  /** Has those see a message of the kernel who listen to all of them. @param {any} msg @returns {any} */
  publish(msg) {
    try {
      if (msg.channel === "iopub") return msg.header.msg_type.startsWith("comm_") ? undefined : this.handlers.get(msg.header.msg_type)?.(msg);
      if (msg.channel === "stdin") return this.answers.of(msg)?.input?.(msg);
      if (msg.header.msg_type === "kernel_info_reply") {
        this.info_reply = msg.content;
        this.tell("kernel_ready");
      }
      return this.answers.reply(msg).catch(unhandled);
    } catch (e) {
      return unhandled(e);
    }
  }
}

/** @param {unknown} e @returns {undefined} */
const unhandled = (e) => void log.error("gocomm: a callback for a message of the kernel failed:", e);
