// A Go program on the page: its loading, the functions it imports and exports, and
// the messages that it holds. The other side of the border is package jsglue.
// @ts-check

import { fetchProgram } from "./load.js";
import { TYPES, OPEN, MSG, CLOSE } from "./hub.js";
import { Comm, hide } from "./facade.js";
import { read, sizeOf, FAULTS } from "./message.js";

/** The version of the border; package jsglue has the same. */
const ABI = 1;
/** Exports return the number of their call changed by TAG, and a code. */
const TAG = 0x5a5a5a;
const FAILED = 1;
/** The parts of a message in the order of commmgr.Part. @type {((msg: any) => any)[]} */
const PARTS = [(m) => m.header, (m) => m.parent_header, (m) => m.metadata, (m) => m.content, (m) => m.content.data];

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * @typedef {import("./gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("./hub.js").Route} Route
 */

export class Program {
  /** @param {Hub} hub @param {string} url of the .wasm @param {object} options for the program */
  constructor(hub, url, options) {
    this.hub = hub;
    this.url = url;
    this.options = options;
    this.name = url.slice(url.lastIndexOf("/") + 1).replace(/\?.*/, "");
    /** Why the program is no more, or "". */
    this.dead = "";
    this.seq = 0;
    this.waking = false;
    this.staged = new Uint8Array(0);
    /** Messages that Go refers to, by number. @type {(Message | undefined)[]} */
    this.slots = [];
    /** @type {number[]} */
    this.freeSlots = [];
    /** @type {(Route | undefined)[]} */
    this.byIndex = [];
    /** What the JavaScript handler called last has returned. @type {any} */
    this.result = undefined;
    /** @type {[number, Message][]} */
    this.yieldedMessages = [];
    /** @type {Map<number, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    /** @type {Record<string, Function>} */
    this.exports = {};
    /** @type {Promise<void>} */
    this.ready = new Promise((resolve, reject) => {
      this.started = resolve;
      this.failed = reject;
    });
    this.ready.catch(() => {}); // load waits for it, or has failed before
  }

  /** Fetches and starts the program. @param {Promise<Response> | undefined} response of its .gz, where that is under way */
  async load(response) {
    const { Go, module } = await fetchProgram(this.url, response);
    const go = (this.go = new Go());
    go.importObject.gocomm = this.imports();
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
    hide(go, "gocomm", this); // package jsglue/page finds the options here
    const instance = await WebAssembly.instantiate(module, go.importObject);
    this.exports = /** @type {any} */ (instance.exports);
    this.hub.programs.add(this);
    go.run(instance).catch((/** @type {unknown} */ e) => this.die(`it crashed: ${text(e)}`));
    await this.ready;
  }

  /** @param {string} why */
  die(why) {
    if (this.dead) return;
    this.dead = why;
    for (const t of this.timers.values()) clearTimeout(t);
    this.failed(new Error(why));
    if (this.exports.mem && this.hub.programs.has(this)) {
      console.error(`gocomm: ${this.name} has ended: ${why}. Its comms are closed; reload the page to start it again.`);
      this.hub.drop(this);
    }
  }

  detach() {
    if (!this.dead) this.call("gocomm_detach");
    this.hub.programs.delete(this);
    this.dead ||= "it was detached";
    for (const t of this.timers.values()) clearTimeout(t);
  }

  // Into Go.

  /**
   * Calls an export. One that throws, or does not give its number back, belongs to
   * a program that is no more.
   * @param {string} name @param {number} [a] @param {number} [b] @param {number} [c] @param {number} [d]
   * @param {number} [e] @param {number} [f] @param {number} [g]
   */
  call(name, a, b, c, d, e, f, g) {
    if (this.dead) throw new Error(`gocomm: ${this.name} has ended: ${this.dead}`);
    const seq = (this.seq = (this.seq + 1) & 0xffffff);
    let answer;
    try {
      answer = this.exports[name](seq, a, b, c, d, e, f, g);
    } catch (err) {
      this.die(`it crashed: ${text(err)}`);
      throw err;
    }
    if (answer >>> 8 !== (seq ^ TAG)) {
      this.die(this.dead || `${name} did not return`);
      throw new Error(`gocomm: ${this.name} has ended: ${this.dead}`);
    }
    return answer & 0xff;
  }

  /** Hands over a message that no comm in the index is for. @param {number} type @param {Message} msg */
  deliver(type, msg) {
    const m = read(type, msg);
    const ids = this.write(m.id, 0);
    const names = this.write(m.target, ids);
    this.result = undefined;
    this.call("gocomm_deliver", type, this.keep(msg), sizeOf(msg), this.isOwn(msg), FAULTS.indexOf(m.fault), ids, names);
    return this.take();
  }

  /** @param {Route} route @param {number} type @param {Message} msg */
  deliverTo(route, type, msg) {
    if (route.ended || this.dead) return undefined;
    const size = route.comm ? 0 : sizeOf(msg);
    this.result = undefined;
    this.call(type === MSG ? "gocomm_msg" : "gocomm_close", route.index, this.keep(msg), size, this.isOwn(msg));
    return this.take();
  }

  /** What a JavaScript handler has returned within this call. */
  take() {
    const result = this.result;
    this.result = undefined;
    return result;
  }

  /** @param {any} comm of the page's JavaScript @returns {Route} */
  register(comm) {
    const ids = this.write(String(comm.comm_id), 0);
    const names = this.write(String(comm.target_name), ids);
    if (this.call("gocomm_register", ids, names) === FAILED) throw new Error(this.stagedText());
    const route = /** @type {Route} */ (this.hub.routes.get(comm.comm_id));
    route.comm = comm;
    return route;
  }

  /** @param {Route} route of a comm that its handlers' side has closed */
  end(route) {
    if (!route.ended && !this.dead) this.call("gocomm_end", route.index);
  }

  /** @param {string} target that the page's JavaScript has registered */
  targetAdded(target) {
    const n = this.write(target, 0);
    if (n > 0) this.call("gocomm_target", n);
  }

  /** @param {string} target @returns {[number, Message][]} the messages held for it */
  yield(target) {
    this.yieldedMessages = [];
    this.call("gocomm_yield", this.write(target, 0));
    return this.yieldedMessages;
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
    return msg?.parent_header?.session === this.hub.kernel.session_id ? 1 : 0;
  }

  /** Go's memory: a view of its own at each growth. */
  memory() {
    const { buffer } = /** @type {any} */ (this.exports).mem;
    if (this.view?.buffer !== buffer) this.view = new Uint8Array(buffer);
    return /** @type {Uint8Array} */ (this.view);
  }

  wake() {
    if (this.waking) return;
    this.waking = true;
    queueMicrotask(() => {
      this.waking = false;
      this.go._resume();
    });
  }

  // Out of Go.

  /** @param {number} ptr @param {number} len */
  string(ptr, len) {
    return decoder.decode(this.memory().subarray(ptr, ptr + len));
  }

  /** Keeps bytes for Go to take; gives their number. @param {string} s */
  stage(s) {
    this.staged = encoder.encode(s);
    return this.staged.length;
  }

  stagedText() {
    return decoder.decode(this.staged);
  }

  /** The functions that Go imports. Each one catches everything: an exception must not cross Go's frames. */
  imports() {
    /** @type {Record<string, (...args: number[]) => number | void>} */
    const functions = {
      hello: (abi, scratch, size) => {
        if (abi !== ABI) {
          const e = new Error(`it was built for version ${abi} of gocomm's border, this gocomm.js has version ${ABI}: build both from one release`);
          this.failed(e);
          throw e;
        }
        this.scratch = scratch;
        this.scratchSize = size;
      },
      ready: (ptr, len) => (len === 0 ? this.started() : this.failed(new Error(this.string(ptr, len)))),
      now: () => performance.now(),
      wake: () => this.wake(),
      turn: () => later(() => this.enter("gocomm_turn")),
      timer: (id, ms) => {
        this.timers.set(id, setTimeout(() => {
          this.timers.delete(id);
          this.enter("gocomm_timer", id);
        }, ms));
      },
      untimer: (id) => {
        clearTimeout(this.timers.get(id));
        this.timers.delete(id);
      },
      random: (ptr, n) => void crypto.getRandomValues(this.memory().subarray(ptr, ptr + n)),
      claim: (ptr, len) => (this.hub.claim(this, this.string(ptr, len)) ? 0 : 1),
      unclaim: (ptr, len) => this.hub.unclaim(this, this.string(ptr, len)),
      bound: (index, own, ptr, len) => {
        const id = this.string(ptr, len);
        const route = { id, index, own: own === 1, program: this, comm: null, opening: null, ended: "" };
        this.byIndex[index] = route;
        this.hub.routes.set(id, route);
      },
      unbound: (index, ptr, len) => {
        const route = /** @type {Route} */ (this.byIndex[index]);
        route.ended = this.string(ptr, len);
        this.hub.routes.delete(route.id);
        if (route.comm) delete this.hub.stock.comms[route.id];
      },
      has_target: (ptr, len) => (this.hub.main === this && this.hub.target(this.string(ptr, len)) ? 1 : 0),
      call_open: (index, slot) => this.open(/** @type {Route} */ (this.byIndex[index]), /** @type {Message} */ (this.slots[slot])),
      call_msg: (index, slot) => {
        const route = /** @type {Route} */ (this.byIndex[index]);
        this.result = this.hub.settle(route, route.comm.handle_msg(this.slots[slot]));
      },
      call_close: (index, slot) => {
        const route = /** @type {Route} */ (this.byIndex[index]);
        this.byIndex[index] = undefined;
        this.result = this.hub.settle(route, route.comm.handle_close(this.slots[slot]));
      },
      load: (slot, part) => this.stage(JSON.stringify(PARTS[part](this.slots[slot])) ?? "null"),
      take: (ptr) => {
        this.memory().set(this.staged, ptr);
        this.staged = this.staged.subarray(0, 0);
      },
      buffer_count: (slot) => this.slots[slot]?.buffers?.length ?? 0,
      buffer_len: (slot, i) => this.buffer(slot, i).byteLength,
      buffer_copy: (slot, i, ptr, len) => {
        const b = this.buffer(slot, i);
        const bytes = ArrayBuffer.isView(b) ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b);
        this.memory().set(bytes.subarray(0, len), ptr);
        return Math.min(bytes.length, len);
      },
      release: (slot) => {
        this.slots[slot] = undefined;
        this.freeSlots.push(slot);
      },
      yielded: (type, slot) => {
        this.yieldedMessages.push([type, /** @type {Message} */ (this.slots[slot])]);
        functions.release(slot);
      },
      send: (type, id, idLen, target, targetLen, data, dataLen, metadata, metadataLen, buffers, n, wants, event) => {
        /** @type {Record<string, any>} */
        const content = { comm_id: this.string(id, idLen) };
        if (type === OPEN) content.target_name = this.string(target, targetLen);
        content.data = dataLen > 0 ? JSON.parse(this.string(data, dataLen)) : {};
        const meta = metadataLen > 0 ? JSON.parse(this.string(metadata, metadataLen)) : {};
        const callbacks = wants ? this.callbacks(wants, event) : undefined;
        return this.stage(this.hub.kernel.send_shell_message(TYPES[type], content, callbacks, meta, this.copies(buffers, n)));
      },
      input_reply: (ptr, len) => void this.hub.kernel.send_input_reply(this.string(ptr, len)),
      fail: (ptr, len) => void this.stage(this.string(ptr, len)),
      console: (level, ptr, len, slot) => {
        const line = this.string(ptr, len);
        const write = [console.log, console.warn, console.error][level];
        if (slot < 0) write(line);
        else write(line, this.slots[slot]);
      },
    };
    /** @type {Record<string, (...args: number[]) => number>} */
    const guarded = {};
    for (const [name, f] of Object.entries(functions)) {
      guarded[name] = (...args) => {
        try {
          return f(...args) || 0;
        } catch (e) {
          return -1 - this.stage(text(e));
        }
      };
    }
    return guarded;
  }

  /** Enters Go from an event of the page. @param {string} name @param {number} [a] */
  enter(name, a) {
    if (this.dead) return;
    this.call(name, a);
    this.go._resume();
  }

  /** Opens a comm whose target is JavaScript. @param {Route} route @param {Message} msg */
  open(route, msg) {
    const hub = this.hub;
    const comm = new Comm(msg.content.target_name, route.id);
    comm.kernel = hub.kernel;
    hide(comm, "_route", route);
    route.comm = comm;
    hub.stock.comms[route.id] = Promise.resolve(comm);
    const f = /** @type {Function} */ (hub.target(comm.target_name));
    const opening = hub.settle(route, f(comm, msg));
    if (opening) {
      route.opening = opening.then(() => void (route.opening = null));
      hub.stock.comms[route.id] = route.opening.then(() => comm);
      this.result = route.opening;
    }
  }

  /** @param {number} slot @param {number} i @returns {ArrayBuffer | DataView} */
  buffer(slot, i) {
    return /** @type {any} */ (this.slots[slot]).buffers[i];
  }

  /** Copies of n byte slices of Go's memory, each in a buffer of its own. @param {number} ptr @param {number} n */
  copies(ptr, n) {
    const memory = this.memory();
    const spans = new Uint32Array(memory.buffer, ptr, 2 * n);
    return Array.from({ length: n }, (_, i) => memory.buffer.slice(spans[2 * i], spans[2 * i] + spans[2 * i + 1]));
  }

  /**
   * Callbacks in the kernel object's form, which pass what is wanted to Go, and
   * tell when there will be no more.
   * @param {number} wants bits in the order of commmgr.Event @param {number} event
   */
  callbacks(wants, event) {
    const REPLY = 0, OUTPUT = 1, CLEAR_OUTPUT = 2, STATUS = 3, INPUT = 4;
    const wanted = (/** @type {number} */ kind) => (wants & (1 << kind)) !== 0;
    let open = wanted(REPLY) ? 2 : 1; // what is still to come: the reply, and idle
    const done = () => {
      if (--open === 0) this.call("gocomm_event", event, -1, 0, 0);
    };
    const pass = (/** @type {number} */ kind) => (/** @type {Message} */ msg) => {
      if (!this.dead && wanted(kind)) this.call("gocomm_event", event, kind, this.keep(msg), sizeOf(msg));
    };
    /** @type {Record<string, any>} */
    const callbacks = {
      iopub: {
        output: pass(OUTPUT),
        clear_output: pass(CLEAR_OUTPUT),
        status: (/** @type {Message} */ msg) => {
          pass(STATUS)(msg);
          if (!this.dead && msg.content.execution_state === "idle") done();
        },
      },
    };
    if (wanted(REPLY)) {
      callbacks.shell = {
        reply: (/** @type {Message} */ msg) => {
          pass(REPLY)(msg);
          if (!this.dead) done();
        },
      };
    }
    if (wanted(INPUT)) callbacks.input = pass(INPUT);
    return callbacks;
  }
}

/** Runs f in a later task, without the delay that nested timers get. @param {() => void} f */
function later(f) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    f();
  };
  port2.postMessage(null);
}

/** @param {unknown} e */
function text(e) {
  try {
    return e instanceof Error ? e.message : String(e);
  } catch {
    return "an exception without a text";
  }
}
