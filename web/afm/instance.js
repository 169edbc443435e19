// A running instance of a Go program for widgets: the calls into it, and what it refers
// to. What it imports is in afm/imports.js.
// @ts-check

import { afmImports } from "./imports.js";
import { CHANGE } from "./model.js";
import { text } from "../runtime/abi.js";

/** Exports return the number of their call changed by TAG. */
const TAG = 0x5a5a5a;
/** How long changes wait for more when Go was woken just before, in ms: waking it costs more than they do. */
const REST = 4;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {{ texts: Uint8Array[], buffers: any[] }} Slot what Go may copy
 */

export class Instance {
  /** @param {import("./program.js").AfmProgram} program @param {{ module: WebAssembly.Module, Go: new () => any }} image */
  constructor(program, { module, Go }) {
    this.program = program;
    this.module = module;
    this.go = new Go();
    this.halted = false;
    this.running = false;
    /** @type {Record<string, any>} */
    this.exports = {};
    /** @type {(Model | undefined)[]} */
    this.byHandle = [];
    /** @type {number[]} */
    this.freeHandles = [];
    /** Models that Go has looked up. @type {Set<Model>} */
    this.children = new Set();
    /** Models that have something to take. @type {Model[]} */
    this.ready = [];
    /** What Go has asked for. @type {{ request: number, child: Model | null, error: string }[]} */
    this.opened = [];
    /** @type {(Slot | undefined)[]} */
    this.slots = [];
    /** @type {number[]} */
    this.freeSlots = [];
    this.seq = 0;
    this.waking = false;
    /** When Go was woken last. */
    this.woken = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    /** @type {Uint8Array | undefined} */
    this.view = undefined;
    /** @type {Promise<void>} */
    this.started = new Promise((resolve, reject) => {
      this.arrive = resolve;
      this.failed = reject;
    });
    this.started.catch(() => {}); // start waits for it, or has failed before
  }

  async start() {
    const { go } = this;
    go.importObject.gocomm_view = afmImports(this);
    go.exit = (/** @type {number} */ code) => this.end(`it exited with code ${code}`);
    const resume = go._resume;
    go._resume = () => {
      if (this.halted) return;
      try {
        resume.call(go);
      } catch (e) {
        this.end(`it crashed: ${text(e)}`);
      }
    };
    const instance = await WebAssembly.instantiate(this.module, go.importObject).catch((e) => {
      throw new Error(`${text(e)}; it and afm.js are not of one release of gocomm, or it is no widget's program (view.Main)`);
    });
    this.exports = { ...instance.exports };
    go.run(instance).catch((/** @type {unknown} */ e) => this.end(`it crashed: ${text(e)}`));
    await this.started;
    this.running = true;
  }

  /** It is no more. @param {string} why */
  end(why) {
    if (this.halted) return;
    this.failed(new Error(why));
    if (this.running) this.program.die(`${this.program.name} has ended: ${why}`);
  }

  /** Nothing of it runs from here on. */
  halt() {
    this.halted = true;
    clearTimeout(this.resting);
    const timeouts = this.go._scheduledTimeouts; // wasm_exec.js resumes Go until a timer of Go's is off this list
    for (const t of timeouts?.values() ?? []) clearTimeout(t);
    timeouts?.clear();
    for (const child of this.children) child.unlisten();
    for (const model of this.byHandle) model?.forget();
  }

  // Into Go.

  /** Tells Go that a model has something to take. @param {Model} model */
  ring(model) {
    const last = model.queue.at(-1);
    if (!this.running || !last || (model.ringing && this.resting === undefined)) return;
    if (!model.ringing) {
      model.ringing = true;
      if (model.handle < 0) this.number(model);
      this.ready.push(model);
    }
    if (last.kind !== CHANGE || performance.now() - this.woken >= REST) this.wake();
    else this.resting ??= setTimeout(() => this.wake(), REST);
  }

  wake() {
    clearTimeout(this.resting);
    this.resting = undefined;
    if (this.waking) return;
    this.waking = true;
    queueMicrotask(() => {
      this.waking = false;
      this.enter("gocomm_view_wake");
      this.woken = performance.now();
    });
  }

  /** Calls an export, and has Go's goroutines run. @param {string} name */
  enter(name) {
    if (this.halted) return;
    const seq = (this.seq = (this.seq + 1) & 0xffffff);
    try {
      if (this.exports[name](seq) !== (seq ^ TAG)) throw new Error(`${name} did not return`);
    } catch (e) {
      this.end(`it crashed: ${text(e)}`);
    }
    this.go._resume();
  }

  /** Gives a model a number, for Go. @param {Model} model */
  number(model) {
    model.handle = this.freeHandles.pop() ?? this.byHandle.length;
    this.byHandle[model.handle] = model;
    return model.handle;
  }

  /** @param {Model} model that Go has forgotten */
  free(model) {
    this.byHandle[model.handle] = undefined;
    this.freeHandles.push(model.handle);
    model.forget();
  }

  // Out of Go.

  memory() {
    const { buffer } = this.exports.mem;
    if (this.view?.buffer !== buffer) this.view = new Uint8Array(buffer);
    return /** @type {Uint8Array} */ (this.view);
  }

  /** @param {number} ptr @param {number} len */
  string(ptr, len) {
    return decoder.decode(this.memory().subarray(ptr, ptr + len));
  }

  /** Keeps texts and buffers for Go; gives their number. @param {string[]} texts @param {any[]} [buffers] */
  keep(texts, buffers = []) {
    const slot = this.freeSlots.pop() ?? this.slots.length;
    this.slots[slot] = { texts: texts.map((t) => encoder.encode(t)), buffers };
    return slot;
  }

  /** Copies of n byte slices of Go's memory. @param {number} ptr @param {number} n */
  copies(ptr, n) {
    const { buffer } = this.memory();
    const spans = new Uint32Array(buffer, ptr, 2 * n);
    return Array.from({ length: n }, (_, i) => /** @type {ArrayBuffer} */ (buffer).slice(spans[2 * i], spans[2 * i] + spans[2 * i + 1]));
  }
}
