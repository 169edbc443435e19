// What opening and closing comms leaves behind.

import { stockSide, gocommSide, message, commID, expect } from "./sides.js";

const probe = new URL("/nbextensions/bench/probe.wasm", location).href;
let next = 1e9;

/** @param {"stock" | "drop-in" | "probe"} kind */
export async function begin(kind) {
  const s = kind === "stock" ? await stockSide() : await gocommSide(kind === "probe" ? probe : undefined);
  s.leaks = [];
  s.inGo = kind === "probe";
  return s;
}

/**
 * Opens and closes n comms from the kernel, and n from the page; with the probe, n more
 * whose handlers are Go. With leak, every second one stays open: what the bench must notice.
 */
export async function cycles(s, n, leak) {
  const [open, close] = ["comm_open", "comm_close"].map((type) => s.kernel.get_iopub_handler(type));
  const { opened, closed } = s;
  const sent = s.socket.sent;
  let left = 0;
  for (let i = 0; i < n; i++) {
    const comm_id = commID(next++);
    await open(message(s, "comm_open", { comm_id, target_name: "bench", data: {} }));
    const comm = s.kernel.comm_manager.new_comm("bench", {});
    const go_id = s.inGo && commID(next++);
    if (go_id) await open(message(s, "comm_open", { comm_id: go_id, target_name: "probe.flat", data: {} }));
    if (leak && i % 2) {
      left++;
      s.leaks.push(comm);
      continue;
    }
    await close(message(s, "comm_close", { comm_id, data: {} }));
    if (go_id) await close(message(s, "comm_close", { comm_id: go_id, data: {} }));
    comm.close();
    if (i % 1000 === 0) await new Promise((done) => setTimeout(done)); // a page has timers and microtasks of its own
  }
  expect(s.opened === opened + n && s.closed === closed + n - left && s.socket.sent === sent + 2 * n - left, "comms were not opened and closed");
  s.socket.last = undefined;
}

/** The live bytes of the Go heap of a probe, after a collection. */
export const goHeap = (s) => ask(s, "probe.heap");

/** The number with which a target of the probe answers. */
export async function ask(s, target_name) {
  const comm_id = commID(next++);
  await s.kernel.get_iopub_handler("comm_open")(message(s, "comm_open", { comm_id, target_name, data: {} }));
  s.socket.last = undefined;
  await s.kernel.get_iopub_handler("comm_msg")(message(s, "comm_msg", { comm_id, data: {} }));
  const start = performance.now();
  while (s.socket.last === undefined) {
    if (performance.now() - start > 10_000) throw new Error("bench: the probe has not answered for 10 s");
    await new Promise((done) => setTimeout(done));
  }
  const { content } = JSON.parse(s.socket.last);
  await s.kernel.get_iopub_handler("comm_close")(message(s, "comm_close", { comm_id, data: {} }));
  expect(Number.isInteger(content.data), `the probe has answered ${JSON.stringify(content)}`);
  return content.data;
}
