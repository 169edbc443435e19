// A widget's model on its way to Go: what happens to it waits here, in order, until Go
// takes it. Changes that Go has not taken yet are one: it reads the newest values. But a message
// is handled with the state that it was sent with: the values of changes before it are read when it comes.
// @ts-check

import { LIMITS, MAX_BYTES, MAX_MESSAGES } from "../messaging/held-queue.js";
import { DEFAULT_MAX_SEND, SMALLER, tooLarge } from "../messaging/send-limit.js";
import { text } from "../runtime/abi.js";
import { isBuffer } from "../runtime/buffers.js";
import { watchConnection } from "./connection.js";
import { join, split } from "./trait-values.js";
import { UpdateFlight } from "./update-flight.js";
import { serializersOf } from "./widget-manager.js";
import * as log from "../runtime/log.js";

/** What Go is told; package view has the same numbers. */
export const INITIALIZE = 1, RENDER = 2, CHANGE = 3, MESSAGE = 4, REMOVE = 5, END = 6, GAP = 7;

/** What travels with a message, in bytes: its header and the like, and where each buffer begins. */
const ENVELOPE = 2048, OFFSET = 8;
/** How many bytes of binary traits may wait, as values of changes that messages follow. */
const MAX_VALUES = 8 * MAX_BYTES;

/** How long a failure is shown; package view has the same numbers. */
export const UNTIL_NEXT = 0, UNTIL_FITS = 1, UNTIL_RELOAD = 2;

/**
 * @typedef {import("../afm.js").AnyModel} AnyModel
 * @typedef {import("./program.js").AfmProgram} AfmProgram
 * @typedef {Pick<import("../afm.js").Source, "maxSend" | "recover"> & {refused?: () => string | undefined}} Options
 *   refused: why the kernel has closed the widget, which Go has made, instead of making it; "" where it does not say why
 * @typedef {import("./view.js").View} View
 * @typedef {{ kind: number, view?: View, names?: Set<string>, values?: Map<string, any>, sets?: number, content?: string, buffers?: any[], size?: number, refused?: string }} Event
 *   names: a change's traits, values: what was read of them, after so many sets of Go's
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
   * @param {AfmProgram} program @param {AnyModel} afm @param {Options} options
   */
  constructor(program, afm, { maxSend = DEFAULT_MAX_SEND, recover, refused }) {
    this.program = program;
    this.afm = afm;
    this.maxSend = maxSend;
    this.recover = recover;
    this.refused = refused;
    this.serializers = serializersOf(afm);
    /** Its number in Go, or -1. */
    this.handle = -1;
    /** @type {Event[]} */
    this.queue = [];
    this.bytes = 0;
    /** Bytes of binary traits among values that were read. */
    this.valueBytes = 0;
    /** Go is about to be told that there is something to take, or about to take it. */
    this.ringing = false;
    /** @type {Set<View>} */
    this.views = new Set();
    /** Why it cannot be shown, or "". */
    this.failed = "";
    /** How long. */
    this.until = UNTIL_RELOAD;
    this.ended = false;
    /** The change that Go has taken last. @type {Event | null} */
    this.taken = null;
    /** Go has been told what room the next event wants. */
    this.roomTold = false;
    this.flight = new UpdateFlight();
    /** What Go is setting. @type {Map<string, any> | null} */
    this.setting = null;
    /** Done when what Go has set before is; null when it is. @type {Promise<void> | null} */
    this.settling = null;
    /** How many values of a trait are about to be set. @type {Map<string, number>} */
    this.unsettled = new Map();
    /** How often Go has set traits. */
    this.sets = 0;
    /** Which time was the last one, by trait. @type {Map<string, number>} */
    this.lastSet = new Map();
    /** The traits that Go has. @type {string[]} */
    this.names = [];
    /** Go is told of their changes. */
    this.bound = false;
    /** @type {Map<string, () => void>} */
    this.listeners = new Map();
    this.hear = (/** @type {any} */ content, /** @type {any[] | undefined} */ buffers) => this.message(content, buffers);
    this.destroyed = () => this.end();
    afm.on("msg:custom", this.hear);
    this.unwatch = watchConnection(afm.widget_manager, () => this.gap());
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
    this.valueBytes = 0;
    this.taken = null;
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
    this.pin();
    if (this.queue.length > MAX_MESSAGES || this.bytes > MAX_BYTES || this.valueBytes > MAX_VALUES) {
      this.clear();
      this.fail(`more than ${LIMITS} were waiting for ${this.program.name}: they came faster than it took them`);
      return;
    }
    this.next();
    this.push({ kind: MESSAGE, content, buffers, size });
  }

  /** Reads the values of the changes since the last message. */
  pin() {
    for (let i = this.queue.length - 1; i >= 0 && this.queue[i].kind !== MESSAGE; i--) {
      const e = this.queue[i];
      if (e.kind !== CHANGE || e.values) continue;
      this.valueBytes += e.size = binary(this.read(e));
    }
  }

  /** The values of a change: the present ones, unless they were read before. @param {Event} e @returns {Map<string, any>} */
  read(e) {
    e.sets ??= this.sets;
    return (e.values ??= new Map([...(e.names ?? [])].map((name) => [name, this.get(name)])));
  }

  /** A trait as it travels. @param {string} name */
  get(name) {
    const value = this.afm.get(name), { serialize } = this.serializers[name] ?? {};
    return serialize && value !== undefined ? serialize(value, this.afm) : value;
  }

  /** @param {string} name of a trait */
  changed(name) {
    if (this.setting?.has(name) && this.afm.get(name) === this.setting.get(name)) return; // by Go, just now
    if (!this.bound) return this.again();
    const last = this.queue.at(-1);
    if (last?.kind === CHANGE && !last.values) last.names?.add(name);
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

  /** The connection was lost and is back: messages may be lost. */
  gap() {
    this.push({ kind: GAP });
    try {
      this.recover?.(this.afm);
    } catch (e) {
      log.error(`${this.program.name}: the kernel cannot be asked for the state: ${text(e)}`);
    }
  }

  /** Go has taken the first of what waits. */
  shift() {
    const e = this.queue.shift();
    if (e?.kind === CHANGE) this.valueBytes -= e.size ?? 0;
    else this.bytes -= e?.size ?? 0;
    this.taken = e?.kind === CHANGE ? e : null;
  }

  clear() {
    this.queue = [];
    this.bytes = this.valueBytes = 0;
    this.taken = null;
  }

  /** Follows some traits for Go, and gives their values. @param {string[]} names */
  bind(names) {
    this.unbind();
    this.names = names;
    const values = this.split(this, names);
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

  /** The values of a change, for Go. @param {Event} e */
  values(e) {
    const values = this.read(e), { sets = 0 } = e;
    return this.split(values, [...values.keys()].filter((name) => (
      (this.lastSet.get(name) ?? 0) <= sets && !this.unsettled.has(name) // what Go has set since is newer
    )));
  }

  /** @param {{get(name: string): any}} values @param {string[]} names of traits */
  split(values, names) {
    try {
      return split(values, names);
    } catch (e) {
      this.unbind(); // it begins anew when they can be read
      throw e;
    }
  }

  unlisten() {
    this.unbind();
    this.afm.off("msg:custom", this.hear);
    this.afm.off("destroy", this.destroyed);
    this.unwatch();
  }

  unbind() {
    for (const [name, f] of this.listeners) this.afm.off(`change:${name}`, f);
    this.listeners.clear();
    this.bound = false;
  }

  /**
   * Throws where a message is larger than the server takes, which would close the connection.
   * @param {number} bytes @param {number} buffers how many of them @param {Iterable<string>} [traits] in the message
   */
  fits(bytes, buffers, traits = []) {
    const size = bytes + ENVELOPE + OFFSET * buffers;
    if (size > this.maxSend) {
      const names = [...traits].map((name) => JSON.stringify(name));
      const whose = names.length > 0 ? `the trait${names.length > 1 ? "s" : ""} ${names.join(", ")}: ` : "";
      throw new Error(`${whose}the message has ${tooLarge(size, this.maxSend)}; ${SMALLER}; a gocomm.Widget has maxSend as _max_send`);
    }
  }

  /** Sets traits for Go. @param {string} traits @param {string} paths @param {ArrayBuffer[]} buffers @param {number} bytes of all of them */
  set(traits, paths, buffers, bytes) {
    const setting = join(traits, paths, buffers);
    const all = this.flight.with(setting, bytes);
    const total = [...all.values()].reduce((sum, n) => sum + n, 0);
    this.fits(all.size === setting.size ? bytes : total, buffers.length, all.keys());
    this.sets++;
    for (const name of setting.keys()) this.lastSet.set(name, this.sets);
    const kept = [...setting.keys()].some((name) => this.serializers[name]?.deserialize);
    if (kept || this.settling) this.settle(setting, all);
    else this.apply(setting, all);
  }

  /** @param {Map<string, any>} setting @param {Map<string, number>} all their sizes, with those of what waits */
  apply(setting, all) {
    this.setting = setting;
    try {
      for (const [name, value] of setting) this.afm.set(name, value);
      this.afm.save_changes(this.flight.sent(all));
    } finally {
      this.setting = null;
    }
  }

  /**
   * Sets traits whose values the page has in a form of its own, such as models instead of references, which may take
   * time. What Go sets meanwhile comes after it.
   * @param {Map<string, any>} setting @param {Map<string, number>} all
   */
  settle(setting, all) {
    const names = [...setting.keys()];
    const count = (/** @type {number} */ n) => {
      for (const name of names) {
        const left = (this.unsettled.get(name) ?? 0) + n;
        if (left) this.unsettled.set(name, left);
        else this.unsettled.delete(name);
      }
    };
    count(1);
    const before = this.settling;
    const settling = this.settling = this.deserialized(setting).then(async (values) => {
      await before;
      if (!this.ended) this.apply(values, all);
    }).catch((e) => log.error(`${this.program.name}: the traits ${names.join(", ")} cannot be set: ${text(e)}`)).then(() => {
      count(-1);
      if (this.settling === settling) this.settling = null;
    });
  }

  /** Traits in the page's own form. @param {Map<string, any>} setting */
  async deserialized(setting) {
    const values = await Promise.all([...setting].map(async ([name, value]) => {
      const { deserialize } = this.serializers[name] ?? {};
      return /** @type {[string, any]} */ ([name, deserialize ? await deserialize(value, this.afm.widget_manager) : value]);
    }));
    return new Map(values);
  }

  /** Closes the widget, here and in the kernel. */
  close() {
    const { close } = /** @type {any} */ (this.afm);
    if (typeof close !== "function") throw new Error("this page's host does not let a front end close its own widget");
    void close.call(this.afm);
  }

  /** The page's own model tells of its end: those of anywidget's front ends have a signal. */
  endsWithPage() {
    this.afm.on("destroy", this.destroyed);
  }

  /**
   * Shows a text instead of its views; or its views again, where that is "", if they have failed until then.
   * @param {string} why @param {number} [until]
   */
  fail(why, until = UNTIL_RELOAD) {
    if (why) log.error(`${this.program.name}: ${why}`);
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
    this.clear();
    for (const view of [...this.views]) view.end();
    const refused = this.refused?.();
    this.push({ kind: END, refused });
    this.program.ending(this, 0, refused);
    this.program.remove(this);
  }
}

/** The bytes of what is binary among some values. @param {Map<string, any>} values */
function binary(values) {
  let size = 0;
  for (const v of values.values()) if (isBuffer(v)) size += v.byteLength;
  return size;
}
