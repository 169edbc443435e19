// Callbacks for what answers a message, kept and called as classic Notebook's kernel object does.
// @ts-check

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("../gocomm.js").Callbacks & {shell_done: boolean, iopub_done: boolean}} Waiting
 */

/** Of iopub, what a callback "output" gets. */
export const OUTPUTS = ["stream", "display_data", "update_display_data", "execute_result", "error"];

export class Answers {
  /** By the msg_id of what is answered. @type {Record<string, Waiting>} */
  waiting = Object.create(null); // ids are the kernel's words

  /** @param {string} id @param {import("../gocomm.js").Callbacks} callbacks */
  set(id, callbacks) {
    const { shell, iopub, input, clear_on_done = true } = callbacks;
    this.waiting[id] = { shell, iopub, input, clear_on_done, shell_done: !shell, iopub_done: !iopub };
  }

  /** @param {Message} msg @returns {Waiting | undefined} */
  of(msg) {
    return this.waiting[msg.parent_header.msg_id ?? ""];
  }

  /** A channel has said its last for a message. @param {string} id @param {"shell_done" | "iopub_done"} which */
  finish(id, which) {
    const callbacks = this.waiting[id];
    if (!callbacks) return;
    callbacks[which] = true;
    if (callbacks.clear_on_done && callbacks.shell_done && callbacks.iopub_done) delete this.waiting[id];
  }

  /** @param {Message} reply on the shell channel @returns {Promise<void>} when the callbacks are done */
  async reply(reply) {
    const callbacks = this.of(reply);
    if (!callbacks?.shell) return;
    this.finish(/** @type {string} */ (reply.parent_header.msg_id), "shell_done");
    const { shell } = callbacks;
    await shell.reply?.(reply);
    for (const payload of reply.content.payload ?? []) await shell.payload?.[payload.source]?.(payload, reply);
  }

  /** @param {Message} msg on the iopub channel @param {"output" | "clear_output" | "status"} kind */
  publish(msg, kind) {
    return this.of(msg)?.iopub?.[kind]?.(msg);
  }
}
