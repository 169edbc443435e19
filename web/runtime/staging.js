// What a function that Go calls has for it, until Go takes it. Go makes memory for it
// first, where the garbage collector may park the goroutine, so that several goroutines
// may be about to: hence the numbers.
// @ts-check

const encoder = new TextEncoder();

export class Staging {
  constructor() {
    /** By number. @type {(Uint8Array | undefined)[]} */
    this.bytes = [];
    /** @type {number[]} */
    this.free = [];
  }

  /** @param {Uint8Array} bytes @returns {number} */
  put(bytes) {
    const n = this.free.pop() ?? this.bytes.length;
    this.bytes[n] = bytes;
    return n;
  }

  /** @param {string} s */
  text(s) {
    return this.put(encoder.encode(s));
  }

  /** @param {number} n */
  length(n) {
    return /** @type {Uint8Array} */ (this.bytes[n]).length;
  }

  /** Gives the bytes, and forgets them. @param {number} n */
  take(n) {
    const bytes = /** @type {Uint8Array} */ (this.bytes[n]);
    this.bytes[n] = undefined;
    this.free.push(n);
    return bytes;
  }
}
