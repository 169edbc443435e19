// Comm messages held while programs load: web/comms/message-hook.js and web/messaging/held-queue.js.

import { assert } from "chai";

import {
  attach, attachSlowly, commMsg, commOpen, deliver, errors, hub, hurry, kernel, message, sent, stock, task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("while a program loads", () => {
  it("its comm messages are held in order, and outputs are not", async () => {
    let output = false;
    kernel.register_iopub_handler("stream", () => {
      output = true;
    });
    const attached = attach("probe", { start: "wait" });
    deliver(commOpen("c1", "probe.spin"));
    for (let n = 0; n < 100; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
    const other = message("stream", { name: "stdout", text: "x" });
    other.parent_header.msg_id = "another cell";
    await deliver(other);
    assert.isTrue(output, "cell output was held with the comm messages");
    assert.isEmpty(kernel.sent);
    await attached;
    for (let n = 100; n < 200; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
    await until(() => sent("c1").length === 200);
    assert.deepEqual(sent("c1").map((m) => m.content.data), Array.from({ length: 200 }, (_, i) => i));
    assert.isEmpty(stock.log);
  });

  it("the stock manager gets what was held too long, and keeps its comms", async () => {
    hurry(50);
    stock.register_target("probe.echo", (comm) => comm.on_msg((/** @type {any} */ m) => comm.send(m.content.data)));
    const { attached, come } = attachSlowly({ overrideTargets: true });
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1", 1));
    deliver(commMsg("c1", 2));
    await until(() => sent("c1").length === 2, "the stock manager took over");
    assert.deepEqual(stock.log, ["open c1", "msg c1 1", "msg c1 2"]);
    deliver(commMsg("c1", 3));
    await until(() => sent("c1").length === 3);
    come();
    await attached;
    deliver(commMsg("c1", 4)); // its comm stays with the stock manager
    await until(() => sent("c1").length === 4);
    assert.equal(sent("c1")[3].content.data, 4);
    const later = stock.log.length;
    deliver(commOpen("c2", "probe.echo"));
    deliver(commMsg("c2", 5));
    await until(() => sent("c2").length === 1);
    assert.equal(sent("c2")[0].content.data, 5);
    assert.lengthOf(stock.log, later, "the program's by now");
    const warning = "gocomm: probe.wasm has not answered for 5 s; until it does, the page's own comm manager works";
    assert.deepEqual(errors("warn"), [warning]);
  });

  it("a message that makes the stock manager throw does not take those behind it along", async () => {
    hurry(50);
    attachSlowly();
    stock.register_target("js", () => {});
    deliver(commOpen("c1", "js"));
    deliver(message("comm_msg", undefined));
    deliver(commMsg("c1", 1));
    await until(() => stock.log.length === 2, "both good messages came", 3000);
    assert.deepEqual(stock.log, ["open c1", "msg c1 1"]);
  });

  it("messages wait for a second one as well", async () => {
    const { attached, come } = attachSlowly();
    const other = attach("cookbook", {}, { mode: "beside" });
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1", 1));
    await other;
    await task();
    assert.equal(hub().hook.queue.length, 2);
    assert.isEmpty(stock.log);
    come();
    await attached;
    await until(() => sent("c1").length === 1);
  });
});
