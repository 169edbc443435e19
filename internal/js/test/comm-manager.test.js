// The comm manager and the comms that other scripts on the page hold: web/comms/comm-manager.js and comm.js.

import { assert } from "chai";

import {
  StockComm, attach, commClose, commMsg, commOpen, deliver, errors, hub, kernel, left, lines, pending, program, sent, stock, thrown, until,
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
    assert.include(thrown(() => manager.new_comm("target", {}, undefined, undefined, "__proto__")), "bad name");
    kernel.onsend = () => {
      throw new Error("not connected");
    };
    assert.equal(thrown(() => manager.new_comm("target", {}, undefined, undefined, "c2")), "not connected");
    assert.equal(thrown(() => comm.close()), "not connected");
    kernel.onsend = undefined;
    assert.equal(comm.close(), "sent-1", "the comm was open after its close could not be sent");

    assert.deepEqual(kernel.sent.map((m) => m.type), ["comm_open", "comm_close"]);
    assert.deepEqual(left(program("commmgr")), NOTHING_LEFT);
    assert.isEmpty(stock.comms);
  });

  it("throws for the name that no table can have, and for the id of a comm of Go's", async () => {
    const manager = await attach("probe");
    deliver(commOpen("go", "probe.echo"));
    await until(() => hub().routes.has("go"));
    const refused = ["__proto__", "go"].map((id) => thrown(() => manager.new_comm("t", {}, undefined, undefined, id)));
    assert.include(refused[0], "a name that every JavaScript object has");
    assert.include(refused[1], "the comm id is in use");
    assert.isEmpty(kernel.sent);
  });

  for (const make of ["of ours", "of services/kernels/comm"]) it(`sends on comms ${make} that have ended as the stock manager does`, async () => {
    const manager = await attach("commmgr");
    /** @param {string} id @returns {any} */
    const opened = (id) => {
      if (make === "of ours") return manager.new_comm("target", {}, undefined, undefined, id);
      const comm = new StockComm("target", id);
      manager.register_comm(comm);
      comm.open();
      return comm;
    };
    const here = opened("here"), there = opened("there"), out = opened("out");
    here.close();
    await deliver(commClose("there"));
    manager.unregister_comm(out);
    if (make === "of ours") manager.unregister_comm(out);
    kernel.sent.length = 0;
    const callbacks = { iopub: { status() {} } };
    assert.equal(here.send("a", callbacks), "sent-0");
    assert.equal(here.send("b"), "sent-1");
    assert.equal(here.close(), "sent-2");
    assert.equal(there.close("late"), "sent-3");
    assert.equal(there.send("c"), "sent-4");
    assert.equal(out.send("d"), "sent-5");

    assert.deepEqual(kernel.sent.map((m) => [m.content.comm_id, m.type, m.content.data]), [
      ["here", "comm_msg", "a"], ["here", "comm_msg", "b"], ["here", "comm_close", {}],
      ["there", "comm_close", "late"], ["there", "comm_msg", "c"], ["out", "comm_msg", "d"],
    ]);
    assert.equal(kernel.sent[0].callbacks, callbacks);
    const said = lines.map((l) => l.text).filter((text) => text.startsWith("gocomm: "));
    const rest = "; the kernel gets the message all the same; open a new comm (this is said once for a comm)";
    assert.deepEqual(said.slice(0, 2), [
      `gocomm: comm_msg: comm here (target target): closed by this page${rest}`,
      `gocomm: comm_close: comm there (target target): closed by the kernel${rest}`,
    ]);
    assert.lengthOf(said, make === "of ours" ? 3 : 2, "one that was taken out and is of foreign make has its own methods");
    assert.isEmpty(stock.comms);
    // Opened again, it is as new.
    /** @type {any[]} */
    const got = [];
    here.on_msg((/** @type {any} */ m) => void got.push(m.content.data));
    here.open();
    assert.equal(await manager.comms.here, here);
    await deliver(commMsg("here", "again"));
    here.send("e");
    assert.deepEqual(got, ["again"]);
    assert.lengthOf(lines.filter((l) => l.text.startsWith("gocomm: ")), said.length);
    assert.isTrue(hub().routes.has("here"));
  });

  it("has the newest of comms under one id found, and hears no older one", async () => {
    const manager = await attach("commmgr");
    /** @type {string[]} */
    const log = [];
    const open = (/** @type {string} */ name, /** @type {any} */ data) => {
      const comm = manager.new_comm("fixed", data, undefined, undefined, "fixed");
      comm.on_msg((m) => void log.push(`${name} ${m.content.data}`));
      return comm;
    };
    const a = open("a", 1), b = open("b", 2);
    assert.equal(await manager.comms.fixed, b);
    await deliver(commMsg("fixed", "x"));
    b.send("of b");
    a.send("of a");
    kernel.onsend = () => {
      throw new Error("not connected");
    };
    assert.equal(thrown(() => open("c", {})), "not connected");
    kernel.onsend = undefined;
    assert.equal(await manager.comms.fixed, b);
    await deliver(commMsg("fixed", "y"));
    manager.unregister_comm(a);
    assert.equal(await manager.comms.fixed, b);
    const d = open("d", 3);
    await deliver(commMsg("fixed", "z"));
    d.close();

    assert.deepEqual(log, ["b x", "b y", "d z"]);
    assert.deepEqual(kernel.sent.map((m) => [m.type, m.content.data]), [
      ["comm_open", 1], ["comm_open", 2], ["comm_msg", "of b"], ["comm_msg", "of a"], ["comm_open", 3], ["comm_close", {}],
    ]);
    assert.isEmpty(stock.comms);
    assert.deepEqual(left(program("commmgr")), NOTHING_LEFT);
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
    assert.isUndefined(manager.register_target("probe.echo", () => {}));
    assert.deepEqual(errors(), [`gocomm: register_target: "probe.echo" is a target of probe.wasm, which keeps it; register another name`]);
    await deliver(commOpen("c1", "probe.echo"));
    await deliver(commMsg("c1", "Go's"));
    await until(() => sent("c1").length === 1);
  });
});
