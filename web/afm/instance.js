// A running Go program for widgets: what of it is about models. What every Go program on a
// page needs is in runtime/instance.js, and what this one imports in afm/imports.js.
// @ts-check

import { afmImports } from "./imports.js";
import { CHANGE } from "./model.js";
import { Instance } from "../runtime/instance.js";
import { later } from "../runtime/imports.js";

/** How long changes wait for more when Go was woken just before, in ms: waking it costs more than they do. */
const REST = 4;
/** How long Go keeps the page at a time, in ms, before it takes nothing more in this task. */
const QUANTUM = 8;

/** @typedef {import("./model.js").Model} Model */

export class AfmInstance extends Instance {
  /** @param {import("./program.js").AfmProgram} program */
  constructor(program) {
    super(program.name, "afm.js");
    this.program = program;
    this.running = false;
    /** @type {(Model | undefined)[]} */
    this.byHandle = [];
    /** @type {number[]} */
    this.freeHandles = [];
    /** Models that Go has looked up. @type {Set<Model>} */
    this.children = new Set();
    /** Models that have something to take. @type {Model[]} */
    this.waiting = [];
    /** Go is about to be told of them, in a microtask. */
    this.telling = false;
    /** The page has its turn, and Go takes nothing more before the next task. */
    this.paused = false;
    /** When Go began to run last, and when it was done. */
    this.began = 0;
    this.woken = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
  }

  /** @param {import("../runtime/instance.js").Image} image */
  async run(image) {
    await this.start(image, { gocomm_view: afmImports(this) });
    this.running = true;
  }

  /** @param {string} why */
  ended(why) {
    if (this.running) this.program.die(`${this.name} has ended: ${why}`);
  }

  /** @param {string} why */
  halt(why) {
    super.halt(why);
    clearTimeout(this.resting);
    for (const child of this.children) child.unlisten();
    for (const model of this.byHandle) model?.forget();
  }

  /** Has Go take what a model has. @param {Model} model */
  ring(model) {
    const last = model.queue.at(-1);
    if (!this.running || !last || (model.ringing && this.resting === undefined)) return;
    if (!model.ringing) this.wait(model);
    if (last.kind !== CHANGE || performance.now() - this.woken >= REST) this.soon();
    else this.resting ??= setTimeout(() => this.soon(), REST);
  }

  /** @param {Model} model that Go is to be told of */
  wait(model) {
    model.ringing = true;
    if (model.handle < 0) this.number(model);
    this.waiting.push(model);
  }

  soon() {
    clearTimeout(this.resting);
    this.resting = undefined;
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      if (!this.paused) this.tell();
    });
  }

  /** Tells Go of the models that wait. */
  tell() {
    this.began = performance.now();
    for (const model of this.waiting.splice(0)) if (model.handle >= 0) this.call(this.exports.gocomm_view_wake, model.handle);
    this.go._resume();
    this.woken = performance.now();
  }

  /**
   * Whether Go is to take nothing more in this task: it is told of the model again in a later one.
   * @param {Model} model
   */
  over(model) {
    if (!this.paused && performance.now() - this.began < QUANTUM) return false;
    this.wait(model);
    if (!this.paused) {
      this.paused = true;
      later(() => {
        this.paused = false;
        this.tell();
      });
    }
    return true;
  }

  /**
   * Tells Go at once, past what waits, that a model or one of its views ends.
   * @param {Model} model @param {number} view its number, or 0
   * @param {string} [refused] why the kernel has not made the widget
   */
  ending(model, view, refused) {
    if (model.handle < 0) return;
    const { handle } = model;
    queueMicrotask(() => {
      if (model.handle !== handle) return;
      const what = refused === undefined ? view : -1 - this.staging.text(refused);
      this.enter(this.exports.gocomm_view_ending, handle, what);
    });
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
}
