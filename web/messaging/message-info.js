// Reading messages whose form nobody has checked.
// @ts-check

import { isBuffer } from "../runtime/buffers.js";
import { SIZE } from "./lazy-message.js";

/** The numbers of comm messages on the border to Go are their places here. */
export const TYPES = /** @type {const} */ (["comm_open", "comm_msg", "comm_close"]);
export const OPEN = 0;
export const MSG = 1;
export const CLOSE = 2;

/** What can be wrong with a message; package jsglue has the same list. */
export const FAULTS = [
  "",
  "content is not an object",
  "content.comm_id is missing or not a string",
  "content.target_name is missing or not a string",
];

/** @param {number} type @param {any} msg */
export function read(type, msg) {
  const content = msg?.content;
  let fault = FAULTS[0];
  if (typeof content !== "object" || content === null) fault = FAULTS[1];
  else if (typeof content.comm_id !== "string") fault = FAULTS[2];
  else if (type === OPEN && typeof content.target_name !== "string") fault = FAULTS[3];
  const string = (/** @type {any} */ s) => (typeof s === "string" ? s : "");
  return { fault, id: string(content?.comm_id), target: string(content?.target_name) };
}

/** Whether a message was caused by a request of this page. @param {any} msg @param {{session_id: string}} kernel */
export const isOwn = (msg, kernel) => msg?.parent_header?.session === kernel.session_id;

/** How many values of a message are counted at the most. */
const MOST = 100_000;

/**
 * About the length of a message's data as JSON, and of its buffers: what it counts
 * for in a queue.
 * @param {any} msg
 */
export function sizeOf(msg) {
  if (msg?.[SIZE] !== undefined) return msg[SIZE];
  let size = 0;
  try {
    size += lengthOf(msg?.content);
    if (Array.isArray(msg?.buffers)) for (const b of msg.buffers) if (isBuffer(b)) size += b.byteLength; // others count as empty ones
  } catch {
    // An object of a script's, with getters: it is as large as it is.
  }
  return Math.min(size, 0x7fffffff);
}

/** @param {any} value */
function lengthOf(value) {
  let size = 0;
  const todo = [value];
  for (let n = 0; todo.length > 0 && n < MOST; n++) {
    const value = todo.pop();
    if (Array.isArray(value)) {
      for (const v of value) todo.push(v);
    } else if (typeof value === "object" && value !== null) {
      for (const k in value) {
        size += k.length + 4;
        const v = value[k];
        if (typeof v === "object") todo.push(v);
        else size += lengthOfOne(v);
      }
    } else size += lengthOfOne(value);
  }
  return size;
}

/** @param {any} value that is no object */
const lengthOfOne = (value) => (typeof value === "string" ? value.length + 2 : 8);
