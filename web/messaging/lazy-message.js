// What the reader makes of most frames.
// @ts-check

/** Where the size of a message's content is, also for another copy of this module. */
export const SIZE = Symbol.for("gocomm.size");

/** The buffers of a message in a text frame. @type {DataView[]} */
const NONE = [];
Object.freeze(NONE);

/** A comm_msg of which only the content was parsed. */
export class PartlyRead {
  #frame;
  /** @type {any} */
  #whole;

  /** @param {string} frame @param {any} content @param {any} parent_header @param {number} size of the content, in characters */
  constructor(frame, content, parent_header, size) {
    this.channel = "iopub";
    this.content = content;
    this.parent_header = parent_header;
    this[SIZE] = size;
    this.#frame = frame;
  }

  get #rest() {
    return (this.#whole ??= JSON.parse(this.#frame));
  }

  get header() { return this.#rest.header; }
  get msg_id() { return this.#rest.msg_id; }
  get msg_type() { return "comm_msg"; }
  get metadata() { return this.#rest.metadata; }
  get buffers() { return NONE; }

  toJSON() {
    const { header, msg_id, msg_type, parent_header, metadata, content, buffers, channel } = this;
    return { header, msg_id, msg_type, parent_header, metadata, content, buffers, channel };
  }
}
