// The functions that a program for a kernel imports, by their names in package jsglue.
// @ts-check

import { guard } from "../runtime/imports.js";
import { sizeOf, OPEN, TYPES } from "../messaging/message-info.js";
import { TooLarge, tooLarge } from "../messaging/send-limit.js";
import { parsePlan, stringify } from "../runtime/value-writer.js";
import { Route } from "./route.js";

/** What send gives for a message that is larger than allowed, less a number; package jsglue has the same. */
const TOO_LARGE = -(2 ** 30);

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
    options: () => p.staging.text(JSON.stringify(p.options)),
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
    bound: (index, own, id, idLen, target, targetLen) => {
      const route = new Route(p.string(id, idLen), p.string(target, targetLen), p, index, own === 1);
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
    send: (type, id, idLen, target, targetLen, data, dataLen, metadata, metadataLen, buffers, n, wants, event) => {
      const content = type === OPEN ? { comm_id: p.string(id, idLen), target_name: p.string(target, targetLen) } : { comm_id: p.string(id, idLen) };
      const meta = metadataLen > 0 ? JSON.parse(p.string(metadata, metadataLen)) : {};
      const callbacks = wants ? callbacksOf(p, wants, event) : undefined;
      try {
        const sent = p.hub.outgoing.sendText(p.js.maxSend, TYPES[type], content, dataLen > 0 ? p.string(data, dataLen) : "{}", callbacks, meta, p.copies(buffers, n));
        return p.staging.text(sent);
      } catch (e) {
        if (!(e instanceof TooLarge)) throw e;
        return TOO_LARGE - p.staging.text(tooLarge(e.size, e.limit));
      }
    },
    input_reply: (ptr, len) => void p.hub.kernel.send_input_reply(p.string(ptr, len)),
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
        // Kernels do not reply to comm messages: nothing is waited for after this.
        if (!p.dead && msg.content.execution_state === "idle") p.call(p.exports.gocomm_event, event, -1, 0, 0);
      },
    },
  };
  if (wanted(REPLY)) callbacks.shell = { reply: pass(REPLY) };
  if (wanted(INPUT)) callbacks.input = pass(INPUT);
  return callbacks;
}
