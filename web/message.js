// Reading messages whose form nobody has checked.
// @ts-check

import { OPEN } from "./hub.js";

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

/** How many values of a message are counted at the most. */
const MOST = 100_000;

/**
 * About the length of a message's data as JSON, and of its buffers: what it counts
 * for in a queue.
 * @param {any} msg
 */
export function sizeOf(msg) {
  let size = 0;
  const todo = [msg?.content];
  for (let n = 0; todo.length > 0 && n < MOST; n++) {
    const value = todo.pop();
    if (typeof value === "string") size += value.length + 2;
    else if (typeof value !== "object" || value === null) size += 8;
    else if (Array.isArray(value)) {
      for (const v of value) todo.push(v);
    } else {
      for (const k in value) {
        size += k.length + 4;
        todo.push(value[k]);
      }
    }
  }
  for (const b of msg?.buffers ?? []) size += b?.byteLength ?? 0;
  return Math.min(size, 0x7fffffff);
}
