// Messages as they travel on a kernel's websocket without a subprotocol: as text, or those with binary buffers
// as a count, that many offsets, the message's JSON and the buffers.
// @ts-check

import { bytesOf } from "../runtime/buffers.js";

/** @param {any} msg @returns {string | ArrayBuffer} */
export function framed(msg) {
  const { buffers, ...rest } = msg;
  if (buffers.length === 0) return JSON.stringify(msg);
  /** @type {Uint8Array[]} */
  const parts = [new TextEncoder().encode(JSON.stringify(rest)), ...buffers.map(bytesOf)];
  const head = 4 * (parts.length + 1);
  const frame = new Uint8Array(parts.reduce((size, part) => size + part.length, head));
  const view = new DataView(frame.buffer);
  view.setUint32(0, parts.length);
  let at = head;
  parts.forEach((part, i) => {
    view.setUint32(4 * (i + 1), at);
    frame.set(part, at);
    at += part.length;
  });
  return frame.buffer;
}

/**
 * JSON, also as Python's json module writes NaN and infinities, which become texts: package internal/codec takes them as floats.
 * @param {string} text @returns {any}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (e) {
    let quoted = false;
    const json = text.replace(/\\.|"|NaN|-?Infinity/g, (m) => {
      if (m === '"') quoted = !quoted;
      return quoted || m.length < 3 ? m : `"${m}"`;
    });
    if (json === text) throw e;
    return JSON.parse(json);
  }
}

/** A message, with its buffers as views into the frame. @param {string | ArrayBuffer} frame @returns {any} */
export function parsed(frame) {
  if (typeof frame === "string") return parse(frame);
  const view = new DataView(frame);
  const offsets = Array.from({ length: view.getUint32(0) }, (_, i) => view.getUint32(4 + 4 * i));
  const parts = offsets.map((at, i) => new DataView(frame, at, (offsets[i + 1] ?? frame.byteLength) - at));
  const msg = parse(new TextDecoder().decode(parts[0]));
  msg.buffers = parts.slice(1);
  return msg;
}

/** In the place of data that are spliced in as text: a string that JSON gives as it is, of one byte a character. */
export const MARK = "\x7fdata\x7f";
const MARKED = JSON.stringify(MARK);

/**
 * A frame with text in the place of the last string that is MARK.
 * @param {string | ArrayBuffer} frame @param {string} text which is JSON @returns {string | ArrayBuffer}
 */
export function spliced(frame, text) {
  if (typeof frame === "string") {
    const at = frame.lastIndexOf(MARKED);
    return at < 0 ? frame : frame.slice(0, at) + text + frame.slice(at + MARKED.length);
  }
  const view = new DataView(frame);
  const end = view.getUint32(0) > 1 ? view.getUint32(8) : frame.byteLength;
  const start = view.getUint32(4);
  const json = new TextEncoder().encode(/** @type {string} */ (spliced(new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(frame, start, end - start)), text)));
  const more = json.length - (end - start);
  const longer = new Uint8Array(frame.byteLength + more);
  longer.set(new Uint8Array(frame, 0, start));
  longer.set(json, start);
  longer.set(new Uint8Array(frame, end), end + more);
  const offsets = new DataView(longer.buffer);
  for (let i = 2; i <= view.getUint32(0); i++) offsets.setUint32(4 * i, view.getUint32(4 * i) + more);
  return longer.buffer;
}

/** The comm id of a message, if it is one of a comm. @param {string | ArrayBuffer | {header: any}} data a frame, or the message @returns {string | undefined} */
export function commOf(data) {
  let msg;
  try {
    msg = typeof data === "object" && "header" in data ? /** @type {any} */ (data) : parsed(data);
  } catch {
    return undefined; // another script's, in a form of its own
  }
  return ["comm_open", "comm_msg", "comm_close"].includes(msg.header?.msg_type) ? msg.content?.comm_id ?? "" : undefined;
}

/** Whether the kernel waits for a message in the middle of its work. @param {string | ArrayBuffer} data */
export function urgent(data) {
  try {
    return parsed(data).channel === "stdin";
  } catch {
    return false;
  }
}
