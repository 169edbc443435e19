// Managers of programs, and who has a comm: web/comms/comm-manager.js, hub.js, foreign-comms.js.

import { assert } from "chai";

import {
  StockComm, attach, commClose, commMsg, commOpen, deliver, detach, errors, hub, kernel, kill, left, program, sent, stock,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** @typedef {import("../../../web/gocomm.js").Comm} Comm */

describe("a manager beside the page's own", () => {
  it("has its own tables, and targets that no other manager takes", async () => {
    const first = await attach("commmgr", {}, { mode: "beside" });
    const second = await attach("probe", {}, { mode: "beside" });
    assert.equal(kernel.comm_manager, stock);
    assert.notEqual(first, second);
    /** @type {string[]} */
    const log = [];
    const target = (/** @type {string} */ who) => (/** @type {Comm} */ comm) => {
      log.push(`${who} opened`);
      comm.on_msg((m) => {
        log.push(`${who} ${m.content.data}`);
        comm.send("back");
      });
    };
    stock.register_target("t", target("stock"));
    first.register_target("t", target("first"));
    first.register_target("t", target("again"));
    second.register_target("t", target("second"));
    assert.deepEqual(errors(), [`gocomm: register_target: "t" is a target of commmgr.wasm, which keeps it; register another name`]);
    second.unregister_target("t"); // is not its own
    await deliver(commOpen("c1", "t"));
    await deliver(commMsg("c1", 1));
    const comm = first.new_comm("kernel-side");
    assert.deepEqual(Object.keys(first.targets), ["t"]);
    assert.sameMembers(Object.keys(first.comms), ["c1", comm.comm_id]);
    assert.lengthOf(sent("c1"), 1);
    assert.lengthOf(sent(comm.comm_id, "comm_open"), 1);
    assert.notProperty(stock.comms, "c1");
    first.unregister_target("t");
    await deliver(commOpen("c2", "t"));
    assert.deepEqual(log, ["again opened", "again 1", "stock opened"]);
    assert.deepEqual(stock.log, ["open c2"]);
  });

  it("does not give scripts a target of its program's Go", async () => {
    const manager = await attach("probe", {}, { mode: "beside" });
    manager.register_target("probe.echo", () => {});
    assert.deepEqual(errors(), [`gocomm: register_target: "probe.echo" is a target of probe.wasm, which keeps it; register another name`]);
  });

  for (const [name, end] of Object.entries({
    "it is detached": () => detach(),
    "its program has died too often": async () => {
      for (let n = 0; n < 4; n++) await kill();
      assert.isUndefined(hub(), "it was started a fourth time");
    },
  })) {
    it(`leaves what scripts have with it to the page's own when ${name}`, async () => {
      /** @type {any[]} */
      const log = [];
      const manager = await attach("probe", {}, { mode: "beside" });
      /** @type {Comm[]} */
      const comms = [];
      const listen = (/** @type {Comm} */ comm) => comm.on_msg((m) => void log.push(m.content.data));
      manager.register_target("t", (comm) => {
        comms.push(comm);
        listen(comm);
      });
      await deliver(commOpen("c1", "t"));
      const opened = manager.new_comm("kernel-side");
      listen(opened);
      await end();
      await deliver(commMsg("c1", 1));
      await deliver(commMsg(opened.comm_id, 2));
      await deliver(commOpen("c2", "t"));
      await deliver(commMsg("c2", 3));
      comms[1].send("still open"); // c2's, which the page's own manager opened
      manager.new_comm("kernel-side").send("and new ones");
      assert.deepEqual(log, [1, 2, 3]);
      assert.equal(manager.comms, stock.comms);
      assert.equal(manager.targets, stock.targets);
      assert.deepEqual(kernel.sent.slice(-3).map((m) => m.type), ["comm_msg", "comm_open", "comm_msg"]);
    });
  }
});

describe("a comm's objects", () => {
  it("each get its messages, and the newest is the one that others find", async () => {
    const manager = await attach("commmgr");
    /** @type {string[]} */
    const log = [];
    const objects = [1, 2, 3].map((n) => {
      const comm = new StockComm("theirs", "c1");
      comm.handle_msg = (m) => {
        log.push(`${n} ${m.content.data}`);
        if (n === 2) throw new Error("the second's own");
      };
      comm.on_close(() => void log.push(`${n} closed`));
      return comm;
    });
    const newest = async () => objects.indexOf(await stock.comms.c1);
    for (const n of [0, 1, 2, 1]) {
      manager.register_comm(objects[n]);
      assert.equal(await newest(), n);
    }
    await deliver(commMsg("c1", "all"));
    manager.unregister_comm(objects[2]);
    assert.equal(await newest(), 1);
    manager.unregister_comm(new StockComm("theirs", "another"));
    await deliver(commMsg("c1", "two"));
    manager.unregister_comm(objects[0]);
    assert.equal(await newest(), 1);
    await deliver(commMsg("c1", "one"));
    manager.register_comm(objects[0]);
    await deliver(commClose("c1"));
    assert.deepEqual(log, ["1 all", "2 all", "3 all", "1 two", "2 two", "2 one", "2 closed", "1 closed"]);
    assert.deepEqual(left(program("commmgr")), { slots: 0, lost: 0, routes: 0 });
  });

  it("may come for a comm whose target nobody has registered", async () => {
    const manager = await attach("commmgr");
    /** @type {string[]} */
    const log = [];
    await deliver(commOpen("c1", "nobody"));
    await deliver(commMsg("c1", "held"));
    const comm = new StockComm("nobody", "c1");
    comm.on_msg((m) => void log.push(m.content.data));
    manager.register_comm(comm);
    await deliver(commMsg("c1", "then"));
    assert.deepEqual(log, ["then"]);
    assert.isEmpty(kernel.sent);
    const { slots, routes } = left(program("commmgr"));
    assert.deepEqual({ slots, routes }, { slots: 0, routes: 1 });
  });
});

describe("stallLimit", () => {
  for (const stallLimit of [0, -1, "10", NaN, Infinity, 1e10]) {
    it(`is no ${typeof stallLimit} ${stallLimit}`, async () => {
      const refused = await attach("commmgr", {}, { stallLimit: /** @type {any} */ (stallLimit) })
        .then(() => "nothing", (e) => e.message);
      assert.include(refused, "gocomm: attach: stallLimit is a number of milliseconds, not ");
    });
  }

  it("is how long the promise of a handler holds the kernel's queue", async () => {
    const manager = await attach("commmgr", {}, { stallLimit: 50 });
    manager.register_target("js", (comm) => comm.on_msg(() => new Promise(() => {})));
    await deliver(commOpen("c1", "js"));
    await deliver(commMsg("c1"));
    const stalled = "gocomm: comm c1 (target js): its handler's promise has not settled for 0.05 s; other messages go on without it";
    assert.deepEqual(errors(), [stalled]);
  });
});
