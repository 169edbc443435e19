// The functions that a widget's program imports, by their names in package view.
// @ts-check

import { CHANGE, MESSAGE, Model, RENDER } from "./model.js";
import { text } from "../runtime/abi.js";

/** The version of the border; package view has the same. */
const ABI = 1;

/** @typedef {import("./instance.js").Instance} Instance */

/**
 * Each function catches everything: an exception must not cross Go's frames. One that
 * fails returns -1 less the number of a slot that has a text.
 * @param {Instance} p
 */
export function afmImports(p) {
  const model = (/** @type {number} */ handle) => /** @type {Model} */ (p.byHandle[handle]);
  const slot = (/** @type {number} */ n) => /** @type {import("./instance.js").Slot} */ (p.slots[n]);
  const out = (/** @type {number} */ ptr, /** @type {number[]} */ values) => new Int32Array(p.memory().buffer, ptr, values.length).set(values);

  /** @type {Record<string, (...args: number[]) => number | void>} */
  const functions = {
    hello: (abi) => {
      if (abi === ABI) return;
      const e = new Error(`it was built for version ${abi} of gocomm's border for widgets, this afm.js has version ${ABI}: build both from one release`);
      p.failed(e);
      throw e;
    },
    ready: () => p.arrive(),
    next_model: () => {
      for (let m; (m = p.ready.shift()); ) if (m.handle >= 0) return m.handle;
      return -1;
    },
    next_event: (handle, ptr) => {
      const m = model(handle);
      const e = m.next();
      if (!e) return 0;
      const content = e.kind === MESSAGE ? p.keep([e.content ?? ""], e.buffers) : -1;
      out(ptr, [e.kind, e.view?.number ?? 0, content]);
      if (e.kind === RENDER) e.view?.take();
      if (e.kind === CHANGE) m.taken = e.names ?? null;
      return 1;
    },
    changed: (handle) => {
      const m = model(handle);
      const { texts, buffers } = m.values(m.taken ?? []);
      return p.keep(texts, buffers);
    },
    bind: (handle, ptr, len) => {
      const { texts, buffers } = model(handle).bind(JSON.parse(p.string(ptr, len)));
      return p.keep(texts, buffers);
    },
    unbind: (handle) => p.byHandle[handle]?.unbind(),
    forget: (handle) => {
      const m = p.byHandle[handle];
      if (!m) return;
      if (p.children.delete(m)) m.unlisten();
      p.free(m);
    },
    slot_len: (n, i) => slot(n).texts[i].length,
    take: (n, i, ptr) => p.memory().set(slot(n).texts[i], ptr),
    buffer_count: (n) => slot(n).buffers.length,
    buffer_len: (n, i) => slot(n).buffers[i].byteLength,
    buffer_copy: (n, i, ptr, len) => {
      const b = slot(n).buffers[i];
      const bytes = ArrayBuffer.isView(b) ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b);
      p.memory().set(bytes.length > len ? bytes.subarray(0, len) : bytes, ptr);
      return Math.min(bytes.length, len);
    },
    free: (n) => {
      p.slots[n] = undefined;
      p.freeSlots.push(n);
    },
    set: (handle, traits, traitsLen, paths, pathsLen, spans, n) =>
      model(handle).set(p.string(traits, traitsLen), p.string(paths, pathsLen), p.copies(spans, n)),
    send: (handle, content, len, spans, n) =>
      model(handle).afm.send(JSON.parse(p.string(content, len)), undefined, p.copies(spans, n)),
    open: (handle, ptr, len, request) => {
      const id = p.string(ptr, len);
      const manager = model(handle).afm.widget_manager;
      if (!manager) throw new Error("this page's host has no models of other widgets");
      const opened = (/** @type {Model | null} */ child, /** @type {string} */ error) => {
        if (p.halted) return;
        p.opened.push({ request, child, error });
        p.wake();
      };
      Promise.resolve(manager.get_model(id)).then((afm) => opened(child(p, afm), ""), (e) => opened(null, text(e)));
    },
    next_opened: (ptr) => {
      const o = p.opened.shift();
      if (!o) return 0;
      out(ptr, [o.request, o.child ? p.number(o.child) : -1, o.child ? -1 : p.keep([o.error])]);
      return 1;
    },
    fail_model: (handle, ptr, len) => model(handle)?.fail(p.string(ptr, len)),
    fail_view: (handle, number, ptr, len) => {
      const view = [...(model(handle)?.views ?? [])].find((v) => v.number === number);
      console.error(`${p.program.name}: ${p.string(ptr, len)}`);
      view?.fail(p.string(ptr, len), () => view.retry());
    },
    console: (ptr, len) => console.error(p.string(ptr, len)),
    now: () => performance.now(),
    turn: () => {
      const { port1, port2 } = new MessageChannel(); // without the delay that nested timers get
      port1.onmessage = () => {
        port1.close();
        p.enter("gocomm_view_turn");
      };
      port2.postMessage(null);
    },
  };
  /** @type {Record<string, (...args: number[]) => number>} */
  const guarded = {};
  for (const [name, f] of Object.entries(functions)) {
    guarded[name] = (...args) => {
      try {
        return f(...args) || 0;
      } catch (e) {
        return -1 - p.keep([text(e)]);
      }
    };
  }
  return guarded;
}

/** The model of another widget, for Go. @param {Instance} p @param {import("../afm.js").AnyModel} afm */
function child(p, afm) {
  const model = new Model(p.program, afm);
  p.children.add(model);
  return model;
}
