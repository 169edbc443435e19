// The functions that a widget's program imports, by their names in package view.
// @ts-check

import { CHANGE, END, Model, RENDER } from "./model.js";
import { controlsVersion, findWidgets, makeWidget, managerOf, modelOf } from "./widget-manager.js";
import { guard } from "../runtime/imports.js";
import { text } from "../runtime/abi.js";
import * as log from "../runtime/log.js";

/** The functions of whose failure Go takes the text. */
const TAKES_REASONS = new Set(["bind", "read", "changed", "set", "send", "open", "controls", "find", "make", "close", "show"]);

/** What next_event gives. Numbers of 16 and more are the room that it wants. */
const NONE = 0, TAKEN = 1, NOT_NOW = 2;
/** Bytes of the numbers that stand before an event's texts. */
const NUMBER = 4;
/** What gocomm_view_opened is told in the place of a model's number. Package view has the same numbers. */
const FAILED = -1, TEXT = -2;
const NO_CHANGE = { kind: CHANGE };
const encoder = new TextEncoder();

/**
 * @typedef {import("../afm.js").AnyModel} AnyModel
 * @typedef {import("./instance.js").AfmInstance} AfmInstance
 * @typedef {import("./trait-values.js").Split} Split
 */

/** @param {AfmInstance} p */
export function afmImports(p) {
  const model = (/** @type {number} */ handle) => /** @type {Model} */ (p.byHandle[handle]);
  const view = (/** @type {number} */ handle, /** @type {number} */ number) => [...(model(handle)?.views ?? [])].find((v) => v.number === number);
  const out = (/** @type {number} */ ptr, /** @type {number[]} */ values) => new Int32Array(p.memory().buffer, ptr, values.length).set(values);
  /** Traits whose texts are staged. @param {number} ptr @param {Split} split */
  const staged = (ptr, { texts, buffers }) => out(ptr, [...texts.map((t) => p.staging.text(t)), buffers.length ? p.keep({ buffers }) : -1]);

  /**
   * Answers what Go has asked for: with another widget's model, or a text.
   * @param {number} request @param {number} handle of the model by which it asks
   * @param {Promise<string | {afm: AnyModel, refused?: () => string | undefined}>} promise
   */
  const answer = (request, handle, promise) => {
    const { maxSend } = model(handle);
    const tell = (/** @type {number} */ number, /** @type {number} */ staged) => p.enter(p.exports.gocomm_view_opened, request, number, staged);
    promise.then(
      (found) => {
        if (p.dead) return;
        if (typeof found === "string") tell(TEXT, p.staging.text(found));
        else tell(p.number(child(p, found.afm, { maxSend, recover: requestState, refused: found.refused })), -1);
      },
      (e) => p.dead || tell(FAILED, p.staging.text(text(e))),
    );
  };

  return guard(p, {
    next_event: (handle, ptr, bytes, room) => {
      const m = model(handle);
      const e = m.queue[0];
      if (!e) {
        m.ringing = false;
        return NONE;
      }
      if (!m.roomTold && p.over(m)) return NOT_NOW; // Go has made room for this one
      let texts = [e.content ?? "", ""], buffers = e.buffers ?? [], failure = -1;
      if (e.kind === CHANGE) {
        try {
          ({ texts, buffers } = m.values(e));
        } catch (err) {
          failure = p.staging.text(text(err));
        }
      }
      if (e.kind === END && e.refused !== undefined) failure = p.staging.text(e.refused);
      const lengths = fill(p.memory(), bytes, room, texts, buffers);
      m.roomTold = typeof lengths === "number";
      if (typeof lengths === "number") return Math.max(16, lengths);
      m.shift();
      const slot = buffers.length ? p.keep({ buffers }) : -1;
      out(ptr, [e.kind, e.view?.number ?? 0, slot, buffers.length, ...lengths, failure, m.queue.length ? 1 : 0]);
      if (m.queue.length === 0) m.ringing = false;
      if (e.kind === RENDER) e.view?.take();
      return TAKEN;
    },
    changed: (handle, ptr) => staged(ptr, model(handle).values(model(handle).taken ?? NO_CHANGE)),
    read: (handle, names, len, ptr) => staged(ptr, model(handle).split(model(handle), JSON.parse(p.string(names, len)))),
    bind: (handle, names, len, ptr) => staged(ptr, model(handle).bind(JSON.parse(p.string(names, len)))),
    unbind: (handle) => p.byHandle[handle]?.unbind(),
    forget: (handle) => {
      const m = p.byHandle[handle];
      if (!m) return;
      if (p.children.delete(m)) m.unlisten();
      p.free(m);
    },
    set: (handle, traits, traitsLen, paths, pathsLen, spans, n) => {
      model(handle).set(p.string(traits, traitsLen), p.string(paths, pathsLen), p.copies(spans, n), traitsLen + pathsLen + p.bytesIn(spans, n));
    },
    send: (handle, content, len, spans, n) => {
      model(handle).fits(len + p.bytesIn(spans, n), n);
      model(handle).afm.send(JSON.parse(p.string(content, len)), undefined, p.copies(spans, n));
    },
    open: (handle, ptr, len, request) => {
      answer(request, handle, modelOf(managerOf(model(handle).afm), p.string(ptr, len)).then((afm) => ({ afm })));
    },
    controls: (handle, request) => answer(request, handle, controlsVersion(model(handle).afm)),
    find: (handle, name, nameLen, module, moduleLen, request) =>
      answer(request, handle, findWidgets(managerOf(model(handle).afm), p.string(name, nameLen), p.string(module, moduleLen))),
    make: (handle, id, idLen, target, targetLen, traits, traitsLen, paths, pathsLen, spans, n, request) => {
      const manager = managerOf(model(handle).afm);
      model(handle).fits(traitsLen + pathsLen + p.bytesIn(spans, n), n);
      answer(request, handle, makeWidget(manager, p.string(target, targetLen), p.string(id, idLen), p.string(traits, traitsLen), p.string(paths, pathsLen), p.copies(spans, n)));
    },
    close: (handle) => model(handle).close(),
    show: (handle, number, place, ptr, len, request) => {
      const shown = view(handle, number)?.shown.get(place);
      if (!shown) throw new Error("the view has ended");
      answer(request, handle, shown.show(managerOf(model(handle).afm), p.string(ptr, len)).then(() => ""));
    },
    hide: (handle, number, place) => view(handle, number)?.hide(place),
    fail_model: (handle, ptr, len, until) => model(handle)?.fail(p.string(ptr, len), until),
    fail_view: (handle, number, ptr, len, until) => {
      log.error(`${p.name}: ${p.string(ptr, len)}`);
      view(handle, number)?.lose(p.string(ptr, len), until);
    },
  }, TAKES_REASONS);
}

/**
 * Writes the lengths of buffers and two texts into memory, and gives the texts' lengths; or the
 * room that they want, where there is not enough.
 * @param {Uint8Array} memory @param {number} ptr @param {number} room @param {string[]} texts @param {any[]} buffers
 */
function fill(memory, ptr, room, texts, buffers) {
  let at = NUMBER * buffers.length;
  const lengths = [];
  if (at <= room) {
    new Int32Array(memory.buffer, ptr, buffers.length).set(buffers.map((b) => b.byteLength));
    for (const t of texts) {
      const { read, written } = encoder.encodeInto(t, memory.subarray(ptr + at, ptr + room));
      if (read < t.length) break;
      lengths.push(written);
      at += written;
    }
    if (lengths.length === texts.length) return lengths;
  }
  return NUMBER * buffers.length + 3 * (texts[0].length + texts[1].length); // a UTF-16 unit is three bytes at the most
}

/** The model of another widget, for Go. @param {AfmInstance} p @param {AnyModel} afm @param {import("./model.js").Options} options */
function child(p, afm, options) {
  const model = new Model(p.program, afm, options);
  model.endsWithPage();
  p.children.add(model);
  return model;
}

/** Asks for the state of a model that ipywidgets' manager has found, which has its comm. @param {any} afm */
const requestState = (afm) => void afm.comm?.send({ method: "request_state" }, {});
