// A running Go program on a web page: its start and its end, calls of its exports, and what
// it refers to in JavaScript. It knows nothing of what the program is for: a host extends it
// (comms/program.js, afm/instance.js), and docs/hosts.md says how. The other side is package
// gocomm/internal/border.
// @ts-check

import { text } from "./abi.js";
import { imports } from "./imports.js";
import { Staging } from "./staging.js";

/** Exports return the number of their call changed by TAG, and a code. */
const TAG = 0x5a5a5a;
/** After so many microtasks without a call of an export nothing more comes for now: classic Notebook's kernel object needs fewer from one message to the next. */
const QUIET = 8;
/** What has been kept for Go since it ran last does not wait for more, from so many objects or bytes on. */
const MANY = 1000;
const LARGE = 1 << 20;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const NO_GO = { _resume() {} };
const NO_EXPORTS = { mem: { buffer: new ArrayBuffer(0) } };

/**
 * @typedef {{ module: WebAssembly.Module, Go: new () => any }} Image a compiled program, and the Go runtime's JavaScript for it
 * @typedef {Record<string, (...args: number[]) => number>} Functions
 */

export class Instance {
  /** @param {string} name of the program @param {string} file the entry point, for errors */
  constructor(name, file) {
    this.name = name;
    this.file = file;
    /** Why the program is no more, or "". */
    this.dead = "";
    /** Go's memory: where it reads short texts that are written here. */
    this.scratch = 0;
    this.scratchSize = 0;
    /** Texts for Go to take. */
    this.staging = new Staging();
    /** What an import has thrown last. @type {any} */
    this.thrown = undefined;
    /** @type {Map<number, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    this.seq = 0;
    this.waking = false;
    /** What was handed over is not to wait for more. */
    this.hurry = false;
    /** @type {Promise<void>} */
    this.ready = new Promise((resolve, reject) => {
      this.arrive = resolve;
      this.failed = reject;
    });
    this.ready.catch(() => {}); // start waits for it, or has failed before
    /** @type {any} */
    this.go = NO_GO;
    /** @type {Record<string, any>} */
    this.exports = NO_EXPORTS;
    /** @type {Uint8Array | undefined} */
    this.view = undefined;
    /** Objects that Go refers to, by number. @type {any[]} */
    this.slots = [];
    /** @type {number[]} */
    this.freeSlots = [];
    /** How many, and how large, since Go ran last. */
    this.count = 0;
    this.bytes = 0;
  }

  /** Lets go of what a program that has ended has in memory. */
  empty() {
    this.go = NO_GO;
    this.exports = NO_EXPORTS;
    this.view = undefined;
    this.slots = [];
    this.freeSlots = [];
  }

  /**
   * Starts the program, and returns when it is ready.
   * @param {Image} image @param {Record<string, Functions>} modules the host's imports, guarded, by the names of their modules
   */
  async start({ module, Go }, modules) {
    const go = (this.go = new Go());
    Object.assign(go.importObject, { gocomm: imports(this) }, modules);
    go.exit = (/** @type {number} */ code) => this.die(`it exited with code ${code}`);
    const resume = go._resume;
    go._resume = () => {
      if (this.dead) return;
      this.count = this.bytes = 0;
      try {
        resume.call(go);
      } catch (e) {
        this.die(`it crashed: ${text(e)}`);
      }
    };
    const instance = await WebAssembly.instantiate(module, go.importObject).catch((e) => {
      throw new Error(`it cannot be started: ${text(e)}; it and ${this.file} are not of one release of gocomm, or it is a program for another host`);
    });
    if (!instance.exports.run || !instance.exports.mem) throw new Error("this is no Go program");
    if (this.dead) throw new Error(this.dead);
    this.exports = { ...instance.exports }; // of an ordinary object they are found faster
    this.begun();
    go.run(instance).catch((/** @type {unknown} */ e) => this.die(`it crashed: ${text(e)}`));
    await this.ready;
  }

  /** For the host: the program is about to run. */
  begun() {}

  /** For the host: the program has ended by itself. @param {string} _why */
  ended(_why) {}

  /** The program is no more. @param {string} why */
  die(why) {
    if (this.dead) return;
    this.halt(why);
    this.ended(why);
  }

  /** Nothing of it runs from here on. @param {string} why */
  halt(why) {
    this.dead ||= why;
    this.failed(new Error(why));
    for (const t of this.timers.values()) clearTimeout(t);
    // wasm_exec.js resumes Go again and again until a timer of Go's is off this list.
    const timeouts = this.go._scheduledTimeouts;
    for (const t of timeouts?.values() ?? []) clearTimeout(t);
    timeouts?.clear();
  }

  // Into Go.

  /**
   * Calls an export. One that throws, or does not give its number back, belongs to
   * a program that is no more. That is reported once, and not thrown: the page's
   * scripts, which are about to be called as well, have no part in it.
   * @param {Function} f @param {number} [a] @param {number} [b] @param {number} [c] @param {number} [d]
   * @param {number} [e] @param {number} [g] @param {number} [h]
   */
  call(f, a, b, c, d, e, g, h) {
    if (this.dead) return;
    const seq = (this.seq = (this.seq + 1) & 0xffffff);
    try {
      if (f(seq, a, b, c, d, e, g, h) >>> 8 === (seq ^ TAG)) return;
    } catch (err) {
      this.die(`it crashed: ${text(err)}`);
      return;
    }
    this.die(`${Object.keys(this.exports).find((name) => this.exports[name] === f)} did not return`);
  }

  /** Enters Go from an event of the page. @param {Function} f an export @param {number} [a] @param {number} [b] @param {number} [c] */
  enter(f, a, b, c) {
    if (this.dead) return;
    this.call(f, a, b, c);
    this.go._resume();
  }

  /** Keeps an object for Go, until Go releases its slot. @param {any} value @param {number} [size] about how many bytes it has */
  keep(value, size = 0) {
    const slot = this.freeSlots.pop() ?? this.slots.length;
    this.slots[slot] = value;
    this.bytes += size;
    if (++this.count >= MANY || this.bytes >= LARGE) this.hurry = true;
    return slot;
  }

  /** @param {number} slot */
  release(slot) {
    this.slots[slot] = undefined;
    this.freeSlots.push(slot);
  }

  /**
   * Has goroutines run once the page hands over no more at the moment: waking them costs as
   * much as some messages. But what waits for them must not become too much.
   */
  async wake() {
    if (this.waking) return;
    this.waking = true;
    let { seq } = this;
    for (let quiet = 0; quiet < QUIET; quiet++) {
      await null; // a microtask later
      if (this.hurry) break;
      if (this.seq !== seq) {
        seq = this.seq;
        quiet = 0;
      }
    }
    this.waking = this.hurry = false;
    this.go._resume();
  }

  /**
   * Writes a short text into Go's scratch memory, cut where it is too long, and with 0xff for
   * what is not ASCII. Two fit, one behind the other.
   * @param {string} s @param {number} at
   */
  write(s, at) {
    const n = Math.min(s.length, this.scratchSize / 2);
    const memory = this.memory();
    for (let i = 0; i < n; i++) memory[this.scratch + at + i] = Math.min(s.charCodeAt(i), 0xff);
    return n;
  }

  // Out of Go.

  /** Go's memory: a view of its own at each growth. */
  memory() {
    const { buffer } = this.exports.mem;
    if (this.view?.buffer !== buffer) this.view = new Uint8Array(buffer);
    return /** @type {Uint8Array} */ (this.view);
  }

  /** @param {number} ptr @param {number} len */
  string(ptr, len) {
    return decoder.decode(this.memory().subarray(ptr, ptr + len));
  }

  /** How many bytes n byte slices of Go's memory have. @param {number} ptr @param {number} n */
  bytesIn(ptr, n) {
    return new Uint32Array(this.memory().buffer, ptr, 2 * n).reduce((sum, x, i) => (i % 2 ? sum + x : sum), 0);
  }

  /** Copies of n byte slices of Go's memory, each in a buffer of its own. @param {number} ptr @param {number} n */
  copies(ptr, n) {
    const { buffer } = this.memory();
    const spans = new Uint32Array(buffer, ptr, 2 * n);
    return Array.from({ length: n }, (_, i) => /** @type {ArrayBuffer} */ (buffer).slice(spans[2 * i], spans[2 * i] + spans[2 * i + 1]));
  }
}
