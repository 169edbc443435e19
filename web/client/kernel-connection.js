// The kernel object of a page without Jupyter: a connection to a kernel of a Jupyter server, with
// those methods and events of classic Notebook's kernel object that comms need.
// ../kernel.d.ts is its contract.
// @ts-check

import { framed } from "../messaging/wire-format.js";
import { KernelMessages } from "./kernel-messages.js";
import { newID } from "../messaging/ids.js";
import { Reader } from "./frame-reader.js";
import { Gone } from "./server.js";
import { Unattended } from "./default-manager.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("../gocomm.js").Callbacks} Callbacks
 */

/** How long it takes to the next try for a connection, or look at the server's kernels, in s. */
const DELAYS = [1, 2, 4, 8, 15];
/** How long a server may take for a kernel's websocket, in s. Jupyter's waits for the kernel's first answer, for 60 s at most. */
const OPENING = 90;

/** @param {number} n */
const seconds = (n) => new Promise((resolve) => setTimeout(resolve, 1000 * n));

export class KernelConnection extends KernelMessages {
  /** Private: it has the token. @type {import("./server.js").Server} */
  #server;

  /** @param {{id: string, name: string}} model of the REST API @param {import("./server.js").Server} server */
  constructor({ id, name }, server) {
    super();
    this.id = id;
    this.name = name;
    this.session_id = newID();
    /** @type {any} */
    this.ws = null;
    /** What waits for a connection. @type {(string | ArrayBuffer)[]} */
    this._pending_messages = [];
    /** Done when what came before is handled. @type {Promise<any>} */
    this._msg_queue = Promise.resolve();
    this.closed = false;
    this.#server = server;
    this.waiting = 0;
    this.reader = new Reader();
    this.register_iopub_handler("shutdown_reply", (msg) => void (msg.content.restart || this.ending()));
    /** @type {any} */
    this.comm_manager = new Unattended(this);
  }

  // Messages.

  /**
   * @param {string} type @param {object} content @param {Callbacks} [callbacks] @param {object} [metadata] @param {any[]} [buffers]
   * @returns {string} the msg_id
   */
  send_shell_message(type, content, callbacks, metadata, buffers) {
    const msg = { ...this._get_msg(type, content, metadata, buffers), channel: "shell" };
    const data = framed(msg);
    this.set_callbacks_for_msg(msg.header.msg_id, callbacks);
    this._send(data);
    return msg.header.msg_id;
  }

  /** @param {string} value @returns {string} */
  send_input_reply(value) {
    const msg = { ...this._get_msg("input_reply", { value }), channel: "stdin" };
    this._send(framed(msg));
    return msg.header.msg_id;
  }

  /** @param {string | ArrayBuffer} data */
  _send(data) {
    if (this.is_connected()) this.ws.send(data);
    else if (this.closed) throw new Error(`gocomm: kernel ${this.id}: its connection was closed; connect again`);
    else this._pending_messages.push(data);
  }

  /** One message after the other; each waits for the promises of the handlers before it. @param {{data: string | ArrayBuffer}} event */
  _handle_ws_message({ data }) {
    if (this.waiting > 0) {
      this.wait(this._msg_queue.then(() => this._finish_ws_message(this.reader.read(data))));
      return;
    }
    try {
      const done = this._finish_ws_message(this.reader.read(data));
      if (typeof done?.then === "function") this.wait(done);
    } catch (e) {
      unhandled(e);
    }
  }

  /** @param {any} done */
  wait(done) {
    this.waiting++;
    this._msg_queue = Promise.resolve(done).catch(unhandled).then(() => void this.waiting--);
  }

  /** @param {Message} msg @returns {any} */
  _finish_ws_message(msg) {
    if (msg.channel === "iopub") return this.handlers.get(msg.msg_type)?.(msg);
    if (msg.channel === "stdin") return void this.answers.of(msg)?.input?.(msg);
    return this.answers.reply(msg);
  }

  /** @param {Message} msg */
  status(msg) {
    super.status(msg);
    switch (msg.content.execution_state) {
      case "starting":
        this.askInfo();
        break;
      case "restarting": // it has died, and the server starts it again
        this.tell("kernel_restarting");
        break;
      case "dead":
        this.die();
    }
  }

  askInfo() {
    this.send_shell_message("kernel_info_request", {}, {
      shell: {
        reply: (reply) => {
          this.info_reply = reply.content;
          this.tell("kernel_ready");
        },
      },
    });
  }

  // The connection.

  is_connected() {
    return this.ws?.readyState === WebSocket.OPEN;
  }

  /** @returns {Promise<void>} when it is open; rejected when it cannot be opened, with Gone where the kernel has ended */
  open() {
    return new Promise((resolve, reject) => {
      const ws = (this.ws = this.#server.socket(this.id, this.session_id));
      ws.binaryType = "arraybuffer";
      let opened = false;
      ws.onmessage = (event) => this._handle_ws_message(event);
      ws.onopen = () => {
        opened = true;
        this.connected();
        resolve();
      };
      ws.onclose = () => {
        if (!opened) this.refusal().then(reject);
        if (this.ws !== ws) return; // on purpose
        this.ws = null;
        if (opened) this.lost();
      };
      this.watchOpening(ws);
    });
  }

  /**
   * Gives up on a websocket whose kernel ends while it opens: a Jupyter server answers such a request after a
   * minute, or never. @param {WebSocket} ws
   */
  async watchOpening(ws) {
    for (let n = 0, waited = 0; waited < OPENING; n++) {
      const delay = DELAYS[Math.min(n, DELAYS.length - 1)];
      await seconds(delay);
      if (ws.readyState !== WebSocket.CONNECTING) return;
      waited += delay;
      this.#server.kernel(this.id).catch((e) => e instanceof Gone && ws.close());
    }
    ws.close();
  }

  /** Why a websocket has not opened. @returns {Promise<Error>} */
  async refusal() {
    const gone = await this.#server.kernel(this.id).then(() => undefined, (e) => e);
    if (gone instanceof Gone) return gone;
    return new Error(`gocomm: kernel ${this.id}: the server ${this.#server.base.href} did not take its websocket; one of JupyterHub takes a token there with JUPYTERHUB_ALLOW_TOKEN_IN_URL=1 in its environment`);
  }

  connected() {
    this.tell("kernel_connected");
    for (const data of this._pending_messages.splice(0)) this._send(data);
    this.askInfo();
  }

  /** @returns {Promise<void>} when there is another connection, or will be none */
  async lost() {
    this.tell("kernel_disconnected");
    for (let n = 0; !this.closed && this.ws === null; n++) {
      await seconds(DELAYS[Math.min(n, DELAYS.length - 1)]);
      if (this.closed || this.ws !== null) return;
      this.tell("kernel_reconnecting", { attempt: n + 1 });
      try {
        await this.#server.kernel(this.id);
        if (!this.closed && this.ws === null) await this.open();
      } catch (e) {
        if (e instanceof Gone) this.die();
        else log.warn("gocomm: the connection to the kernel is still lost:", e);
      }
    }
  }

  /** The kernel has said that it ends. Servers take it off their list soon, and leave its websocket open, or start it again. */
  async ending() {
    for (const delay of DELAYS) {
      await seconds(delay);
      if (this.closed) return;
      try {
        await this.#server.kernel(this.id);
      } catch (e) {
        if (e instanceof Gone) this.die();
        else log.warn("gocomm: whether the kernel still exists is not known:", e);
      }
    }
  }

  /** The kernel is no more. */
  die() {
    if (this.closed) return;
    this.tell("kernel_dead");
    this.close();
  }

  close() {
    const { ws } = this;
    this.closed = true;
    this.ws = null;
    ws?.close();
  }

  // The kernel itself.

  /** @param {string} action @param {string} [method] */
  act(action, method = "POST") {
    return this.#server.request(method, `api/kernels/${encodeURIComponent(this.id)}${action}`, method === "POST" ? {} : undefined);
  }

  async interrupt() {
    await this.act("/interrupt");
  }

  async restart() {
    await this.act("/restart"); // when it fails, the kernel and its comms live on
    this.tell("kernel_restarting");
    const { ws } = this;
    this.ws = null; // the server may still have it at the kernel before
    ws?.close();
    await this.open().catch(() => (this.closed ? undefined : this.lost()));
  }

  async shutdown() {
    await this.act("", "DELETE");
    this.tell("kernel_killed");
    this.close();
  }
}

/** @param {unknown} e */
const unhandled = (e) => log.error("gocomm: a message of the kernel could not be handled:", e);
