// The comm manager and the comms that other scripts on the page hold: web/comms/comm-manager.js and comm.js.

import { assert } from "chai";

import {
  StockComm, attach, commClose, commMsg, commOpen, deliver, kernel, left, pending, program, stock, thrown,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

const NOTHING_LEFT = { slots: 0, lost: 0, routes: 0 };

describe("the manager of a program in the stock manager's place", () => {
  it("has the methods, arities and tables of classic's", async () => {
    stock.register_target("before", () => {});
    const manager = await attach("commmgr");
    const f = () => {};
    assert.isUndefined(manager.register_target("js", f));
    assert.isUndefined(stock.unregister_target("js"));
    assert.isUndefined(manager.unregister_target("nobody's"));
    /** @type {any} */ (manager).init_kernel(kernel);
    stock.register_target("through stock", f);
    const comm = manager.new_comm("kernel-side");

    assert.equal(comm.kernel, kernel);
    assert.equal(manager.kernel, kernel);
    assert.equal(kernel.comm_manager, manager);
    assert.equal(manager.targets, stock.targets);
    assert.isFunction(manager.targets.before);
    assert.equal(manager.targets["through stock"], f);
    assert.notProperty(manager.targets, "js");
    assert.equal(manager.comms, stock.comms);
    assert.equal(await manager.comms[comm.comm_id], comm);
    assert.equal(stock.new_comm("kernel-side").constructor, comm.constructor, "who captured the stock manager gets the same");
    assert.deepEqual([manager.new_comm.length, comm.close.length, manager.register_target.length], [6, 4, 2]);
    assert.sameMembers(Object.keys(comm), ["_close_callback", "_msg_callback", "comm_id", "kernel", "target_name"]);
  });

  it("sends what classic's comms send", async () => {
    const manager = await attach("commmgr");
    const callbacks = { iopub: {} };
    const view = new Uint8Array(Uint8Array.from({ length: 1000 }, (_, i) => i).buffer, 8, 4);
    const comm = manager.new_comm("target", 0, callbacks, { version: 1 }, "c1", [view]);
    assert.equal(comm.send(null), "sent-1");
    const buffers = [view, new DataView(view.buffer, 990), new ArrayBuffer(3)];
    assert.equal(comm.send("text", callbacks, { m: 1 }, buffers), "sent-2");
    assert.equal(comm.close(false), "sent-3");

    assert.deepEqual(kernel.sent.map((m) => [m.type, m.content.data, m.metadata, m.callbacks === callbacks]), [
      ["comm_open", {}, { version: 1 }, true],
      ["comm_msg", {}, undefined, false],
      ["comm_msg", "text", { m: 1 }, true],
      ["comm_close", {}, undefined, false],
    ]);
    // The kernel object sends the whole buffer under a view.
    const travels = [kernel.sent[0], kernel.sent[2]].flatMap((m) => m.buffers ?? []).map((b) => b.buffer ?? b);
    assert.deepEqual(travels.map((b) => b.byteLength), [4, 4, 10, 3]);
    assert.deepEqual([...new Uint8Array(travels[1])], [8, 9, 10, 11]);
    assert.deepEqual(left(program("commmgr")), NOTHING_LEFT);
    assert.isEmpty(stock.comms);
  });

  it("throws for what cannot be sent, and leaves nothing of it", async () => {
    const manager = await attach("commmgr");
    const comm = manager.new_comm("target", {}, undefined, undefined, "c1");
    assert.include(thrown(() => manager.new_comm("target", {}, undefined, undefined, "c1")), "the comm id is in use");
    assert.include(thrown(() => manager.new_comm("target", {}, undefined, undefined, "__proto__")), "bad name");
    kernel.onsend = () => {
      throw new Error("not connected");
    };
    assert.equal(thrown(() => manager.new_comm("target", {}, undefined, undefined, "c2")), "not connected");
    assert.equal(thrown(() => comm.close()), "not connected");
    kernel.onsend = undefined;
    assert.equal(comm.close(), "sent-1", "the comm was open after its close could not be sent");
    const late = thrown(() => comm.send({}));
    assert.include(late, "gocomm: comm_msg: comm c1 (target target): ");
    assert.include(late, "open a new comm");
    assert.equal(comm.close(), "", "closed twice");

    assert.deepEqual(kernel.sent.map((m) => m.type), ["comm_open", "comm_close"]);
    assert.deepEqual(left(program("commmgr")), NOTHING_LEFT);
    assert.isEmpty(stock.comms);
  });

  it("takes comm objects of other modules", async () => {
    const manager = await attach("commmgr");
    /** @type {string[]} */
    const events = [];
    const make = (/** @type {string} */ id) => {
      const comm = new StockComm("theirs", id);
      comm.on_msg((m) => events.push(`${id} ${m.content.data}`));
      comm.on_close(() => events.push(`${id} closed`));
      return comm;
    };
    const first = make("f1"), second = make("f2");
    assert.equal(manager.register_comm(first), "f1");
    stock.register_comm(second);
    assert.equal(first.kernel, kernel);
    assert.isEmpty(kernel.sent, "registering sends nothing");

    assert.equal(await manager.comm_msg(commMsg("f1", 1)), /** @type {any} */ (first));
    await deliver(commMsg("f2", 2));
    await manager.comm_close(commClose("f1"));
    manager.unregister_comm(second);
    manager.unregister_comm(second);
    await deliver(commMsg("f2", 3)); // reported as unknown
    assert.deepEqual(events, ["f1 1", "f2 2", "f1 closed"]);

    assert.isUndefined(await manager.comm_open(commOpen("u", "unknown")));
    assert.isUndefined(await manager.comm_msg(commMsg("nowhere")));
    assert.deepEqual(left(program("commmgr")), NOTHING_LEFT);
    assert.equal(pending(), 1, "u, whose target is unknown");
    assert.isEmpty(stock.comms);
  });

  it("does not take a target from Go", async () => {
    const manager = await attach("probe");
    const refused = thrown(() => manager.register_target("probe.echo", () => {}));
    assert.equal(refused, `gocomm: register_target: "probe.echo" is a target of probe.wasm`);
  });
});
