// Comms that the kernel opens, and messages on them, before there is a program.

import { Tally, total, askGo } from "./tally.js";

let tallies, ids, go, each;
const { kernel } = Jupyter.notebook;
let number = 0;
const message = (msg_type, content) => ({
  channel: "iopub", header: { msg_id: `early-${++number}`, msg_type, session: "kernel", date: new Date().toISOString() },
  parent_header: { msg_id: "early", session: kernel.session_id }, metadata: {}, content, buffers: [],
});
const say = (id, data) => message("comm_msg", { comm_id: id, data });
const feed = (msg) => kernel._handle_ws_message({ data: JSON.stringify(msg) });

/** Gives how many of them have reached a handler. */
export async function fill({ comms, per }) {
  each = per;
  tallies = new Map();
  kernel.comm_manager.register_target("tally", (comm) => {
    const tally = new Tally(each);
    tallies.set(comm.comm_id, tally);
    comm.on_msg((msg) => tally.add(msg.content.data));
  });
  ids = Array.from({ length: comms }, (_, i) => `early comm with the number ${i}`);
  go = ids.filter((_, i) => i % 2);
  for (const id of ids) feed(message("comm_open", { comm_id: id, target_name: go.includes(id) ? "probe.tally" : "tally", data: {} }));
  for (let k = 1; k <= each; k++) for (const id of ids) feed(say(id, k));
  await kernel._msg_queue;
  return [...tallies.values()].reduce((n, { got }) => n + got, 0);
}

export async function count() {
  const sums = [...tallies.values()].map((tally) => tally.sum());
  for (let i = sums.length + go.length; i < ids.length; i++) sums.push(new Tally(each).sum()); // those that have not opened
  return total([...sums, ...await askGo(kernel, feed, go, say, each)]);
}
