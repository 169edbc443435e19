// Buffers from and to the kernel, and messages that nobody reads.

import { gocommSide, message, commID } from "/nbextensions/bench/sides.js";
import { probe } from "./messages.js";
import { task, until } from "./tally.js";

const hex = (b) => Array.from(new Uint8Array(b), (n) => n.toString(16).padStart(2, "0")).join("");
const digest = async (views) => (await Promise.all(views.map(async (v) => hex(await crypto.subtle.digest("SHA-256", v))))).join(" ");

export function begin() {
  const manager = Jupyter.notebook.kernel.comm_manager;
  manager.register_target("js.digest", (comm) => comm.on_msg((msg) => { digest(msg.buffers).then((sums) => comm.send(sums)); }));
  // Parts of a larger buffer, which must not travel as a whole.
  manager.register_target("js.echo", (comm) => comm.on_msg((msg) => {
    comm.send("echo", undefined, undefined, msg.buffers.map((b) => {
      const larger = new Uint8Array(b.byteLength + 100);
      larger.set(new Uint8Array(b.buffer, b.byteOffset, b.byteLength), 50);
      return larger.subarray(50, 50 + b.byteLength);
    }));
  }));
}

/** How much Go's memory grows by n messages with a buffer that no handler asks for, in megabytes. */
export async function unread({ n, megabytes }) {
  const s = await gocommSide(probe);
  const { kernel } = s;
  const id = commID(1), p = [...kernel[Symbol.for("gocomm.hub.2")].programs][0];
  const give = (type, content, buffers = []) => kernel.get_iopub_handler(type)({ ...message(s, type, content), buffers });
  await give("comm_open", { comm_id: id, target_name: "probe.ignore", data: {} });
  const buffer = new DataView(new ArrayBuffer(megabytes << 20));
  const round = async (n) => {
    const { sent } = s.socket;
    for (let i = 0; i < n; i++) {
      await give("comm_msg", { comm_id: id, data: {} }, [buffer]);
      await task();
    }
    await until(() => s.socket.sent === sent + n, "the answers");
  };
  await round(3);
  const before = p.exports.mem.buffer.byteLength;
  await round(n);
  return (p.exports.mem.buffer.byteLength - before) / 1e6;
}
