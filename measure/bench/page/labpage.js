// Comms on a notebook's page of JupyterLab, with a real kernel: a program's in Go, and Lab's in JavaScript, by turns.

import { expect } from "./sides.js";
import { middle } from "./measure.js";
import { until } from "./widget.js";

const BURST = 1000;
/** Messages of one repetition that come alone. */
const EACH = 60;

const session = () => window.jupyterapp?.shell.currentWidget?.sessionContext;

/** @returns a promise of what a side's handler has counted when it has the last one of what follows */
const last = (handled) => new Promise((done, failed) => {
  const late = setTimeout(failed, 30_000, new Error("bench: the last message has not come"));
  globalThis.benchLast = (count) => {
    const now = performance.now();
    clearTimeout(late);
    expect(count === handled, `${count} of ${handled} messages were handled`);
    done(now);
  };
});

export async function start(python) {
  await until(() => session()?.isReady && session().session?.kernel?.connectionStatus === "connected", "the kernel");
  const connection = session().session.kernel;
  await connection.info;
  let hits = 0;
  connection.registerCommTarget("bench_js", (comm) => {
    comm.onMsg = (msg) => {
      const u = msg.content.data;
      if (u.method === "update" && u.value <= 0 && u.x === 1.5 && u.name === "abc" && u.on) hits++;
      if (u.value === 0) globalThis.benchLast(hits);
    };
  });
  const { load } = globalThis[Symbol.for("gocomm.lab.1")];
  const { run } = await load();
  await run(connection, { wasm: "/nbextensions/bench/values.wasm" });
  await execute(connection, python).done;
  const methods = Object.fromEntries(METHODS.map((name) => [name, connection[name]]));
  for (const name of METHODS) expect(Object.hasOwn(connection, name), `gocomm has no ${name} of its own`);
  return { connection, methods, handled: { js: 0, go: 0 } };
}

export const stop = () => session().shutdown();

function execute(connection, code) {
  const future = connection.requestExecute({ code, store_history: false });
  future.onReply = ({ content }) => expect(content.status === "ok", `the kernel says ${JSON.stringify(content)}`);
  return future;
}

/** The methods of a connection that gocomm puts its own before. */
const METHODS = ["_handleMessage", "_handleCommOpen", "_handleCommMsg", "_handleCommClose"];

/** Has the connection handle messages as Lab alone does, or as gocomm has it. */
function handledBy(lab, side) {
  for (const name of METHODS) lab.connection[name] = side === "js" ? Object.getPrototypeOf(lab.connection)[name] : lab.methods[name];
}

/** Has the kernel send n messages to a side. @returns the ms until its handler had the last one */
async function sent(lab, side, n) {
  handledBy(lab, side);
  lab.handled[side] += n;
  const got = last(lab.handled[side]);
  const begin = performance.now();
  const future = execute(lab.connection, `send(${side}, ${n})`);
  const end = await got;
  await future.done;
  return end - begin;
}

/** The frames that the page receives for n messages. */
async function recorded(lab, side, n) {
  const socket = lab.connection._ws, { onmessage } = socket, frames = [];
  socket.onmessage = (event) => {
    frames.push({ data: event.data });
    onmessage.call(socket, event);
  };
  await sent(lab, side, n);
  socket.onmessage = onmessage;
  return frames;
}

/** The same frames again. @returns the ms until the handler had the last message */
async function replayed(lab, side, n) {
  const frames = lab.frames[side][n];
  handledBy(lab, side);
  lab.handled[side] += n;
  const got = last(lab.handled[side]);
  const { _ws: socket } = lab.connection;
  const begin = performance.now();
  for (const frame of frames) socket.onmessage(frame);
  const end = await got;
  await lab.connection._msgChain;
  return end - begin;
}

/** Records frames, and repeats them until the code that handles them is compiled well. */
async function warm(lab) {
  lab.frames = { js: {}, go: {} };
  for (const side of ["js", "go"]) {
    for (const n of [1, BURST]) lab.frames[side][n] = await recorded(lab, side, n);
  }
  for (let i = 0; i < 30; i++) for (const side of ["js", "go"]) await replayed(lab, side, BURST);
}

/** @param {{repetitions: number, few: number, slow: number}} o few: repetitions with the kernel */
export async function measure(lab, { repetitions, few, slow }) {
  await warm(lab);
  const turns = async (n, count, f) => {
    const result = { n, baseline: [], ours: [] };
    const sides = [[result.baseline, "js"], [result.ours, "go"]];
    for (let i = -4; i < count; i++) { // the first ones warm up
      for (const [times, side] of i % 2 ? sides : sides.toReversed()) {
        await new Promise((done) => setTimeout(done, 5));
        globalThis.gc({ type: "minor" });
        const ms = await f(side, side === "go" ? slow : 1);
        if (i >= 0) times.push(ms);
      }
    }
    return result;
  };
  const burst = (f) => async (side, times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += await f(lab, side, BURST);
    return sum;
  };
  const single = (f) => async (side, times) => {
    const all = [];
    for (let i = 0; i < EACH; i++) {
      let sum = 0;
      for (let j = 0; j < times; j++) {
        await new Promise((done) => setTimeout(done));
        sum += await f(lab, side, 1);
      }
      all.push(sum);
    }
    return middle(all);
  };
  return {
    ofBurst: await turns(BURST, repetitions, burst(replayed)),
    ofSingle: await turns(EACH, repetitions, single(replayed)),
    burst: await turns(BURST, few, burst(sent)),
    single: await turns(EACH, few, single(sent)),
  };
}

/** Handles recorded frames on one side for a while, to be profiled. */
export async function during(lab, name, side, ms) {
  await warm(lab);
  const n = name === "labBurst" ? BURST : 1;
  return async () => {
    let all = 0;
    const start = performance.now();
    for (; performance.now() - start < ms; all += n) {
      if (n === 1) await new Promise((done) => setTimeout(done));
      await replayed(lab, side, n);
    }
    return { n: all, ms: performance.now() - start };
  };
}
