// The updates of a model that the kernel has not handled yet. While it handles one, ipywidgets merges those that come,
// and sends them as one message when the kernel is idle: that must not be too large either.
// @ts-check

import { isBuffer } from "../runtime/buffers.js";

/** Traits are not measured one by one below that, in bytes. */
const SMALL = 64 << 10;

export class UpdateFlight {
  constructor() {
    /** Whether the host tells of the kernel's status: without that it is not known what is merged. */
    this.told = false;
    this.flying = false;
    /** Bytes of what waits, by trait. @type {Map<string, number>} */
    this.waiting = new Map();
  }

  /** What would travel in one message: bytes by trait. @param {Map<string, any>} traits @param {number} bytes of all of them */
  with(traits, bytes) {
    const all = new Map(this.told && this.flying ? this.waiting : []);
    for (const [name, value] of traits) {
      all.set(name, traits.size === 1 || bytes < SMALL ? bytes : isBuffer(value) ? value.byteLength : JSON.stringify(value).length);
    }
    return all;
  }

  /** An update is sent, or waits. @param {Map<string, number>} all what with gave */
  sent(all) {
    if (this.flying) this.waiting = all;
    this.flying = true;
    return { iopub: { status: (/** @type {any} */ msg) => this.status(msg?.content?.execution_state) } };
  }

  /** @param {string} state the kernel's */
  status(state) {
    this.told = true;
    if (state !== "idle") return;
    this.flying = this.waiting.size > 0; // they have been sent just now
    this.waiting = new Map();
  }
}
