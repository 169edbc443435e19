// The end of a kernel, as a page learns of it. Comms do not outlive their kernel: they end
// once for each, however many events tell of it, and what is still to be sent on them does
// not reach the next one.
//
// A restart that another page has asked for may show in nothing but the session that the
// kernel puts into its messages. But there are kernels with several sessions at once. So a
// message of an unknown session is only a reason to ask: the kernel has been restarted if it
// answers in that session, and it has not if the session that was there before shows again.
// Comm messages wait until one or the other is known.
// @ts-check

import { wrap } from "./foreign-comms.js";
import { JSRoute, KERNEL_GONE } from "./js-route.js";
import { commOf } from "../messaging/wire-format.js";
import { watchConnection } from "./reconnect.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 */

/** What a kernel object of classic Notebook says when its kernel ends; often more than one of them. */
const ENDS = "kernel_restarting.Kernel kernel_dead.Kernel kernel_killed.Kernel kernel_killed.Session";
/** What it says when a kernel is there, the next or the same. */
const SIGNS = "kernel_connected.Kernel kernel_ready.Kernel";

export class Epoch {
  /** @param {Hub} hub */
  constructor(hub) {
    this.hub = hub;
    /** How many kernels have ended. */
    this.count = 0;
    /** The kernel has ended, and there was no sign of another yet. */
    this.over = false;
    /** The session in the headers of the kernel's own messages; "" until one was seen. */
    this.session = hub.hook.resumed?.kernelSession ?? "";
    /** The session of the kernel before, from which messages may still come. */
    this.last = "";
    /** More sessions of the same kernel. @type {Set<string>} */
    this.more = new Set();
    /** An unknown session: of the next kernel, or one more of this kernel. "" when there is none. */
    this.unknown = "";
    /** The msg_id of the request that tells. */
    this.asked = "";
    /** Lets comm messages go on that wait until it is known. */
    this.known = () => {};
    /** Messages that were looked at before their turn. @type {WeakSet<Message>} */
    this.seen = new WeakSet();
  }

  /**
   * Looks at the session of a status message.
   * @param {Message} msg @param {boolean} [early] its turn is still to come
   */
  see(msg, early) {
    const session = msg?.header?.session;
    if (this.seen.has(msg)) return;
    if (early) this.seen.add(msg);
    // The server's messages have the page's session, and those of some kernels the request's.
    if (!session || session === msg.parent_header?.session || session === this.hub.kernel.session_id) return;
    if (session === this.session) {
      if (this.unknown !== "") this.more.add(this.unknown);
      this.settle();
    } else if (session !== this.last && !this.more.has(session)) {
      if (this.session === "" || this.identifies(msg)) this.begin(session);
      else if (session !== this.unknown) this.ask(session);
    }
  }

  /** @param {Message} msg @returns {boolean} whether it answers this page's question who the kernel is; Lab's connection asks by itself */
  identifies({ parent_header: parent }) {
    if (parent?.msg_id === this.asked) return true;
    return parent?.msg_type === "kernel_info_request" && parent.session === this.hub.kernel.session_id;
  }

  /** Another kernel is there, with this session. @param {string} session */
  begin(session) {
    if (this.session !== "") this.end(session);
    this.session = session;
    this.over = false;
    this.settle();
  }

  /** Asks the kernel for its session. @param {string} unknown the session in which it has spoken */
  ask(unknown) {
    const { hook, kernel } = this.hub;
    this.unknown = unknown;
    const before = this.known;
    this.known = hook.hold();
    before();
    if (this.asked !== "") return; // already: the connection was lost
    try {
      this.asked = kernel.send_shell_message("kernel_info_request", {});
    } catch (e) {
      log.error("gocomm: the kernel could not be asked whether it has been restarted:", e);
    }
  }

  /** It is known whether there is another kernel. */
  settle() {
    this.unknown = this.asked = "";
    this.known();
    this.known = () => {};
  }

  /** @param {Message} msg @returns {boolean} whether it was on its way when its kernel ended */
  late(msg) {
    return this.session === "" && this.last !== "" && msg?.header?.session === this.last;
  }

  /** @param {Message} msg a shutdown_reply: the kernel tells all pages that it ends */
  shutdown(msg) {
    if (this.session !== "" && msg?.header?.session === this.session) this.end();
  }

  /** @param {string} type of the event */
  sign(type) {
    this.over = false;
    if (type === "kernel_ready" && this.session === "") this.last = ""; // it has answered: taken for dead, it lives
  }

  /** @param {string} [next] the session of the next kernel, whose messages stay */
  end(next = "") {
    if (this.over) return;
    const { hub } = this;
    this.over = true;
    this.count++;
    this.last = this.session;
    this.session = "";
    this.more.clear();
    const { resumed } = hub.hook;
    hub.hook.resumed = null;
    hub.offers.clear();
    resumed?.ended?.();
    const routes = [...hub.routes.values()];
    hub.hook.purge(next); // comms that nobody has seen yet
    hub.pending.take();
    this.purge();
    hub.order.purge();
    this.settle();
    for (const program of hub.programs) program.call(program.exports.gocomm_epoch);
    const js = routes.filter((route) => route instanceof JSRoute);
    for (const route of js) route.end(KERNEL_GONE);
    if (routes.length > 0) log.warn(`gocomm: the kernel has ended, or is restarted: ${routes.length} comms have ended with it`);
    for (const route of js) route.closeWithKernel();
    if (hub.main) this.endCommsFromBefore(hub.main.js);
  }

  /** Takes messages of comms out of what is still to be sent. */
  purge() {
    const { kernel, main, outgoing, stock } = this.hub;
    const gone = (/** @type {any} */ data) => {
      const id = commOf(data);
      // The stock manager's own are its own where it has kept its place.
      return id !== undefined && (main !== null || !Object.hasOwn(stock.comms, id));
    };
    outgoing.held?.take(gone);
    const waiting = /** @type {any} */ (kernel)._pending_messages ?? [];
    for (let i = waiting.length; i-- > 0;) if (gone(waiting[i])) waiting.splice(i, 1);
  }

  /** Ends the comms that the stock manager has opened before it was replaced: nobody else does. @param {import("./js-comms.js").JSComms} js */
  endCommsFromBefore(js) {
    const { comms } = this.hub.stock;
    for (const id of Object.keys(comms)) {
      if (this.hub.routes.has(id)) continue;
      const comm = comms[id];
      delete comms[id];
      Promise.resolve(comm).then((comm) => {
        const route = new JSRoute(js, id, comm, true);
        route.ended = KERNEL_GONE;
        wrap(comm, route);
      }, () => {});
    }
  }
}

/**
 * Watches the hub's kernel. The function returned ends that.
 * @param {Hub} hub
 */
export function watch(hub) {
  const { epoch } = hub;
  const kernel = /** @type {any} */ (hub.kernel);
  /** @param {(data: any, event: any) => void} f @returns {(event: any, data: any) => void} */
  const ours = (f) => (event, data) => {
    if (data?.kernel === kernel) f(data, event);
  };
  const ends = ours(() => epoch.end());
  const signs = ours((data, event) => epoch.sign(event.type));
  // A kernel that is changed while there is no connection is not said to be killed.
  const created = ours(({ session }) => {
    const id = session?.kernel_model?.id;
    if (id && kernel.id && id !== kernel.id) epoch.end();
  });
  kernel.events?.on(ENDS, ends);
  kernel.events?.on(SIGNS, signs);
  kernel.events?.on("kernel_created.Session", created);
  const unhear = [hear(kernel, "status", (msg) => epoch.see(msg)), hear(kernel, "shutdown_reply", (msg) => epoch.shutdown(msg))];
  const unwatch = watchConnection(hub);
  return () => {
    kernel.events?.off(ENDS, ends);
    kernel.events?.off(SIGNS, signs);
    kernel.events?.off("kernel_created.Session", created);
    for (const f of unhear) f();
    unwatch();
  };
}

/** Has f see a type's messages before their handler does. @param {any} kernel @param {string} type @param {(msg: Message) => void} f */
function hear(kernel, type, f) {
  const before = kernel.get_iopub_handler(type);
  if (typeof before !== "function") return () => {};
  /** @this {any} @param {Message} msg */
  const heard = function (msg) {
    f(msg);
    return before.call(this, msg);
  };
  kernel.register_iopub_handler(type, heard);
  return () => {
    if (kernel.get_iopub_handler(type) === heard) kernel.register_iopub_handler(type, before);
  };
}
