// A page with a kernel object like classic Notebook's (kernel.js), and with gocomm.js: what its tests name.

import { Kernel } from "./kernel.js";
import { until, web } from "./window.js";

export { StockComm } from "./kernel.js";
export * from "./window.js";

/**
 * @typedef {import("../../../web/gocomm.js").Message} Message
 * @typedef {import("../../../web/comms/hub.js").Hub} Hub
 * @typedef {import("../../../web/comms/program.js").Program} Program
 * @typedef {{metadata?: Record<string, any>, buffers?: any[], own?: boolean}} More own: it answers a message of this page
 */

/** @type {typeof import("../../../web/gocomm.js")} */
export const gocomm = await import(`${web}/gocomm.js`);
export const kernel = new Kernel();
/** @type {import("./kernel.js").CommManager} */
export const stock = kernel.comm_manager;

/** The hub of the kernel: there is none while no program is attached. @returns {Hub} */
export const hub = () => /** @type {any} */ (kernel)[Symbol.for("gocomm.hub.2")];

/**
 * @param {string} name of a program of dist/web @param {any} [options] for the program
 * @param {Partial<import("../../../web/gocomm.js").AttachOptions>} [more]
 */
export function attach(name, options, more) {
  return gocomm.attach(kernel, { wasm: `${web}/${name}.wasm`, options, ...more });
}

export const detach = () => gocomm.detach(kernel);

/** The first program loaded of a name. @param {string} name @returns {Program} */
export function program(name) {
  const found = [...hub().programs].find((p) => p.name === `${name}.wasm`);
  if (!found) throw new Error(`there is no program ${name}`);
  return found;
}

let number = 0;

/** @param {string} msg_type @param {any} content @param {More} [more] @returns {Message} */
export function message(msg_type, content, { metadata = {}, buffers = [], own = true } = {}) {
  return {
    header: { msg_id: `kernel-${++number}`, msg_type, session: "kernel" },
    parent_header: { msg_id: "cell", session: own ? kernel.session_id : "another page" },
    metadata,
    content,
    buffers,
  };
}

/** @param {string} id @param {string} target_name @param {any} [data] @param {More} [more] */
export function commOpen(id, target_name, data = {}, more = {}) {
  return message("comm_open", { comm_id: id, target_name, data }, more);
}

/** @param {string} id @param {any} [data] @param {More} [more] */
export function commMsg(id, data = {}, more = {}) {
  return message("comm_msg", { comm_id: id, data }, more);
}

/** @param {string} id @param {any} [data] @param {More} [more] */
export function commClose(id, data = {}, more = {}) {
  return message("comm_close", { comm_id: id, data }, more);
}

/** Like a message of the websocket. @param {Message} msg */
export const deliver = (msg) => kernel.deliver(msg);

/** Hands a message over within this task. @param {Message} msg */
export const now = (msg) => kernel.handlers[msg.header.msg_type](msg);

/** Has the probe die, and waits until it is there again, or stays off. */
export async function kill(target = "probe.exit") {
  const before = program("probe");
  const id = `victim${++number}`;
  kernel.deliver(commOpen(id, target));
  kernel.deliver(commMsg(id));
  await until(() => before.dead && !(hub()?.coming.size > 0), "the program has died and is replaced");
}

/**
 * Has the probe die, and returns when it is being started again; the result's `done` settles as the promise of kill.
 * @param {string} [target]
 */
export async function dying(target) {
  const done = kill(target);
  for (const end = performance.now() + 15_000; !hub()?.coming.size;) {
    if (performance.now() > end) throw new Error("the program is not started again");
    await null; // a task may be enough for all of it
  }
  return { done };
}

/** What was sent on a comm, of a type. @param {string} id */
export function sent(id, type = "comm_msg") {
  return kernel.sent.filter((m) => m.content.comm_id === id && m.type === type);
}

/** How many messages wait for a target. */
export const pending = () => hub().pending.queue.length;

/** Slots in use, slots lost, and entries of the index. @param {Program} p */
export function left(p) {
  return {
    slots: p.slots.filter((m) => m !== undefined).length,
    lost: p.slots.length - p.freeSlots.length,
    routes: [...hub().routes.values()].filter((r) => ("js" in r ? r.js === p.js : r.program === p)).length,
  };
}

/**
 * Attaches the probe, whose .gz comes when `come` is called.
 * @param {Partial<import("../../../web/gocomm.js").AttachOptions>} [more]
 */
export function attachSlowly(more) {
  let come = () => {};
  /** @type {Promise<Response>} */
  const response = new Promise((resolve) => (come = () => resolve(fetch(`${web}/probe.wasm.gz`))));
  return { attached: attach("probe", {}, { response, ...more }), come: () => come() };
}

/**
 * Looks at the own properties of the kernel object, of its handlers and of the stock manager, symbols included.
 * @returns {() => void} which throws if they differ from what they were
 */
export function snapshot() {
  const picture = () => new Map(Object.entries({ kernel, stock, handlers: kernel.handlers })
    .map(([name, o]) => [name, /** @type {any} */ (Object.getOwnPropertyDescriptors(o))]));
  const was = picture();
  return () => {
    for (const [name, now] of picture()) {
      const before = was.get(name);
      for (const key of new Set([...Reflect.ownKeys(before), ...Reflect.ownKeys(now)])) {
        if (name === "kernel" && key === "queue") continue; // deliver's own
        const a = before[key], b = now[key];
        if (a && b && a.value === b.value && a.enumerable === b.enumerable && a.writable === b.writable) continue;
        throw new Error(`${name}.${String(key)} differs: ${JSON.stringify([a ?? "was not there", b ?? "is gone"])}`);
      }
    }
  };
}
