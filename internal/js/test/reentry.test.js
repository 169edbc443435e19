// While a JavaScript handler runs, Go is on the stack: whatever the handler does enters Go again.

import { assert } from "chai";

import {
  attach, commClose, commMsg, commOpen, deliver, errors, kernel, left, now, program, sent, stock, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** @typedef {import("../../../web/gocomm.js").Comm} Comm */

describe("what enters Go again", () => {
  it("may be anything that a handler does", async () => {
    const manager = await attach("probe");
    /** @type {string[]} */
    const order = [];
    const hook = (/** @type {Comm} */ comm, /** @type {string} */ name) => {
      comm.on_msg((m) => order.push(`${name} ${m.content.data}`));
      comm.on_close(() => order.push(`${name} closed`));
    };
    manager.register_target("inner", (comm) => {
      order.push("inner open");
      hook(comm, "inner");
    });
    manager.register_target("outer", (comm) => {
      order.push("outer open");
      comm.on_msg(() => {
        now(commOpen("i1", "inner"));
        now(commMsg("i1", "delivered within"));
        now(commOpen("held", "registered later"));
        now(commMsg("held", "was held"));
        manager.register_target("registered later", (c) => {
          order.push("held open");
          hook(c, "held");
        });
        manager.unregister_target("registered later");
        const opened = manager.new_comm("kernel-side", { from: "handler" }, undefined, undefined, "n1");
        hook(opened, "new");
        now(commMsg("n1", "answer"));
        now(commOpen("echo", "probe.echo"));
        now(commMsg("echo", 1));
        comm.send("from within");
        now(commClose("i1"));
        manager.unregister_comm(opened);
        comm.close();
        order.push("outer done");
      });
      now(commMsg("o1", "while it opens"));
    });
    now(commOpen("o1", "outer"));
    order.push("back");
    now(commClose("held"));
    await until(() => sent("echo").length === 1);
    assert.deepEqual(order, [
      "outer open", "inner open", "inner delivered within", "held open", "held was held", "new answer", "inner closed",
      "outer done", "back", "held closed",
    ]);
    assert.isEmpty(errors());
    const out = kernel.sent.map((m) => `${m.type} ${m.content.comm_id}`);
    assert.deepEqual(out, ["comm_open n1", "comm_msg o1", "comm_close o1", "comm_msg echo"]);
    const { slots, routes } = left(program("probe"));
    assert.deepEqual({ slots, routes }, { slots: 0, routes: 1 });
  });

  it("may be the kernel object within a send, and the page's console", async () => {
    await attach("probe");
    let within = 0;
    kernel.onsend = (m) => {
      if (m.content.comm_id !== "c1" || within++) return;
      now(commOpen("c2", "probe.echo"));
      now(commMsg("c2", "from send"));
      now(commMsg("c1", "from send, too"));
      now(commClose("c1"));
    };
    const { error } = console;
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1", "first"));
    await until(() => sent("c2").length === 1);
    console.error = (...args) => {
      error(...args);
      console.error = error;
      now(commOpen("c3", "probe.echo"));
      now(commMsg("c3", "from the console"));
    };
    deliver(commOpen("c4", "probe.panics"));
    deliver(commMsg("c4"));
    await until(() => sent("c3").length === 1);
    assert.lengthOf(sent("c1"), 1, "c1 was closed within its send");
    assert.equal(sent("c2")[0].content.data, "from send");
    assert.equal(sent("c3")[0].content.data, "from the console");
  });

  // Go gives numbers of ended comms to new ones.
  it("for a comm that has ended does not reach the one that has its number", async () => {
    const manager = await attach("commmgr");
    /** @type {string[]} */
    const order = [];
    const target = (/** @type {string} */ name) => (/** @type {Comm} */ comm) => {
      order.push(`${name} open ${comm.comm_id}`);
      comm.on_msg((m) => order.push(`${name} ${comm.comm_id} ${m.content.data}`));
      comm.on_close(() => order.push(`${name} closed ${comm.comm_id}`));
    };
    manager.register_target("good", target("good"));
    for (const id of ["h1", "h2"]) { // held, and closed by the kernel while they are
      now(commOpen(id, "late"));
      now(commMsg(id, `for ${id}`));
      now(commClose(id));
    }
    now(commOpen("g1", "good"));
    now(commOpen("g2", "good"));
    manager.register_target("late", target("late"));
    now(commMsg("g1", "a"));
    now(commMsg("g2", "b"));

    now(commOpen("h3", "later")); // closed by the kernel while its handler catches up
    manager.register_target("later", (comm) => {
      target("later")(comm);
      now(commClose("h3"));
      now(commOpen("g3", "good"));
    });
    now(commMsg("g3", "c"));
    now(commClose("g3"));
    assert.equal(left(program("commmgr")).slots, 0);
    assert.deepEqual(Object.keys(stock.comms), ["g1", "g2"]);
    assert.deepEqual(order, [
      "good open g1", "good open g2",
      "late open h1", "late h1 for h1", "late closed h1", "late open h2", "late h2 for h2", "late closed h2",
      "good g1 a", "good g2 b",
      "later open h3", "later closed h3", "good open g3", "good g3 c", "good closed g3",
    ]);
  });
});
