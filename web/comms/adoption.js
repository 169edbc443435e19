// Comms that outlive the page that had them: this page is that one, loaded again, and the kernel still has them. They are
// offered to their targets, as opens are, and their messages wait behind the offer. The kernel says which of them it has
// on its control channel, where it answers also while it is at work; some kernels answer on the shell channel only.
// @ts-check

import { CLOSE, OPEN } from "../messaging/message-info.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("../session/page-session.js").Resumed} Left
 * @typedef {import("./hub.js").Hub} Hub
 */

/** What marks an offer among opens: the time between the two pages, in ms of performance.now. */
export const OFFER = Symbol("gocomm.offer");

/** Whether something that arrives as a message, which may be anything, is an offer. @param {any} msg @returns {boolean} */
export const isOffer = (msg) => msg?.[OFFER] !== undefined;

/** How long the kernel has to answer on the control channel, before it is asked on the shell channel too. */
const CONTROL_MS = 1000;
/** How long it has to answer at all: then it is taken to have what it had. What it closed meanwhile has mostly been told. */
const ANSWER_MS = 4000;

/** The time for which a page was away. @param {Left} left @returns {{since: number, until: number}} in ms of performance.now */
export const away = (left) => ({ since: left.at - performance.timeOrigin, until: (left.back ?? Date.now()) - performance.timeOrigin });

/** Whether anything was at work when the page was left, so that messages may be missing. @param {Left} left */
export const mayMiss = (left) => left.busy || left.messages.length > 0 || Object.keys(left.comms).length > 0;

/**
 * Offers the comms that were left. Comm messages are held until it is known which of them there are.
 * @param {Hub} hub @param {Left} left
 */
export function offerComms(hub, left) {
  const { hook, kernel } = hub;
  const ids = Object.keys(left.comms);
  if (ids.length === 0) return;
  for (const id of ids) hub.offers.set(id, left.comms[id]);
  const release = hook.hold();
  let offered = false;
  /** @param {(id: string) => boolean} live */
  const offer = (live) => {
    if (offered) return;
    offered = true;
    for (const id of ids) if (!live(id)) hub.offers.delete(id);
    hook.putBack([...hub.offers].map(([id, { target, own }]) => [OPEN, message("comm_open", { comm_id: id, target_name: target }, own ? kernel.session_id : "", away(left))]));
    release();
  };
  /** @param {Message} reply */
  const answered = (reply) => {
    const comms = reply.content?.comms;
    if (reply.content?.status !== "ok" || typeof comms !== "object" || comms === null) return;
    for (const timer of timers) clearTimeout(timer);
    if (!offered) return offer((id) => Object.hasOwn(comms, id));
    for (const id of ids) { // too late: what it has not has ended
      if (hub.routes.has(id) && !Object.hasOwn(comms, id)) hook.arrive(CLOSE, message("comm_close", { comm_id: id, data: {} }, ""));
    }
  };
  askControl(hub, answered);
  const timers = [
    setTimeout(() => void kernel.send_shell_message("comm_info_request", {}, { shell: { reply: answered } }), CONTROL_MS),
    setTimeout(() => offer(() => true), ANSWER_MS),
  ];
}

/** @param {Hub} hub @param {(reply: Message) => void} answered */
function askControl({ hook, kernel }, answered) {
  const k = /** @type {any} */ (kernel);
  if (!k._get_msg || !hook.show()) return;
  try {
    const msg = { ...k._get_msg("comm_info_request", {}), channel: "control" };
    hook.controlled.set(msg.header.msg_id, answered);
    k._send(JSON.stringify(msg));
  } catch (e) {
    log.error("gocomm: the kernel could not be asked which comms it has:", e);
  }
}

/**
 * @param {string} type @param {any} content @param {string} session of the request that it belongs to
 * @param {{since: number, until: number}} [offer] @returns {Message}
 */
function message(type, content, session, offer) {
  const header = { msg_id: "", msg_type: type, session: "", username: "gocomm", version: "5.2", date: new Date().toISOString() };
  const msg = { header, parent_header: { session }, metadata: {}, content, buffers: [] };
  return offer ? Object.assign(msg, { [OFFER]: offer }) : msg;
}
