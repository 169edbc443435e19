// Many messages over many comms, as frames of a websocket: half of the comms are Go's.

import { stockSide, gocommSide, message, commID } from "/nbextensions/bench/sides.js";
import { Tally, total, task, askGo } from "./tally.js";

export const probe = new URL("/nbextensions/bench/probe.wasm", location).href;

export async function run({ gocomm, comms, each }) {
  const s = gocomm ? await gocommSide(probe) : await stockSide();
  const { kernel } = s;
  const feed = (msg) => kernel._handle_ws_message({ data: JSON.stringify(msg) });
  const say = (id, data) => message(s, "comm_msg", { comm_id: id, data });
  const tallies = new Map();
  kernel.comm_manager.register_target("tally", (comm) => {
    const tally = new Tally(each);
    tallies.set(comm.comm_id, tally);
    comm.on_msg((msg) => tally.add(msg.content.data));
  });
  const ids = Array.from({ length: comms }, (_, i) => commID(i));
  const go = gocomm ? ids.filter((_, i) => i % 2) : [];
  for (const id of ids) feed(message(s, "comm_open", { comm_id: id, target_name: go.includes(id) ? "probe.tally" : "tally", data: {} }));
  for (let k = 1; k <= each; k++) {
    for (const id of ids) feed(say(id, k));
    if (k % 10 === 0) {
      await kernel._msg_queue;
      await task();
    }
  }
  await kernel._msg_queue;
  const sums = [...tallies.values()].map((tally) => tally.sum());
  for (let i = sums.length + go.length; i < comms; i++) sums.push(new Tally(each).sum()); // those that have not opened
  return total([...sums, ...await askGo(kernel, feed, go, say, each)]);
}
