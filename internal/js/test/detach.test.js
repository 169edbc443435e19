// Programs taken off a kernel: Hub.detach in web/comms/hub.js.

import { assert } from "chai";

import {
  attach, attachSlowly, commMsg, commOpen, deliver, detach, kernel, sent, snapshot, stock, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("detach", () => {
  it("leaves everything as it was", async () => {
    stock.register_target("js", () => {}); // so that nothing of what is held is in error
    const patched = stock.register_target = function (name, f) { // as other extensions do
      this.targets[name] = f;
    };
    const unchanged = snapshot();
    const f = () => {};
    const manager = await attach("probe");
    await attach("cookbook", {}, { mode: "beside" });
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1"));
    deliver(commOpen("held", "nobody"));
    await until(() => sent("c1").length === 1);
    manager.register_target("js", f);
    await deliver(commOpen("js1", "js"));
    detach();
    unchanged();
    assert.equal(stock.register_target, patched);
    assert.equal(stock.targets.js, f);
    detach(); // once more is harmless
    deliver(commOpen("c2", "js"));
    await until(() => stock.log.at(-1) === "open c2");

    await attach("probe"); // and so is a second life
    deliver(commOpen("c3", "probe.echo"));
    deliver(commMsg("c3"));
    await until(() => sent("c3").length === 1);
    detach();
    unchanged();
  });

  it("leaves JavaScript's comms alive", async () => {
    const manager = await attach("probe");
    /** @type {import("../../../web/gocomm.js").Comm | undefined} */
    let comm;
    let got = 0;
    manager.register_target("js", (c) => {
      comm = c;
      c.on_msg(() => got++);
    });
    await deliver(commOpen("js1", "js"));
    const opened = manager.new_comm("kernel-side");
    opened.on_msg(() => got++);
    detach();
    deliver(commMsg("js1"));
    deliver(commMsg(opened.comm_id));
    await until(() => got === 2, "the stock manager passes messages on", 3000);
    comm?.send("still open");
    assert.lengthOf(sent("js1"), 1);
  });

  it("ends a program that loads, and loses nothing that was held", async () => {
    stock.register_target("js", () => {});
    const unchanged = snapshot();
    const { attached, come } = attachSlowly();
    deliver(commOpen("c1", "js"));
    await kernel.queue;
    detach();
    assert.deepEqual(stock.log, ["open c1"]);
    come();
    assert.match(await attached.then(() => "it has not rejected", (e) => e.message), /detached/);
    unchanged();
  });
});
