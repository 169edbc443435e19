// What is measured between a Kernel object's two ends: a frame that arrives, and
// the call of its ws.send.

import { alternate } from "./measure.js";
import { stockSide, gocommSide, openComms, message, updates, update, commID, expect } from "./sides.js";
import { textFrame, binaryFrame } from "./frames.js";

const POOL = 10_000; // messages made beforehand, as many at each number of comms

/** Each row makes what does a thing n times on a side. */
const works = {
  /** A comm_msg to a JavaScript handler, awaited as the kernel awaits it. */
  async dispatch(s, comms = 100) {
    await openComms(s, comms);
    const pool = updates(s, POOL, comms);
    const handle = s.kernel.get_iopub_handler("comm_msg");
    return handled(s, async (n) => {
      for (let i = 0; i < n; i++) await handle(pool[i % POOL]);
    });
  },

  text: (s) => receive(s, (m) => textFrame(m)),
  binary: (s) => receive(s, (m) => binaryFrame(m, new Uint8Array(1000))),
  blob: (s) => receive(s, (m) => new Blob([binaryFrame(m, new Uint8Array(1000))])),

  async send(s) {
    const comm = s.kernel.comm_manager.new_comm("bench", {});
    return async (n) => {
      const before = s.socket.sent;
      for (let i = 0; i < n; i++) comm.send(update(i));
      expect(s.socket.sent === before + n, "messages were not sent");
    };
  },

  openClose,
  openCloseHere,
};

/** Frames through the kernel's receive path, each one when the last is done with, as they come from a websocket. */
async function receive(s, frame) {
  await openComms(s, 100);
  const pool = updates(s, 200, 100).map((m) => ({ data: frame(m) }));
  return handled(s, async (n) => {
    for (let i = 0; i < n; i++) {
      s.kernel._handle_ws_message(pool[i % pool.length]);
      await s.kernel._msg_queue;
    }
  });
}

/** Opened and closed by the kernel. */
async function openClose(s) {
  const pool = Array.from({ length: 1000 }, (_, i) => [
    message(s, "comm_open", { comm_id: commID(1e6 + i), target_name: "bench", data: update(i) }),
    message(s, "comm_close", { comm_id: commID(1e6 + i), data: {} }),
  ]);
  const open = s.kernel.get_iopub_handler("comm_open");
  const close = s.kernel.get_iopub_handler("comm_close");
  return async (n) => {
    const { opened, closed } = s;
    for (let i = 0; i < n; i++) {
      const pair = pool[i % pool.length];
      await open(pair[0]);
      await close(pair[1]);
    }
    expect(s.opened === opened + n && s.closed === closed + n, "comms were not opened and closed");
  };
}

/** Opened and closed by the page. */
async function openCloseHere(s) {
  return async (n) => {
    const before = s.socket.sent;
    for (let i = 0; i < n; i++) s.kernel.comm_manager.new_comm("bench", update(i)).close();
    expect(s.socket.sent === before + 2 * n, "comms were not opened and closed");
  };
}

const handled = (s, work) => async (n) => {
  const before = s.hits;
  await work(n);
  expect(s.hits === before + n, `${s.hits - before} of ${n} messages were handled`);
};

/** @param {keyof typeof works} name @param {object} options of alternate */
export async function against(name, options) {
  return alternate(await works[name](await stockSide()), await works[name](await gocommSide()), options);
}

/** The stock manager against itself: what differs is the machine's noise. */
export async function itself(name, options) {
  return alternate(await works[name](await stockSide()), await works[name](await stockSide()), options);
}

/** The cost of a message with few live comms and with many, both on gocomm. */
export async function crowd(few, many, options) {
  return alternate(await works.dispatch(await gocommSide(), few), await works.dispatch(await gocommSide(), many), options);
}

/** Does a thing on one side for a while, to be profiled. */
export async function during(name, side, ms) {
  const work = await works[name](side === "stock" ? await stockSide() : await gocommSide());
  await work(20_000);
  return async () => {
    let n = 0;
    const start = performance.now();
    for (; performance.now() - start < ms; n += 1000) await work(1000);
    return { n, ms: performance.now() - start };
  };
}
