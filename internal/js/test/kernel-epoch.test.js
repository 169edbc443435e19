// The end of a kernel, as a page learns of it: web/comms/kernel-epoch.js.

import { assert } from "chai";

import {
  StockComm, attach, commMsg, commOpen, deliver, detach, errors, hub, kernel, left, lines, message, now, pending, program,
  sent, stock, until,
} from "./kernel-page.js";
import { attachAlive, event, from, handlers, giveLife, identify, status } from "./life.js";
import { describe, it } from "./testing.js";

const GONE = "its kernel was restarted, changed or shut down";

/** Each kernel is one epoch, whatever tells of it, and in which order. @type {Record<string, {epochs: number, told: () => any}>} */
const EPOCHS = {
  "a restart here": { epochs: 1, told: async () => {
    await status("A");
    event("kernel_restarting.Kernel");
    event("kernel_killed.Session");
    event("kernel_dead.Kernel");
    event("kernel_connected.Kernel");
    await status("B", "starting");
    event("kernel_ready.Kernel");
    await status("B");
  } },
  "a restart elsewhere, known by the session alone": { epochs: 1, told: async () => {
    await status("A");
    await status("A");
    await status("B", "starting");
    await identify("B");
    await status("B");
  } },
  "a restart elsewhere, the one before still heard of": { epochs: 1, told: async () => {
    await status("A");
    await status("B", "starting");
    await identify("B");
    for (let n = 0; n < 2; n++) {
      await status("A", "idle");
      await status("B");
    }
  } },
  "a restart elsewhere, and another": { epochs: 2, told: async () => {
    await status("A");
    for (const session of ["B", "C"]) {
      await status(session);
      await identify(session);
    }
    await status("C");
  } },
  "a restart elsewhere, announced": { epochs: 1, told: async () => {
    await status("A");
    await deliver(from("A", message("shutdown_reply", { restart: true })));
    assert.equal(hub().epoch.count, 1, "not heard");
    await status("A");
    await status("B");
  } },
  "another kernel's shutdown": { epochs: 0, told: async () => {
    await status("B");
    await deliver(from("A", message("shutdown_reply", { restart: true })));
  } },
  "a death": { epochs: 1, told: async () => {
    await status("A");
    await status(kernel.session_id, "restarting");
    event("kernel_restarting.Kernel");
    event("kernel_autorestarting.Kernel");
    await status("B", "starting");
    event("kernel_ready.Kernel");
  } },
  "two deaths": { epochs: 2, told: async () => {
    await status("A");
    event("kernel_restarting.Kernel");
    await status("B");
    event("kernel_restarting.Kernel");
    await status("C");
  } },
  "two restarts, the first one's kernel connected only": { epochs: 2, told: () => {
    event("kernel_restarting.Kernel");
    event("kernel_connected.Kernel");
    event("kernel_restarting.Kernel");
  } },
  "a change while there is no connection": { epochs: 1, told: async () => {
    await status("A");
    event("kernel_created.Session", { session: { kernel_model: { id: "id 2" } } });
    await status("B");
  } },
  "the same kernel again": { epochs: 0, told: async () => {
    await status("A");
    event("kernel_created.Session", { session: { kernel_model: { id: "id 1" } } });
    event("kernel_connected.Kernel");
    await status("A");
  } },
  "another kernel object's": { epochs: 0, told: () => {
    event("kernel_restarting.Kernel", { kernel: {} });
    event("kernel_created.Session", { kernel: {}, session: { kernel_model: { id: "id 2" } } });
  } },
  "the server's own messages": { epochs: 0, told: async () => {
    await status("A");
    await status(kernel.session_id, "busy");
    await status("A");
  } },
  "a kernel that copies the request's session": { epochs: 0, told: async () => {
    for (const session of ["this page", "another page", "this page"]) {
      await deliver({ ...from(session, message("status", {})), parent_header: { session } });
    }
  } },
  "a kernel with several sessions at once": { epochs: 0, told: async () => {
    for (const session of ["A", "B", "A", "C", "B", "A", "C"]) await status(session);
  } },
  "one that says more in another session before it answers": { epochs: 0, told: async () => {
    await status("A");
    for (let n = 0; n < 9; n++) await status("B");
    await identify("A");
    await status("B");
  } },
  "messages without a session": { epochs: 0, told: async () => {
    await status("A");
    await status(undefined);
    await deliver(/** @type {any} */ ({ header: { msg_type: "status" }, content: {} }));
  } },
  "an interrupt": { epochs: 0, told: async () => {
    await status("A");
    event("kernel_interrupting.Kernel");
    await status("A", "idle");
  } },
};

describe("the end of a kernel", () => {
  for (const [name, { epochs, told }] of Object.entries(EPOCHS)) {
    it(`is told ${epochs} times by ${name}`, async () => {
      const { epoch } = await attachAlive();
      await told();
      assert.equal(epoch.count, epochs);
    });
  }

  it("ends its comms once, and the kernel is not told", async () => {
    const heard = new Set();
    kernel.events = { on: (/** @type {any} */ _, /** @type {any} */ f) => heard.add(f), off: (/** @type {any} */ _, /** @type {any} */ f) => heard.delete(f) };
    const fire = (/** @type {any} */ kernel) => heard.forEach((f) => f({}, { kernel }));
    /** @type {any} */ (kernel)._pending_messages = [
      json("execute_request"), json("comm_msg"), frame("comm_msg", 1), frame("comm_open", 3), frame("custom", 2),
      json("comm_info_request"), json("comm_close"),
    ];
    const manager = await attach("probe");
    let closed = 0;
    deliver(commOpen("go", "probe.echo"));
    deliver(commMsg("go", 1));
    deliver(commOpen("held", "nobody"));
    manager.register_target("js", (comm) => comm.on_close(() => closed++));
    await deliver(commOpen("js", "js"));
    const comm = manager.new_comm("kernel-side"), other = manager.new_comm("kernel-side");
    other.close();
    await until(() => sent("go").length === 1);
    fire({}); // another kernel's
    assert.notEqual(comm.send("alive"), "");
    const before = kernel.sent.length;
    fire(kernel);
    fire(kernel);
    /** @type {string[]} */
    const states = [];
    const late = comm.send("late", { iopub: { status: (m) => void states.push(`${m.parent_header.msg_id} ${m.content.execution_state}`) } });
    assert.match(late, /^[0-9a-f]{32}$/);
    assert.match(comm.close(), /^[0-9a-f]{32}$/);
    assert.match(other.send("late"), /^[0-9a-f]{32}$/, "a comm that was closed before");
    await until(() => states.length > 0);
    assert.deepEqual(states, [`${late} idle`]);
    assert.lengthOf(lines.filter((l) => l.text.includes(`${GONE}; nothing is sent; open a new comm`)), 2);
    const logged = () => lines.filter((l) => l.text.startsWith("probe: closed go"));
    await until(() => logged().length > 0);
    await deliver(commOpen("go", "probe.echo")); // the next kernel's
    deliver(commMsg("go", "next"));
    await until(() => sent("go").length === 2);

    assert.lengthOf(logged(), 1);
    assert.equal(closed, 0, "on_close would take widgets off the page");
    const waits = /** @type {any} */ (kernel)._pending_messages
      .map((/** @type {any} */ m) => (typeof m === "string" ? JSON.parse(m).header.msg_type : "frame"));
    assert.deepEqual(waits, ["execute_request", "frame", "comm_info_request"]);
    assert.equal(kernel.sent.length - before, 1, "the echo of the next kernel's comm");
    assert.isEmpty(stock.comms);
    assert.equal(pending(), 0, "the open that was held");
    const { slots, routes } = left(program("probe"));
    assert.deepEqual({ slots, routes }, { slots: 0, routes: 1 });
    detach();
    assert.equal(heard.size, 0, "it still listens");
  });

  it("leaves what waits for a connection and is the page's own manager's", async () => {
    giveLife();
    const pendings = ["stock's", "ours", "closed"];
    /** @type {any} */ (kernel)._pending_messages = pendings
      .map((comm_id) => JSON.stringify({ header: { msg_type: "comm_msg" }, content: { comm_id } }));
    stock.register_comm(new StockComm("t", "stock's"));
    const manager = await attach("probe", {}, { mode: "beside" });
    manager.register_comm(new StockComm("t", "ours"));
    event("kernel_restarting.Kernel");
    const waits = /** @type {any} */ (kernel)._pending_messages.map((/** @type {string} */ m) => JSON.parse(m).content.comm_id);
    assert.deepEqual(waits, ["stock's"]);
    assert.isNotEmpty(handlers);
  });

  /** @type {Record<string, {want: string[], told: (opens: (session: string, id: string) => any) => any}>} */
  const LATE = {
    "after a restart": { want: ["next", "more"], told: async (opens) => {
      event("kernel_restarting.Kernel");
      await opens("A", "late");
      event("kernel_connected.Kernel");
      await opens("A", "replayed");
      await status("A");
      await opens("B", "next");
      await status("B");
      await opens("B", "more");
    } },
    "after a kernel was taken for dead that lives": { want: ["lives"], told: async (opens) => {
      event("kernel_dead.Kernel");
      await opens("A", "late");
      event("kernel_connected.Kernel");
      event("kernel_ready.Kernel");
      await opens("A", "lives");
      await status("A");
    } },
    "while programs load": { want: ["next"], told: async (opens) => {
      const arrived = hub().expect(/** @type {any} */ ({ name: "another" }));
      await opens("A", "waits");
      event("kernel_restarting.Kernel");
      await opens("B", "next");
      arrived();
    } },
  };
  for (const [name, { want, told }] of Object.entries(LATE)) {
    it(`takes its late opens along: ${name}`, async () => {
      const { manager } = await attachAlive();
      /** @type {string[]} */
      const got = [];
      manager.register_target("js", (comm) => void got.push(comm.comm_id));
      await status("A");
      await told((session, id) => deliver(from(session, commOpen(id, "js"))));
      assert.deepEqual(got, want);
    });
  }
});

describe("a target with closeWithKernel", () => {
  it("has on_close called when the messages before are handled; whatever it does is its own affair", async () => {
    const { manager } = await attachAlive();
    /** @type {any[]} */
    const closed = [];
    let reason = "", opened = () => {};
    /** @param {string} name @param {Promise<any>} [opening] @returns {import("../../../web/gocomm.js").OpenFunction} */
    const target = (name, opening) => (comm) => {
      comm.on_close((msg) => {
        closed.push(name);
        reason = msg.content.data.reason;
      });
      return opening;
    };
    const closeWithKernel = { closeWithKernel: true };
    manager.register_target("plain", target("plain"));
    manager.register_target("asks", target("asks"), closeWithKernel);
    const slow = new Promise((resolve) => (opened = () => resolve(undefined)));
    manager.register_target("opens slowly", target("opens slowly", slow), closeWithKernel);
    manager.register_target("asks no more", target("asks no more"), closeWithKernel);
    manager.register_target("asks no more", target("asks no more"));
    manager.register_target("throws", (comm) => comm.on_close(() => {
      throw new Error("its own");
    }), closeWithKernel);
    manager.register_target("rejects", (comm) => comm.on_close(() => Promise.reject(new Error("its own"))), closeWithKernel);
    for (const name of Object.keys(manager.targets)) now(commOpen(name, name));
    // Foreign objects: one more for a comm, one from before gocomm, one that the page has made.
    const foreign = [new StockComm("plain", "plain"), new StockComm("front", "before"), new StockComm("front", "front")];
    manager.register_comm(foreign[0]);
    stock.comms.before = Promise.resolve(foreign[1]);
    foreign[1].kernel = kernel;
    manager.register_comm(foreign[2]);
    event("kernel_restarting.Kernel");
    await until(() => closed.length === 1);
    opened();
    await until(() => closed.length === 2 && errors().length === 2);
    const before = kernel.sent.length;
    for (const comm of foreign) {
      comm.send("late");
      comm.close();
      const said = lines.filter((l) => l.text.startsWith(`gocomm: comm_msg: comm ${comm.comm_id} (target `));
      assert.lengthOf(said, 1);
      assert.include(said[0].text, `${GONE}; nothing is sent; open a new comm`);
    }
    assert.lengthOf(kernel.sent, before, "sent");
    // Taken up again, it is as new.
    manager.register_comm(foreign[2]);
    foreign[2].open();
    foreign[2].on_msg((msg) => closed.push(msg.content.data));
    await deliver(commMsg("front", "again"));
    assert.deepEqual(closed, ["asks", "opens slowly", "again"]);
    assert.include(reason, GONE);
    assert.lengthOf(errors(), 2);
    assert.include(errors().join(), "comm throws (target throws)");
    assert.include(errors().join(), "comm rejects (target rejects)");
    assert.lengthOf(kernel.sent, before + 1);
    assert.notInclude(Object.keys(foreign[2]), "send");
    assert.isUndefined(stock.comms.before);
  });
});

const json = (/** @type {string} */ type) => JSON.stringify({ header: { msg_type: type } });

/** A message as the kernel object holds it for the websocket, of n parts: JSON, and buffers of 3 bytes. @param {string} type @param {number} n */
function frame(type, n) {
  const text = new TextEncoder().encode(json(type)), bytes = new Uint8Array(4 + 4 * n + text.length + 3 * (n - 1));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, n);
  for (let i = 0; i < n; i++) view.setUint32(4 * (i + 1), 4 + 4 * n + (i > 0 ? text.length + 3 * (i - 1) : 0));
  bytes.set(text, 4 + 4 * n);
  return bytes.buffer;
}
