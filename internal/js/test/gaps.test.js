// A connection that is lost and comes back: web/comms/reconnect.js.

import { assert } from "chai";

import { commMsg, commOpen, detach, errors, hurry, kernel, sent, task, until } from "./kernel-page.js";
import { attachAlive, event, handlers, identifyTo, status } from "./life.js";
import { describe, it } from "./testing.js";

/** @typedef {import("./kernel-page.js").Message} Message */

/** @type {any} */
const k = kernel;

/** Loses the connection for a time that the page's clock can tell. */
async function drop() {
  event("kernel_disconnected.Kernel");
  const lost = performance.now();
  await until(() => performance.now() > lost + 1);
  event("kernel_reconnecting.Kernel");
  event("kernel_connected.Kernel");
}

/** Attaches the probe to a kernel object whose messages form a promise, as in classic's kernel.js, and logs gaps. */
async function listening() {
  const { manager } = await attachAlive();
  /** @type {any[]} */
  const got = [];
  let free = () => {};
  kernel.events.on("comm_gap.Kernel", (/** @type {any} */ _, /** @type {import("../../../web/gocomm.js").CommGap} */ gap) => {
    got.push("gap");
    assert.equal(gap.kernel, kernel);
    assert.isAbove(gap.until, gap.since);
    assert.closeTo(gap.until, Date.now(), 5000);
    got.push("told");
    throw new Error("the page's own");
  });
  manager.register_target("js", (comm) => comm.on_msg((msg) => {
    got.push(msg.content.data);
    if (msg.content.data === "slow") return new Promise((resolve) => (free = () => resolve(undefined)));
    return undefined;
  }));
  k._msg_queue = Promise.resolve();
  const feed = (/** @type {Message} */ msg) => k._msg_queue = k._msg_queue
    .then(() => kernel.handlers[msg.header.msg_type](msg))
    .catch((/** @type {unknown} */ e) => got.push(String(e)));
  await feed(commOpen("js", "js"));
  await feed(commOpen("go", "probe.life"));
  return { got, feed, free: () => free() };
}

describe("a lost connection", () => {
  it("is told where it was in the stream of messages", async () => {
    const { got, feed, free } = await listening();
    feed(commMsg("js", "slow"));
    feed(commMsg("go", "before"));
    await until(() => got.length === 1);
    await drop();
    feed(commMsg("js", "after"));
    feed(commMsg("go", "after"));
    for (let i = 0; i < 20; i++) await task();
    got.push("freed");
    free();
    await k._msg_queue;
    event("kernel_connected.Kernel"); // no loss before it
    await until(() => sent("go").length === 3);
    await k._msg_queue;
    assert.deepEqual(got, ["slow", "freed", "gap", "told", "after"]);
    assert.deepEqual(sent("go").map((m) => m.content.data), ["before", "gap", "after"]);
    assert.lengthOf(errors(), 1);
    assert.include(errors()[0], "gocomm: a handler of comm_gap.Kernel failed:");
    detach();
    assert.lengthOf(handlers, 1, "handlers left on kernel.events but the test's own");
  });

  /** @type {Record<string, () => any>} */
  const NONE = {
    "across a restart": () => {
      event("kernel_disconnected.Kernel");
      event("kernel_restarting.Kernel");
      event("kernel_connected.Kernel");
    },
    "after a kernel's end": async () => {
      event("kernel_restarting.Kernel");
      await drop();
    },
    "of another kernel": () => {
      event("kernel_disconnected.Kernel", { kernel: {} });
      event("kernel_connected.Kernel");
    },
  };
  for (const [name, told] of Object.entries(NONE)) {
    it(`is no gap ${name}`, async () => {
      const { got } = await listening();
      await told();
      await k._msg_queue;
      assert.isEmpty(got);
    });
  }
});

/** What kernel.js does with what is sent, as far as it matters. */
async function sending() {
  const { manager } = await attachAlive();
  hurry(10);
  /** What the kernel gets. @type {string[]} */
  const wire = [];
  /** @type {Record<string, any>} */
  const callbacks = {};
  /** @type {string[]} */
  const asks = [];
  let connected = true, count = 0;
  const name = (/** @type {string} */ data) => {
    const { header, content } = JSON.parse(data);
    return content.code ?? content.data ?? content.value ?? header.msg_type;
  };
  k._send = (/** @type {string} */ data) => {
    if (connected) wire.push(name(data));
    else k._pending_messages.push(data);
  };
  /** @param {string} msg_type @param {any} content @param {any} [cb] @param {any} [_metadata] @param {any} [_buffers] */
  k.send_shell_message = (msg_type, content, cb, _metadata, _buffers, channel = "shell") => {
    const msg_id = `sent ${++count}`;
    callbacks[msg_id] = cb;
    if (msg_type === "kernel_info_request") asks.push(msg_id);
    k._send(JSON.stringify({ channel, header: { msg_id, msg_type }, content }));
    return msg_id;
  };
  return {
    manager, wire,
    execute: (/** @type {string} */ code) => k.send_shell_message("execute_request", { code }),
    lose: () => {
      connected = false;
      event("kernel_disconnected.Kernel");
    },
    disconnected: () => {
      connected = false;
    },
    back: () => {
      connected = true;
      event("kernel_connected.Kernel");
      while (k._pending_messages.length) wire.push(name(k._pending_messages.shift()));
      k.send_shell_message("kernel_info_request", {});
    },
    /** The kernel of that session answers all that was asked. */
    answer: async (/** @type {string} */ session) => {
      for (const msg_id of asks) await identifyTo(session, msg_id);
      for (const cb of Object.values(callbacks)) cb?.iopub?.status?.({ content: { execution_state: "busy" } });
    },
  };
}

/** What was sent without a connection reaches the kernel that it was meant for, in order, and no other. */
describe("what is sent on comms without a connection", () => {
  /**
   * @typedef {Awaited<ReturnType<typeof sending>>} Sending
   * @typedef {import("../../../web/gocomm.js").Comm} Comm
   * @type {Record<string, {want: string[], then: (s: Sending, comm: Comm) => any}>}
   */
  const CASES = {
    "reaches the same kernel": {
      want: ["comm 1", "2", "comm 2", "kernel_info_request", "3", "comm 3"],
      then: async ({ answer }, comm) => {
        await answer("A");
        comm.send("comm 3");
      },
    },
    "does not reach another kernel": {
      want: ["2", "kernel_info_request", "3"],
      then: async ({ answer }, comm) => {
        await answer("B");
        comm.send("comm 3");
      },
    },
    "reaches a kernel that is at work": {
      want: ["comm 1", "2", "comm 2", "kernel_info_request", "3", "comm 3"],
      then: async ({ wire }, comm) => {
        await until(() => wire.length > 4);
        comm.send("comm 3");
      },
    },
    "reaches a kernel that waits for input": {
      want: ["input", "comm 1", "2", "comm 2", "kernel_info_request", "3"],
      then: async ({ answer }) => {
        k.send_shell_message("input_reply", { value: "input" }, undefined, {}, [], "stdin");
        await answer("A");
      },
    },
    "waits when the connection is lost again": {
      want: [
        "kernel_info_request", "comm 1", "2", "comm 2", "kernel_info_request", "3", "comm 3", "kernel_info_request",
      ],
      then: async ({ lose, back, answer }, comm) => {
        lose();
        comm.send("comm 3");
        back();
        await answer("A");
      },
    },
    "does not reach another kernel when the connection is lost again": {
      want: ["kernel_info_request", "2", "kernel_info_request", "3", "kernel_info_request"],
      then: async ({ lose, back, answer }, comm) => {
        lose();
        comm.send("comm 3");
        back();
        await answer("B");
      },
    },
    "does not reach the kernel after a restart meanwhile": {
      want: ["2", "kernel_info_request", "3", "kernel_info_request"],
      then: async ({ disconnected, back }) => {
        event("kernel_restarting.Kernel");
        disconnected();
        await until(() => k._pending_messages.length === 3);
        back();
      },
    },
    "is sent when all is detached": {
      want: ["comm 1", "2", "comm 2", "kernel_info_request", "3"],
      then: () => detach(),
    },
    "may be too large, and is refused at once": {
      want: ["comm 1", "2", "comm 2", "kernel_info_request", "3"],
      then: async ({ answer }, comm) => {
        assert.throws(() => comm.send("x".repeat(9 << 20)), "more than");
        await answer("A");
      },
    },
  };
  for (const [name, { want, then }] of Object.entries(CASES)) {
    it(name, async () => {
      const s = await sending();
      await status("A");
      const comm = s.manager.new_comm("t", "open"), other = s.manager.new_comm("t", "other");
      s.execute("before");
      s.lose();
      s.execute("1");
      comm.send("comm 1");
      s.execute("2");
      other.close("comm 2");
      s.back();
      s.execute("3");
      assert.deepEqual(s.wire.splice(0), ["open", "other", "before", "kernel_info_request", "1"]);
      await then(s, comm);
      assert.deepEqual(s.wire, want);
    });
  }
});
