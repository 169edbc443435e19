// The functions that a Go program imports, by their names in package jsglue.
// @ts-check

import { text } from "./abi.js";
import { sizeOf, OPEN, TYPES } from "../messaging/message-info.js";
import { parsePlan, stringify } from "./value-writer.js";
import { Route } from "../comms/route.js";
import { TooLarge } from "../comms/outgoing.js";

/** The version of the border; package jsglue has the same. */
const ABI = 7;

/** The functions of whose failure Go takes the text. */
const TAKES_REASONS = new Set(["options", "claim", "load", "plan", "planned", "field", "send", "input_reply"]);

/** What send gives, less the number of the text, for a message that is larger than allowed. */
const TOO_LARGE = -(1 << 30);

/** To find it on the page costs as much as to read it. */
const clock = performance;

/** How long a frame of the display is waited for. */
const HIDDEN = 1000; // ms

/** The parts of a message in the order of commmgr.Part. @type {((msg: any) => any)[]} */
const PARTS = [(m) => m.header, (m) => m.parent_header, (m) => m.metadata, (m) => m.content, (m) => m.content.data];
const DATA = 4;

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./program.js").Program} Program
 */

/**
 * Each function catches everything: an exception must not cross Go's frames. One
 * that fails has staged a text, and returns -1 less its number, if Go takes it.
 * @param {Program} p
 */
export function imports(p) {
  /** @type {Record<string, (...args: number[]) => number | void>} */
  const functions = {
    hello: (abi, scratch, size) => {
      if (abi !== ABI) {
        const e = new Error(`it was built for version ${abi} of gocomm's border, this gocomm.js has version ${ABI}: build both from one release`);
        p.failed(e);
        throw e;
      }
      p.scratch = scratch;
      p.scratchSize = size;
    },
    ready: (ptr, len) => (len === 0 ? p.arrive() : p.failed(new Error(p.string(ptr, len)))),
    options: () => p.staging.text(JSON.stringify(p.options)),
    now: () => clock.now(),
    wake: () => void p.wake(),
    turn: () => later(() => p.enter(p.exports.gocomm_turn)),
    timer: (id, ms) => {
      const due = () => {
        clearTimeout(p.timers.get(id));
        if (p.timers.delete(id)) p.enter(p.exports.gocomm_timer, id);
      };
      // A page that is hidden has no frames.
      p.timers.set(id, setTimeout(due, ms < 0 ? HIDDEN : ms));
      if (ms < 0) requestAnimationFrame(due);
    },
    untimer: (id) => {
      clearTimeout(p.timers.get(id));
      p.timers.delete(id);
    },
    random: (ptr, n) => void crypto.getRandomValues(p.memory().subarray(ptr, ptr + n)),
    claim: (ptr, len) => {
      const target = p.string(ptr, len);
      const owner = p.hub.claimForGo(p, target);
      if (owner) return owner === "program" ? 1 : 2;
      p.goTargets.add(target);
      return 0;
    },
    unclaim: (ptr, len) => {
      const target = p.string(ptr, len);
      p.goTargets.delete(target);
      p.hub.unclaim(p.js, target);
    },
    taken: (ptr, len) => (p.hub.routes.has(p.string(ptr, len)) ? 1 : 0),
    bound: (index, own, ptr, len) => {
      const route = new Route(p.string(ptr, len), p, index, own === 1);
      p.byIndex[index] = route;
      p.hub.routes.set(route.id, route);
    },
    unbound: (index, ptr, len) => {
      const route = /** @type {Route} */ (p.byIndex[index]);
      route.ended = p.string(ptr, len);
      p.hub.routes.delete(route.id);
    },
    load: (slot, part) => p.staging.text(stringify(PARTS[part](p.slots[slot]))),
    field: (slot, ptr, len) => {
      const data = /** @type {any} */ (p.slots[slot])?.content.data;
      const name = p.string(ptr, len);
      const value = data && Object.hasOwn(data, name) ? data[name] : undefined;
      return ["string", "number", "boolean"].includes(typeof value) ? 1 + p.staging.text(JSON.stringify(value)) : 0;
    },
    plan: (id, ptr, len) => void (p.plans[id] = parsePlan(p.string(ptr, len))),
    planned: (slot, part, id, ptr, room) => {
      const { writer } = p;
      const msg = /** @type {Message} */ (p.slots[slot]);
      const value = part === DATA ? msg.content.data : PARTS[part](msg);
      if (writer.write(p.plans[id], value, p.memory(), ptr, room)) return writer.at - ptr;
      return room + 1 + p.staging.put(writer.bytes.subarray(0, writer.at));
    },
    staged_len: (n) => p.staging.length(n),
    take: (n, ptr) => p.memory().set(p.staging.take(n), ptr),
    buffer_count: (slot) => {
      const buffers = p.slots[slot]?.buffers;
      return Array.isArray(buffers) ? buffers.length : 0;
    },
    buffer_len: (slot, i) => bufferOf(p, slot, i).byteLength,
    buffer_copy: (slot, i, ptr, len) => {
      const b = bufferOf(p, slot, i);
      const bytes = ArrayBuffer.isView(b) ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b);
      p.memory().set(bytes.subarray(0, len), ptr);
      return Math.min(bytes.length, len);
    },
    release: (slot) => {
      p.slots[slot] = undefined;
      p.freeSlots.push(slot);
    },
    send: (type, id, idLen, target, targetLen, data, dataLen, metadata, metadataLen, buffers, n, wants, event) => {
      const content = type === OPEN ? { comm_id: p.string(id, idLen), target_name: p.string(target, targetLen) } : { comm_id: p.string(id, idLen) };
      const meta = metadataLen > 0 ? JSON.parse(p.string(metadata, metadataLen)) : {};
      const callbacks = wants ? callbacksOf(p, wants, event) : undefined;
      try {
        const sent = p.hub.outgoing.sendText(p.js.maxSend, TYPES[type], content, dataLen > 0 ? p.string(data, dataLen) : "{}", callbacks, meta, copies(p, buffers, n));
        return p.staging.text(sent);
      } catch (e) {
        if (!(e instanceof TooLarge)) throw e;
        return TOO_LARGE - p.staging.text(`${e.size} bytes, more than the ${e.cap} that the server takes`);
      }
    },
    input_reply: (ptr, len) => void p.hub.kernel.send_input_reply(p.string(ptr, len)),
    console: (level, ptr, len, slot) => {
      const line = [p.string(ptr, len)];
      if (slot >= 0) line.push(/** @type {any} */ (p.slots[slot]));
      else if (p.thrown !== undefined && line[0].includes(text(p.thrown))) line.push(p.thrown);
      p.thrown = undefined;
      [console.log, console.warn, console.error][level](...line);
    },
  };
  /** @type {Record<string, (...args: number[]) => number>} */
  const guarded = {};
  for (const [name, f] of Object.entries(functions)) {
    // Thirteen parameters are the most; a rest parameter would cost as much as some of the functions.
    guarded[name] = (a, b, c, d, e, g, h, i, j, k, l, m, n) => {
      try {
        return f(a, b, c, d, e, g, h, i, j, k, l, m, n) || 0;
      } catch (err) {
        p.thrown = err; // shown, with its stack, when Go reports the failure
        return TAKES_REASONS.has(name) ? -1 - p.staging.text(text(err)) : -1;
      }
    };
  }
  guarded.now = () => clock.now(); // often called, and throws nothing
  return guarded;
}

/** What is none counts as an empty one. @param {Program} p @param {number} slot @param {number} i @returns {ArrayBuffer | DataView} */
function bufferOf(p, slot, i) {
  const b = /** @type {any} */ (p.slots[slot]).buffers[i];
  return ArrayBuffer.isView(b) || Object.prototype.toString.call(b) === "[object ArrayBuffer]" ? b : new ArrayBuffer(0);
}

/** Copies of n byte slices of Go's memory, each in a buffer of its own. @param {Program} p @param {number} ptr @param {number} n */
function copies(p, ptr, n) {
  const memory = p.memory();
  const spans = new Uint32Array(memory.buffer, ptr, 2 * n);
  return Array.from({ length: n }, (_, i) => /** @type {ArrayBuffer} */ (memory.buffer).slice(spans[2 * i], spans[2 * i] + spans[2 * i + 1]));
}

/**
 * Callbacks in the kernel object's form, which pass what is wanted to Go, and
 * tell when there will be no more.
 * @param {Program} p @param {number} wants bits in the order of commmgr.Event @param {number} event
 */
function callbacksOf(p, wants, event) {
  const REPLY = 0, OUTPUT = 1, CLEAR_OUTPUT = 2, STATUS = 3, INPUT = 4;
  const wanted = (/** @type {number} */ kind) => (wants & (1 << kind)) !== 0;
  const pass = (/** @type {number} */ kind) => (/** @type {Message} */ msg) => {
    if (!p.dead && wanted(kind)) p.call(p.exports.gocomm_event, event, kind, p.keep(msg), sizeOf(msg));
  };
  /** @type {Record<string, any>} */
  const callbacks = {
    iopub: {
      output: pass(OUTPUT),
      clear_output: pass(CLEAR_OUTPUT),
      status: (/** @type {Message} */ msg) => {
        pass(STATUS)(msg);
        // Kernels do not reply to comm messages: nothing is waited for after this.
        if (!p.dead && msg.content.execution_state === "idle") p.call(p.exports.gocomm_event, event, -1, 0, 0);
      },
    },
  };
  if (wanted(REPLY)) callbacks.shell = { reply: pass(REPLY) };
  if (wanted(INPUT)) callbacks.input = pass(INPUT);
  return callbacks;
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
