// A Go program on the page: its loading, the functions it imports and exports, and
// the messages that it holds. The other side of the border is package jsglue.
// @ts-check

import { ENDED, text } from "./abi.js";
import { fetchProgram } from "./load.js";
import { imports } from "./imports.js";
import { isOwn, read, sizeOf, FAULTS, MSG, OPEN } from "../messaging/message-info.js";
import { Writer } from "./value-writer.js";
import { revive } from "../comms/restart-program.js";
import { Staging } from "./staging.js";

/** Exports return the number of their call changed by TAG, and a code. */
const TAG = 0x5a5a5a;
/**
 * After so many microtasks without a call of an export no more messages come for now: classic's kernel object needs
 * fewer from one to the next.
 */
const QUIET = 8;
/** … or a message of this many bytes, which is not kept waiting. */
const LARGE = 1 << 20;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What ends a program that was still loading. */
export const DETACHED = "the kernel was detached meanwhile";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("../comms/hub.js").Hub} Hub
 * @typedef {import("../comms/route.js").Route} Route
 */

export class Program {
  /**
   * @param {Hub} hub @param {string} url of the .wasm @param {object} options for the program
   * @param {import("../comms/js-comms.js").JSComms} js what the page's JavaScript has with the program's manager
   */
  constructor(hub, url, options, js) {
    this.hub = hub;
    this.url = url;
    this.options = options;
    this.js = js;
    /** The targets that are Go's. @type {Set<string>} */
    this.goTargets = new Set();
    this.name = url.slice(url.lastIndexOf("/") + 1).replace(/\?.*/, "");
    /** Why the program is no more, or "". */
    this.dead = "";
    /** It has started, and has its place: its end is a loss. */
    this.running = false;
    /** The compiled module, and the Go runtime's JavaScript for it. @type {{Go: any, module: WebAssembly.Module} | null} */
    this.image = null;
    /** When it was started again. @type {number[]} */
    this.restarts = [];
    this.seq = 0;
    this.waking = false;
    /** What was delivered is not to wait for more. */
    this.hurry = false;
    /** Where Go reads ids and names. */
    this.scratch = 0;
    this.scratchSize = 0;
    /** What Go is to take. */
    this.staging = new Staging();
    /** Messages that Go refers to, by number. @type {(Message | undefined)[]} */
    this.slots = [];
    /** @type {number[]} */
    this.freeSlots = [];
    /** The plans by which Go reads messages. @type {ReturnType<typeof import("./value-writer.js").parsePlan>[]} */
    this.plans = [];
    this.writer = new Writer();
    /** The comms whose handlers are Go. @type {(Route | undefined)[]} */
    this.byIndex = [];
    /** What a JavaScript function called by Go has thrown. @type {any} */
    this.thrown = undefined;
    /** @type {Map<number, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    /** @type {Record<string, Function>} */
    this.exports = {};
    /** @type {Promise<void>} */
    this.ready = new Promise((resolve, reject) => {
      this.arrive = resolve;
      this.failed = reject;
    });
    this.ready.catch(() => {}); // load waits for it, or has failed before
  }

  /** Fetches and starts the program. @param {Promise<Response> | undefined} response of its .gz, where that is under way */
  async load(response) {
    this.image = await fetchProgram(this.url, response);
    await this.start();
  }

  /** Starts an instance of the program that was fetched. */
  async start() {
    const { Go, module } = /** @type {{Go: any, module: WebAssembly.Module}} */ (this.image);
    const go = (this.go = new Go());
    go.importObject.gocomm = imports(this);
    go.exit = (/** @type {number} */ code) => this.die(`it exited with code ${code}`);
    const resume = go._resume;
    go._resume = () => {
      if (this.dead) return;
      try {
        resume.call(go);
      } catch (e) {
        this.die(`it crashed: ${text(e)}`);
      }
    };
    const instance = await WebAssembly.instantiate(module, go.importObject).catch((e) => {
      throw new Error(`it cannot be started: ${e}; build it and gocomm.js from one release`);
    });
    if (!instance.exports.run || !instance.exports.mem) throw new Error("this is no Go program");
    if (this.dead || this.hub.detached) throw new Error(this.dead || DETACHED);
    this.exports = /** @type {any} */ ({ ...instance.exports }); // of an ordinary object they are found faster
    this.hub.programs.add(this);
    this.js.program = this;
    go.run(instance).catch((/** @type {unknown} */ e) => this.die(`it crashed: ${text(e)}`));
    await this.ready;
  }

  /** A program of the same code, which is not fetched or compiled again, for the place of this one. */
  successor() {
    const next = new Program(this.hub, this.url, this.options, this.js);
    next.image = this.image;
    next.restarts = this.restarts;
    return next;
  }

  /** @param {string} why */
  die(why) {
    if (this.dead) return;
    this.halt(why);
    if (this.running) revive(this);
  }

  /** Nothing of it runs from here on. @param {string} why */
  halt(why) {
    this.dead ||= why;
    this.failed(new Error(why));
    for (const t of this.timers.values()) clearTimeout(t);
    // wasm_exec.js resumes Go again and again until a timer of Go's is off this list.
    const timeouts = this.go?._scheduledTimeouts;
    for (const t of timeouts?.values() ?? []) clearTimeout(t);
    timeouts?.clear();
  }

  /** Lets go of what a dead program has in memory. */
  empty() {
    this.go = { _resume() {} };
    this.exports = /** @type {any} */ ({ mem: { buffer: new ArrayBuffer(0) } });
    this.view = undefined;
    this.slots = [];
    this.plans = [];
    this.writer = new Writer();
    this.byIndex = [];
  }

  detach() {
    this.call(this.exports.gocomm_detach);
    this.hub.programs.delete(this);
    this.halt("it was detached");
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
    if (this.dead) return ENDED;
    const seq = this.next();
    try {
      return this.code(f, seq, f(seq, a, b, c, d, e, g, h));
    } catch (err) {
      return this.crashed(err);
    }
  }

  next() {
    return (this.seq = (this.seq + 1) & 0xffffff);
  }

  /** @param {Function} f that was called as number seq @param {number} seq @param {number} answer */
  code(f, seq, answer) {
    if (answer >>> 8 === (seq ^ TAG)) return answer & 0xff;
    this.die(`${Object.keys(this.exports).find((name) => this.exports[name] === f)} did not return`);
    return ENDED;
  }

  /** @param {unknown} e */
  crashed(e) {
    this.die(`it crashed: ${text(e)}`);
    return ENDED;
  }

  /**
   * Hands over a message that no comm in the index is for, or an open.
   * @param {number} type @param {Message} msg
   * @param {Route | import("../comms/js-route.js").JSRoute} [live] the comm that has its id
   * @returns {Promise<void> | undefined}
   */
  deliver(type, msg, live) {
    if (type === OPEN && !this.goTargets.has(msg?.content?.target_name) && this.js.mayOpen(msg?.content, live)) {
      return this.js.open(msg, live);
    }
    const m = read(type, msg);
    const ids = this.write(m.id, 0);
    const names = this.write(m.target, ids);
    this.hurry = true;
    this.call(this.exports.gocomm_deliver, type, this.keep(msg), sizeOf(msg), this.isOwn(msg), FAULTS.indexOf(m.fault), ids, names);
    return undefined;
  }

  /** @param {Route} route of a comm whose handlers are Go @param {number} type @param {Message} msg */
  deliverTo(route, type, msg) {
    const size = sizeOf(msg);
    if (size >= LARGE) this.hurry = true;
    this.call(type === MSG ? this.exports.gocomm_msg : this.exports.gocomm_close, route.index, this.keep(msg), size, this.isOwn(msg));
  }

  /** @param {Message} msg */
  keep(msg) {
    const slot = this.freeSlots.pop() ?? this.slots.length;
    this.slots[slot] = msg;
    return slot;
  }

  /**
   * Writes an id or a name into Go's memory, cut where it is too long to be
   * accepted, and with 0xff for what is not ASCII.
   * @param {string} s @param {number} at
   */
  write(s, at) {
    const n = Math.min(s.length, this.scratchSize / 2);
    const memory = this.memory();
    for (let i = 0; i < n; i++) memory[this.scratch + at + i] = Math.min(s.charCodeAt(i), 0xff);
    return n;
  }

  /** @param {Message} msg */
  isOwn(msg) {
    return isOwn(msg, this.hub.kernel) ? 1 : 0;
  }

  /** Go's memory: a view of its own at each growth. */
  memory() {
    const { buffer } = /** @type {any} */ (this.exports).mem;
    if (this.view?.buffer !== buffer) this.view = new Uint8Array(buffer);
    return /** @type {Uint8Array} */ (this.view);
  }

  /**
   * Has goroutines run once the page delivers no more at the moment: waking them costs as
   * much as some messages. But a queue must not fill up meanwhile.
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

  // Out of Go.

  /** @param {number} ptr @param {number} len */
  string(ptr, len) {
    return decoder.decode(this.memory().subarray(ptr, ptr + len));
  }

  /** Enters Go from an event of the page. @param {Function} f an export @param {number} [a] */
  enter(f, a) {
    if (this.dead) return;
    this.call(f, a);
    this.go._resume();
  }
}
