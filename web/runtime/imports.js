// The functions that every Go program on a page imports, by their names in package
// gocomm/internal/border; and the guard for those of a host.
// @ts-check

import { ABI, text } from "./abi.js";
import { bytesOf, isBuffer } from "./buffers.js";
import * as log from "./log.js";

/** To find it on the page costs as much as to read it. */
const clock = performance;

/** How long a frame of the display is waited for: a page that is hidden has none. */
const HIDDEN = 1000; // ms

/**
 * @typedef {import("./instance.js").Instance} Instance
 * @typedef {Record<string, (...args: number[]) => number | void>} Unguarded
 */

/**
 * Functions for Go to import. Each catches everything: an exception must not cross Go's
 * frames. One that fails returns a negative number: where Go takes the reason (border.Result),
 * -1 less the number under which that is staged.
 * @param {Instance} p @param {Unguarded} functions @param {Set<string>} reasons the functions of whose failure Go takes the reason
 */
export function guard(p, functions, reasons) {
  /** @type {import("./instance.js").Functions} */
  const guarded = {};
  for (const [name, f] of Object.entries(functions)) {
    // Thirteen parameters are the most; a rest parameter would cost as much as some of the functions.
    guarded[name] = (a, b, c, d, e, g, h, i, j, k, l, m, n) => {
      try {
        return f(a, b, c, d, e, g, h, i, j, k, l, m, n) || 0;
      } catch (err) {
        p.thrown = err; // shown, with its stack, when Go reports the failure
        return reasons.has(name) ? -1 - p.staging.text(text(err)) : -1;
      }
    };
  }
  return guarded;
}

/** @param {Instance} p */
export function imports(p) {
  const guarded = guard(p, {
    hello: (abi, scratch, size) => {
      if (abi !== ABI) {
        const e = new Error(`it was built for version ${abi} of gocomm's border, this ${p.file} has version ${ABI}: build both from one release`);
        p.failed(e);
        throw e;
      }
      p.scratch = scratch;
      p.scratchSize = size;
    },
    ready: (ptr, len) => (len === 0 ? p.arrive() : p.failed(new Error(p.string(ptr, len)))),
    wake: () => void p.wake(),
    turn: () => later(() => p.enter(p.exports.gocomm_turn)),
    timer: (id, ms) => {
      const due = () => {
        clearTimeout(p.timers.get(id));
        if (p.timers.delete(id)) p.enter(p.exports.gocomm_timer, id);
      };
      p.timers.set(id, setTimeout(due, ms < 0 ? HIDDEN : ms));
      if (ms < 0) requestAnimationFrame(due);
    },
    untimer: (id) => {
      clearTimeout(p.timers.get(id));
      p.timers.delete(id);
    },
    random: (ptr, n) => void crypto.getRandomValues(p.memory().subarray(ptr, ptr + n)),
    staged_len: (n) => p.staging.length(n),
    take: (n, ptr) => p.memory().set(p.staging.take(n), ptr),
    buffer_count: (slot) => {
      const buffers = p.slots[slot]?.buffers;
      return Array.isArray(buffers) ? buffers.length : 0;
    },
    buffer_len: (slot, i) => bufferOf(p, slot, i).byteLength,
    buffer_copy: (slot, i, ptr, len) => {
      const b = bufferOf(p, slot, i);
      const bytes = bytesOf(b);
      p.memory().set(bytes.length > len ? bytes.subarray(0, len) : bytes, ptr);
      return Math.min(bytes.length, len);
    },
    release: (slot) => p.release(slot),
    console: (level, ptr, len, slot) => {
      const line = [p.string(ptr, len)];
      if (slot >= 0) line.push(p.slots[slot]);
      else if (p.thrown !== undefined && line[0].includes(text(p.thrown))) line.push(p.thrown);
      p.thrown = undefined;
      [console.log, log.warn, log.error][level](...line);
    },
  }, new Set());
  guarded.now = () => clock.now(); // often called, and throws nothing
  return guarded;
}

/** What is none counts as an empty one. @param {Instance} p @param {number} slot @param {number} i @returns {ArrayBuffer | ArrayBufferView} */
function bufferOf(p, slot, i) {
  const b = p.slots[slot].buffers[i];
  return isBuffer(b) ? b : new ArrayBuffer(0);
}

/** Runs f in a later task, without the delay that nested timers get. @param {() => void} f */
export function later(f) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    f();
  };
  port2.postMessage(null);
}
