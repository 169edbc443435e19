// Several programs on a page: what they share, and what they do not.

import { assert } from "chai";

import { attach, commMsg, commOpen, deliver, hub, kernel, sent, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("two programs", () => {
  it("have one global, a symbol of gocomm's, and leave the page's own alone", async () => {
    /** @type {any} */
    const page = globalThis;
    const fs = page.fs = {};
    const before = new Set(Reflect.ownKeys(globalThis));
    await attach("probe", { prefix: "one." });
    await attach("probe", { prefix: "two." }, { mode: "beside" });
    await attach("cookbook", {}, { mode: "beside" });
    for (const n of ["one", "two"]) {
      deliver(commOpen(n, `${n}.echo`));
      deliver(commMsg(n, n));
    }
    deliver(commOpen("three", "my_comm_target"));
    await until(() => sent("one").length && sent("two").length && sent("three").length);
    deliver(commOpen("four", "one.block"));
    deliver(commMsg("four", 5)); // links time, which wants fs
    await until(() => sent("four").length);
    assert.deepEqual(Reflect.ownKeys(globalThis).filter((k) => !before.has(k)), [Symbol.for("gocomm.programs.1")], "until they are taken off");
    assert.equal(page.fs, fs);
    assert.isEmpty(fs);
    assert.deepEqual(["one", "two", "three"].map((id) => sent(id)[0].content.data), ["one", "two", { foo: 0 }]);
  });

  it("do not share a target", async () => {
    await attach("probe");
    const refused = await attach("probe", {}, { mode: "beside" }).then(() => "it was attached", (e) => e.message);
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1", 1));
    deliver(commMsg("c1", "end"));
    await until(() => sent("c1").at(-1)?.content.data === "end");
    assert.include(refused, "gocomm: probe.wasm could not be loaded");
    assert.include(refused, "the target is taken by another program");
    assert.deepEqual([...hub().programs].map((p) => p.name + p.dead), ["probe.wasm"]);
    assert.lengthOf(sent("c1"), 2);
  });

  it("do not both take the manager's place", async () => {
    const manager = await attach("commmgr");
    const refused = await attach("probe").then(() => "it was attached", (e) => e.message);
    deliver(commOpen("c1", "probe.echo"));
    manager.register_target("probe.echo", (comm) => comm.on_msg((m) => comm.send(m.content.data)));
    deliver(commMsg("c1", 1));
    await until(() => sent("c1").length === 1);
    assert.include(refused, "commmgr.wasm is this page's comm manager already");
    assert.equal(hub().programs.size, 1);
    assert.equal(kernel.comm_manager, manager);
  });
});
