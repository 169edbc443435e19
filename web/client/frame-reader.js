// Frames of a kernel's websocket, as messages. In a burst they differ in their content and
// little else: what is as it was in the frame before is not parsed again, and of the rest
// only what is asked for.
// @ts-check

import { parsed } from "../messaging/wire-format.js";
import { PartlyRead } from "../messaging/lazy-message.js";

/** @typedef {import("../gocomm.js").Message} Message */

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, OPENS = [0x7b, 0x5b], CLOSES = [0x7d, 0x5d];

/** For how many frames no form is made after one that was of no use. */
const PAUSE = 16;

/** What the text of a frame is before, between and behind what differs from message to message. */
class Form {
  /** @param {string[]} pieces each but the first follows a string @param {string} tail @param {any} parent */
  constructor(pieces, tail, parent) {
    this.pieces = pieces;
    this.tail = tail;
    this.parent = Object.freeze({ ...parent }); // of all its messages
    this.used = false;
  }

  /**
   * The frame's message, if it has this form. Each string between the pieces ends at its first quote, or the frame has
   * not; so the frame is JSON with the same members if what is in the place of the content is JSON.
   * @param {string} frame
   */
  read(frame) {
    const { pieces, tail } = this;
    let at = 0;
    for (let i = 0; i < pieces.length; i++) {
      if (i > 0) {
        at = frame.indexOf('"', at);
        if (at < 0 || frame.charCodeAt(at - 1) === BACKSLASH) return undefined;
      }
      const piece = pieces[i];
      if (frame.slice(at, (at += piece.length)) !== piece) return undefined;
    }
    const end = frame.length - tail.length;
    if (end < at || frame.slice(end) !== tail) return undefined;
    /** @type {any} */
    let content;
    try {
      content = JSON.parse(frame.slice(at, end));
    } catch {
      return undefined; // there is more than the content
    }
    this.used = true;
    return new PartlyRead(frame, content, this.parent, end - at);
  }
}

/** Reads the frames of one websocket, in the form that Jupyter servers send without a subprotocol. */
export class Reader {
  /** @type {Form | undefined} */
  #form;
  #pause = 0;

  /** @param {string | ArrayBuffer} frame @returns {Message} */
  read(frame) {
    const quick = typeof frame === "string" ? this.#form?.read(frame) : undefined;
    if (quick !== undefined) return quick;
    const msg = parsed(frame);
    if (typeof frame === "string" && msg.msg_type === "comm_msg") this.#learn(frame, msg);
    return msg;
  }

  /** @param {string} frame @param {any} msg what it was parsed to */
  #learn(frame, msg) {
    if (this.#pause > 0) {
      this.#pause--;
      return;
    }
    if (this.#form?.used === false) this.#pause = PAUSE;
    this.#form = formOf(frame, msg);
  }
}

/** @param {string} frame @param {any} msg what it was parsed to @returns {Form | undefined} */
function formOf(frame, msg) {
  const parts = members(frame, 0);
  const header = parts.get("header"), content = parts.get("content");
  if (!header || !content || msg.channel !== "iopub" || msg.buffers?.length !== 0) return undefined;
  if (typeof msg.parent_header !== "object" || msg.parent_header === null) return undefined;
  const inHeader = members(frame, header[0]);
  /** @type {[number, number][]} */
  const differ = [];
  for (const span of [inHeader.get("msg_id"), inHeader.get("date"), parts.get("msg_id")]) {
    if (span && frame.charCodeAt(span[0]) === QUOTE && span[1] <= content[0]) differ.push(span);
  }
  differ.sort((a, b) => a[0] - b[0]);
  const pieces = [];
  let at = 0;
  for (const [start, end] of differ) {
    pieces.push(frame.slice(at, start + 1)); // with its quotes
    at = end - 1;
  }
  pieces.push(frame.slice(at, content[0]));
  return new Form(pieces, frame.slice(content[1]), msg.parent_header);
}

/**
 * Where the members of an object are in its text, which is JSON.
 * @param {string} text @param {number} at where the object begins
 * @returns {Map<string, [number, number]>}
 */
function members(text, at) {
  /** @type {Map<string, [number, number]>} */
  const found = new Map();
  let depth = 0, start = -1, key = "";
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) {
      const from = at;
      for (at++; text.charCodeAt(at) !== QUOTE; at++) if (text.charCodeAt(at) === BACKSLASH) at++;
      if (depth === 1 && start < 0) key = JSON.parse(text.slice(from, at + 1));
    } else if (OPENS.includes(c)) depth++;
    else if (c === COLON && depth === 1 && start < 0) start = at + 1 + (text.slice(at + 1).search(/\S/));
    else if (depth === 1 && (c === COMMA || CLOSES.includes(c))) {
      if (start >= 0) found.set(key, [start, start + text.slice(start, at).trimEnd().length]);
      start = -1;
      if (c !== COMMA) break;
    } else if (CLOSES.includes(c)) depth--;
  }
  return found;
}
