// The functions that a program for a kernel imports, by their names in package jsglue.
// @ts-check

import { guard } from "../runtime/imports.js";
import { sizeOf, OPEN, TYPES } from "../messaging/message-info.js";
import { parsePlan, stringify } from "../runtime/value-writer.js";
import { Route } from "./route.js";
import { forget } from "./js-comms.js";

/** The functions of whose failure Go takes the text. */
const TAKES_REASONS = new Set(["options", "claim", "load", "plan", "planned", "field", "send", "input_reply"]);

/** The parts of a message in the order of commmgr.Part. @type {((msg: any) => any)[]} */
const PARTS = [(m) => m.header, (m) => m.parent_header, (m) => m.metadata, (m) => m.content, (m) => m.content.data];
const DATA = 4;

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./program.js").Program} Program
 */

/** @param {Program} p */
export function imports(p) {
  return guard(p, {
    limits: (maxSend) => {
      p.maxSend = maxSend;
    },
    options: () => p.staging.text(JSON.stringify(p.options)),
    claim: (ptr, len) => {
      const target = p.string(ptr, len);
      if (!p.hub.claim(p, target)) return 1;
      p.goTargets.add(target);
      return 0;
    },
    unclaim: (ptr, len) => {
      const target = p.string(ptr, len);
      p.goTargets.delete(target);
      p.hub.unclaim(p, target);
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
    foreign_ended: (n, ptr, len) => {
      const route = p.scripted[n];
      if (route) forget(route, p.string(ptr, len)); // else it was detached
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
    yielded: (type, slot) => {
      p.yieldedMessages.push([type, /** @type {Message} */ (p.slots[slot])]);
      p.release(slot);
    },
    send: (type, id, idLen, target, targetLen, data, dataLen, metadata, metadataLen, buffers, n, wants, event) => {
      /** @type {Record<string, any>} */
      const content = { comm_id: p.string(id, idLen) };
      if (type === OPEN) content.target_name = p.string(target, targetLen);
      content.data = dataLen > 0 ? JSON.parse(p.string(data, dataLen)) : {};
      const meta = metadataLen > 0 ? JSON.parse(p.string(metadata, metadataLen)) : {};
      const callbacks = wants ? callbacksOf(p, wants, event) : undefined;
      return p.staging.text(p.hub.kernel.send_shell_message(TYPES[type], content, callbacks, meta, p.copies(buffers, n)));
    },
    input_reply: (ptr, len) => void p.hub.kernel.send_input_reply(p.string(ptr, len)),
    fail: (ptr, len) => {
      p.reason = p.string(ptr, len);
    },
  }, TAKES_REASONS);
}

/**
 * Callbacks in the kernel object's form, which pass what is wanted to Go, and
 * tell when there will be no more.
 * @param {Program} p @param {number} wants bits in the order of commmgr.Event @param {number} event
 */
function callbacksOf(p, wants, event) {
  const REPLY = 0, OUTPUT = 1, CLEAR_OUTPUT = 2, STATUS = 3, INPUT = 4;
  const wanted = (/** @type {number} */ kind) => (wants & (1 << kind)) !== 0;
  let open = wanted(REPLY) ? 2 : 1; // what is still to come: the reply, and idle
  const done = () => {
    if (--open === 0) p.call(p.exports.gocomm_event, event, -1, 0, 0);
  };
  const pass = (/** @type {number} */ kind) => (/** @type {Message} */ msg) => {
    if (!p.dead && wanted(kind)) {
      const size = sizeOf(msg);
      p.call(p.exports.gocomm_event, event, kind, p.keep(msg, size), size);
    }
  };
  /** @type {Record<string, any>} */
  const callbacks = {
    iopub: {
      output: pass(OUTPUT),
      clear_output: pass(CLEAR_OUTPUT),
      status: (/** @type {Message} */ msg) => {
        pass(STATUS)(msg);
        if (!p.dead && msg.content.execution_state === "idle") done();
      },
    },
  };
  if (wanted(REPLY)) {
    callbacks.shell = {
      reply: (/** @type {Message} */ msg) => {
        pass(REPLY)(msg);
        if (!p.dead) done();
      },
    };
  }
  if (wanted(INPUT)) callbacks.input = pass(INPUT);
  return callbacks;
}
