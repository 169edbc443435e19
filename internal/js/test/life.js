// What a kernel object of classic Notebook tells of its kernel's life: events, status messages, what waits for a connection.

import { attach, deliver, hub, kernel, message } from "./kernel-page.js";

/**
 * @typedef {import("./kernel-page.js").Message} Message
 * @typedef {(event: any, data: any) => void} Listener
 */

/** What listens on kernel.events. @type {{name: string, f: Listener}[]} */
export const handlers = [];

/** Gives the kernel object its events and its handlers of status messages. */
export function giveLife() {
  kernel.events = {
    on: (/** @type {string} */ names, /** @type {Listener} */ f) => {
      for (const name of names.split(" ")) handlers.push({ name, f });
    },
    off: (/** @type {string} */ names, /** @type {Listener} */ f) => {
      for (const name of names.split(" ")) handlers.splice(handlers.findIndex((h) => h.name === name && h.f === f), 1);
    },
    trigger: (/** @type {string} */ name, /** @type {any} */ data) => {
      for (const h of handlers.filter((h) => h.name === name)) h.f({ type: name.split(".")[0] }, data);
    },
  };
  kernel.register_iopub_handler("status", () => {});
  kernel.register_iopub_handler("shutdown_reply", () => {});
  Object.assign(kernel, { id: "id 1", _pending_messages: [] });
}

/** Gives the kernel object its life, and attaches the probe. */
export async function attachAlive() {
  giveLife();
  const manager = await attach("probe");
  return { manager, epoch: hub().epoch };
}

/** @param {string} name of an event @param {any} [data] */
export const event = (name, data) => kernel.events.trigger(name, { kernel, ...data });

/** The message as a kernel of that session sends it. @param {string | undefined} session @param {Message} msg @returns {any} */
export const from = (session, msg) => ({ ...msg, header: { ...msg.header, session } });

/** @param {string | undefined} session */
export const status = (session, state = "busy") => deliver(from(session, message("status", { execution_state: state })));

/** What a kernel says when it handles the request. @param {string} session @param {string | undefined} msg_id of the request */
export const identifyTo = (session, msg_id) =>
  deliver({ ...from(session, message("status", {})), parent_header: { msg_id } });

/** Answers the kernel_info_request sent last. @param {string} session */
export const identify = (session) =>
  identifyTo(session, kernel.sent.findLast((m) => m.type === "kernel_info_request")?.msg_id);
