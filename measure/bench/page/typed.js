// What a message costs until a typed Go handler has it: against JupyterLab, and
// against a Go program as one would write it first.

import { alternate } from "./measure.js";
import { kernelObject, unconnected, gocomm, amd, message, commID, expect } from "./sides.js";
import { textFrame, binaryFrame } from "./frames.js";

const COMMS = 100;
const BURST = 1000;
const url = (name) => new URL(`/nbextensions/bench/${name}.wasm`, location).href;

/** The five fields of a message. */
const five = (i, x = 1.5) => ({ method: "update", value: i, x, name: "abc", on: true });

/** One task of the page. */
const task = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (port1.close(), done());
  port2.postMessage(null);
});

/** Waits until a program has counted so many messages: they are handled right after they were delivered. */
async function counted(s, n) {
  for (let i = 0; s.count() < n; i++) {
    if (i < 100) await null;
    else await task();
    if (i > 1e6) throw new Error(`bench: ${s.count()} of ${n} messages were handled`);
  }
}

/** The kernel object of a page of one's own. */
async function pageKernel() {
  const { KernelConnection } = await import("/nbextensions/web/kernel.js");
  return unconnected(new KernelConnection({ id: "bench", name: "python3" }));
}

const kernels = { page: pageKernel, classic: kernelObject };

/** A kernel object with a Go program beside the stock manager. */
async function programSide(name, kernel = "classic") {
  const s = await kernels[kernel]();
  const { attach } = await import(gocomm);
  await attach(s.kernel, { wasm: url(name), mode: "beside" });
  s.program = [...s.kernel[Symbol.for("gocomm.hub.2")].programs][0];
  s.opened = 0;
  s.answer = () => JSON.parse(s.socket.last).content.data;
  return s;
}

const deliver = (s, type, content) => s.kernel.get_iopub_handler(type)(message(s, type, content));

/** Opens a comm to one of a program's targets. */
async function open(s, target, id = commID(s.opened)) {
  const before = s.socket.sent;
  s.opened++;
  await deliver(s, "comm_open", { comm_id: id, target_name: target, data: {} });
  while (s.socket.sent === before) await task();
  const address = s.answer() / 4;
  let counts = new Uint32Array(0);
  s.count = () => {
    if (counts.length === 0) counts = new Uint32Array(s.program.memory().buffer); // none yet, or the memory has grown
    return counts[address];
  };
  return id;
}

/** The frames of a burst: each message has an id and a date of its own. */
const frames = (s, data, n = BURST) => Array.from({ length: n }, (_, i) => {
  const msg = message(s, "comm_msg", { comm_id: commID(i % COMMS), data: data(i) });
  msg.header.msg_id = msg.msg_id = msg.msg_id.replace(/_1$/, `_${i + 1}`);
  msg.header.date = new Date(Date.UTC(2025, 0, 1) + i).toISOString();
  return { data: textFrame(msg) };
});

/** Frames through the kernel object to typed handlers in Go, so many at once. */
async function typed(s, burst, pool) {
  for (let i = 0; i < COMMS; i++) await open(s, "bench");
  return async (n) => {
    const before = s.count();
    for (let i = 0; i < n; i += burst) {
      const end = Math.min(n, i + burst);
      for (let j = i; j < end; j++) s.kernel._handle_ws_message(pool[j % BURST]);
      await s.kernel._msg_queue;
      await counted(s, before + end);
    }
    expect(s.count() === before + n, "a message was handled twice");
  };
}

/** The same frames through JupyterLab's kernel connection. */
async function lab(burst, pool) {
  const { connect } = await import("./lab.js");
  const { kernel, socket } = connect();
  let hits = 0, opened = 0, wanted = 0, done;
  kernel.registerCommTarget("bench", (comm) => {
    opened++;
    comm.onMsg = (msg) => {
      const u = msg.content.data;
      if (u.method === "update" && u.value >= 0 && u.x === 1.5 && u.name === "abc" && u.on) hits++;
      if (hits === wanted) done();
    };
  });
  while (kernel.connectionStatus !== "connected") await task();
  const session = { kernel: { session_id: kernel.clientId } };
  for (let i = 0; i < COMMS; i++) {
    socket.onmessage({ data: textFrame(message(session, "comm_open", { comm_id: commID(i), target_name: "bench", data: {} })) });
  }
  while (opened < COMMS) await task();
  return async (n) => {
    const before = hits;
    for (let i = 0; i < n; i += burst) {
      const end = Math.min(n, i + burst);
      wanted = before + end;
      const all = new Promise((resolve) => { done = resolve; });
      for (let j = i; j < end; j++) socket.onmessage(pool[j % BURST]);
      await all;
    }
    expect(hits === before + n, "a message was handled twice");
  };
}

/** @param {"page" | "classic"} kernel @param {number} burst messages that come at once */
export async function againstLab(kernel, burst, options) {
  const s = await programSide("typed", kernel);
  const pool = frames(s, five);
  return alternate(await lab(burst, pool), await typed(s, burst, pool), options);
}

/** The same frames to a js.FuncOf callback with vert, as the only handler there is. */
export async function againstNaive(options) {
  const s = await programSide("typed", "page");
  await programSide("values"); // it exposes its handler
  const naive = await pageKernel();
  naive.kernel.register_iopub_handler("comm_msg", globalThis.benchNaive);
  const pool = frames(s, five);
  const slowly = async (n) => {
    const before = globalThis.benchNaiveHandled();
    for (let i = 0; i < n; i++) naive.kernel._handle_ws_message(pool[i % BURST]);
    expect(globalThis.benchNaiveHandled() === before + n, "messages were not handled");
  };
  return alternate(slowly, await typed(s, BURST, pool), options);
}

/** A nested message of 20 kB. */
function scene() {
  const shape = (i) => ({
    id: `shape-${i}`, kind: i % 2 ? "circle" : "path", at: { x: i * 1.5, y: -i }, size: { x: 10, y: 20.25 }, color: [i % 256, 128, 255],
    Path: [0, 1, 2.5, 3, i], tags: ["new", `tag ${i}`],
  });
  const layers = Array.from({ length: 8 }, (_, i) => ({
    name: `layer ${i}`, visible: i % 3 !== 0, opacity: 0.125 * i, shapes: Array.from({ length: 14 }, (_, j) => shape(100 * i + j)),
  }));
  return { title: "a scene", index: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`layer-${i}`, i])), layers };
}

/** A nested message, decoded within Go by its plan, and by encoding/json from its bytes. */
export async function nested(options) {
  const s = await programSide("values");
  const id = await open(s, "nested");
  const data = scene();
  const { length } = JSON.stringify(data);
  expect(length > 18_000 && length < 22_000, `the message has ${length} bytes`);
  await deliver(s, "comm_msg", { comm_id: id, data });
  const by = (By) => async (N) => {
    const before = s.socket.sent;
    await deliver(s, "comm_msg", { comm_id: id, data: { By, N } });
    while (s.socket.sent === before) await task();
    expect(s.answer() >= length, "the program has another message");
  };
  return alternate(by("json"), by("plan"), options);
}

/** A buffer from the frame to a Go slice, and one copy of it into the program's memory. */
export async function buffer(kernel, bytes, { repetitions, slow }) {
  const s = await programSide("values", kernel);
  const id = await open(s, "buffer");
  const source = new Uint8Array(bytes).fill(7);
  const frame = binaryFrame(message(s, "comm_msg", { comm_id: id, data: {} }), source);
  const result = { n: 1, baseline: [], ours: [] };
  const receive = async () => {
    const before = s.count();
    s.kernel._handle_ws_message({ data: frame });
    await s.kernel._msg_queue;
    await counted(s, before + 1);
  };
  await receive(); // there is memory for it now, and for what follows
  await receive();
  await receive();
  const end = s.program.memory().length;
  for (let i = 0; i < repetitions; i++) {
    globalThis.gc();
    let start = performance.now();
    s.program.memory().set(source, end - bytes - 65536); // over what is free, or the last buffer
    result.baseline.push(performance.now() - start);
    globalThis.gc();
    start = performance.now();
    for (let j = 0; j < slow; j++) await receive();
    result.ours.push(performance.now() - start);
  }
  return result;
}

/** The 99th percentile of what messages to 99 comms take, while the handler of one more is at work, or blocked for ever. */
export async function blocked({ repetitions, slow }) {
  const sides = [];
  for (const first of ["untimed", "block"]) {
    const s = await programSide("values");
    await open(s, first);
    for (let i = 1; i < COMMS; i++) await open(s, "timed");
    const p99 = await open(s, "p99", "p99");
    s.p99 = async () => {
      const before = s.socket.sent;
      await deliver(s, "comm_msg", { comm_id: p99, data: five(0, performance.now()) });
      while (s.socket.sent === before) await task();
      return s.answer();
    };
    s.blocked = first === "block";
    sides.push(s);
  }
  const each = 20; // messages for each comm
  const round = async (s, times) => {
    await s.p99();
    const before = s.count();
    const n = each * times;
    for (let i = 0; i < n * COMMS; i++) deliver(s, "comm_msg", { comm_id: commID(i % COMMS), data: five(i, performance.now()) });
    await counted(s, before + n * (s.blocked ? COMMS - 1 : COMMS));
    return s.p99();
  };
  const result = { n: 99 * each, baseline: [], ours: [] };
  for (let i = -5; i < repetitions; i++) {
    const [without, withOne] = [await round(sides[0], 1), await round(sides[1], slow)];
    if (i < 0) continue; // it warms up
    result.baseline.push(without);
    result.ours.push(withOne);
  }
  return result;
}

/**
 * The longest task, in ms, while 20,000 frames arrive, each in a task of its own as from a websocket, and until the last
 * message is handled. What is measured is from the start of one task to that of the next.
 */
export async function longestTask({ slow }) {
  await amd("services/kernels/kernel");
  const s = await programSide("values");
  for (let i = 0; i < COMMS; i++) await open(s, "spin");
  const n = 20_000;
  const pool = frames(s, (i) => five(i, slow > 1 && i % COMMS === 0 ? 60 : 0));
  const before = s.count();
  let last = 0, longest = 0, arrived = 0;
  const tick = () => {
    const now = performance.now();
    if (last) longest = Math.max(longest, now - last);
    last = now;
  };
  const { port1, port2 } = new MessageChannel();
  const all = new Promise((done) => {
    port1.onmessage = ({ data }) => {
      tick();
      s.kernel._handle_ws_message(pool[data % BURST]);
      if (++arrived === n) done();
    };
  });
  for (let i = 0; i < n; i++) port2.postMessage(i);
  await all;
  while (s.count() < before + n) {
    await task();
    tick();
  }
  port1.close();
  return longest;
}

/** Does a thing on one side for a while, to be profiled. */
export async function during(name, side, ms) {
  const burst = name === "burst" ? BURST : 1;
  const s = await programSide("typed", "page");
  const pool = frames(s, five);
  const work = side === "lab" ? await lab(burst, pool) : await typed(s, burst, pool);
  await work(20_000);
  return async () => {
    let n = 0;
    const start = performance.now();
    for (; performance.now() - start < ms; n += BURST) await work(BURST);
    return { n, ms: performance.now() - start };
  };
}
