// A widget's model on its way to Go: what happens to it waits here, in order, until Go
// takes it. Changes that Go has not taken yet are one: it reads the newest values.
// @ts-check

import { LIMITS, MAX_BYTES, MAX_MESSAGES } from "../messaging/held-queue.js";
import { text } from "../runtime/abi.js";
import { join, split } from "./trait-values.js";

/** What Go is told; package view has the same numbers. */
export const INITIALIZE = 1, RENDER = 2, CHANGE = 3, MESSAGE = 4, REMOVE = 5, END = 6;

/** How long a failure is shown; package view has the same numbers. */
export const UNTIL_NEXT = 0, UNTIL_FITS = 1, UNTIL_RELOAD = 2;

/**
 * @typedef {import("../afm.js").AnyModel} AnyModel
 * @typedef {import("./program.js").AfmProgram} AfmProgram
 * @typedef {import("./view.js").View} View
 * @typedef {{ kind: number, view?: View, names?: Set<string>, content?: string, buffers?: any[], size?: number }} Event
 */

/**
 * Whether a custom message belongs to the delivery of programs (nbextension/gocomm/front.js): its
 * member gocomm is "look" or the hash of a file.
 * @param {any} message
 */
function isDelivery(message) {
  const what = message?.gocomm;
  return typeof what === "string" && (what === "look" || what.startsWith("sha256-"));
}

export class Model {
  /**
   * @param {AfmProgram} program @param {AnyModel} afm
   */
  constructor(program, afm) {
    this.program = program;
    this.afm = afm;
    /** Its number in Go, or -1. */
    this.handle = -1;
    /** @type {Event[]} */
    this.queue = [];
    this.bytes = 0;
    /** Go is about to be told that there is something to take, or about to take it. */
    this.ringing = false;
    /** @type {Set<View>} */
    this.views = new Set();
    /** Why it cannot be shown, or "". */
    this.failed = "";
    /** How long. */
    this.until = UNTIL_RELOAD;
    this.ended = false;
    /** Traits of the change that Go has taken. @type {Set<string> | null} */
    this.taken = null;
    /** Go has been told what room the next event wants. */
    this.roomTold = false;
    /** What Go is setting. @type {Map<string, any> | null} */
    this.setting = null;
    /** The traits that Go has. @type {string[]} */
    this.names = [];
    /** Go is told of their changes. */
    this.bound = false;
    /** @type {Map<string, () => void>} */
    this.listeners = new Map();
    this.hear = (/** @type {any} */ content, /** @type {any[] | undefined} */ buffers) => this.message(content, buffers);
    afm.on("msg:custom", this.hear);
  }

  /** Begins a widget of the program's. @param {[content: any, buffers?: any[]][]} early messages that have come already */
  enter(early) {
    this.begin();
    for (const [content, buffers] of early) this.message(content, buffers);
    this.program.add(this);
  }

  /** An instance has no part in it any more. */
  forget() {
    this.handle = -1;
    this.ringing = false;
  }

  /** Has Go make its side of it, and of its views, anew. */
  begin() {
    this.failed = "";
    this.queue = this.queue.filter((e) => e.kind === MESSAGE);
    const views = [...this.views].map((view) => ({ kind: RENDER, view }));
    this.queue.unshift({ kind: INITIALIZE }, ...views);
    for (const view of this.views) view.begin();
    this.program.ring(this);
  }

  /** @param {Event} e */
  push(e) {
    this.queue.push(e);
    this.program.ring(this);
  }

  /** @param {any} message its content @param {any[]} [buffers] */
  message(message, buffers = []) {
    if (this.ended || isDelivery(message)) return;
    let content;
    try {
      content = JSON.stringify(message) ?? "null";
    } catch (e) {
      return this.fail(`a message cannot be read: ${text(e)}`);
    }
    let size = content.length;
    for (const b of buffers) size += b.byteLength;
    this.bytes += size;
    if (this.queue.length > MAX_MESSAGES || this.bytes > MAX_BYTES) {
      this.queue = [];
      this.bytes = 0;
      this.fail(`more than ${LIMITS} were waiting for ${this.program.name}: they came faster than it took them`);
      return;
    }
    this.next();
    this.push({ kind: MESSAGE, content, buffers, size });
  }

  /** @param {string} name of a trait */
  changed(name) {
    if (this.setting?.has(name) && this.afm.get(name) === this.setting.get(name)) return; // by Go, just now
    if (!this.bound) return this.again();
    const last = this.queue.at(-1);
    if (last?.kind === CHANGE) last.names?.add(name);
    else this.push({ kind: CHANGE, names: new Set([name]) });
    this.next();
  }

  /** A change or a message comes: what failed with the one before is over. */
  next() {
    if (this.program.dead) return;
    if (this.failed && this.until === UNTIL_NEXT) this.fail("", UNTIL_NEXT);
    if (!this.failed) for (const view of this.views) if (view.lost && view.until === UNTIL_NEXT) view.retry();
  }

  /** The state did not fit when Go read it first, and has changed. */
  again() {
    if (this.program.dead) return; // it begins when the program does
    this.unbind();
    this.begin();
  }

  /** Go has taken the first of what waits. */
  shift() {
    this.bytes -= this.queue.shift()?.size ?? 0;
  }

  /** Follows some traits for Go, and gives their values. @param {string[]} names */
  bind(names) {
    this.unbind();
    this.names = names;
    const values = this.values(names);
    this.bound = true;
    this.listen();
    return values;
  }

  listen() {
    for (const name of this.names) {
      const f = () => this.changed(name);
      this.listeners.set(name, f);
      this.afm.on(`change:${name}`, f);
    }
  }

  /** @param {Iterable<string>} names */
  values(names) {
    try {
      return split(this.afm, names);
    } catch (e) {
      this.unbind(); // it begins anew when they can be read
      throw e;
    }
  }

  unlisten() {
    this.unbind();
    this.afm.off("msg:custom", this.hear);
  }

  unbind() {
    for (const [name, f] of this.listeners) this.afm.off(`change:${name}`, f);
    this.listeners.clear();
    this.bound = false;
  }

  /** Sets traits for Go. @param {string} traits @param {string} paths @param {ArrayBuffer[]} buffers */
  set(traits, paths, buffers) {
    this.setting = join(traits, paths, buffers);
    try {
      for (const [name, value] of this.setting) this.afm.set(name, value);
      this.afm.save_changes();
    } finally {
      this.setting = null;
    }
  }

  /**
   * Shows a text instead of its views; or its views again, where that is "", if they have failed until then.
   * @param {string} why @param {number} [until]
   */
  fail(why, until = UNTIL_RELOAD) {
    if (why) console.error(`${this.program.name}: ${why}`);
    if (why ? this.failed && until < this.until : !this.failed || until !== this.until) return; // another failure stays
    this.failed = why;
    this.until = until;
    for (const view of this.views) {
      if (why) view.fail(why, () => this.begin());
      else view.mend();
    }
    if (why && until === UNTIL_FITS && !this.bound && this.listeners.size === 0 && this.program.models.has(this)) this.listen();
  }

  /** The widget is gone. */
  end() {
    if (this.ended) return;
    this.ended = true;
    this.unlisten();
    this.queue = [];
    this.bytes = 0;
    for (const view of [...this.views]) view.end();
    this.push({ kind: END });
    this.program.ending(this, 0);
    this.program.remove(this);
  }
}
