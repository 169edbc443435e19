// Opens beside the page's own manager whose target is not there yet: web/comms/pending-opens.js.
// An extension may be slower than a cell.

import { assert } from "chai";

import {
  attach, commMsg, commOpen, deliver, detach, errors, hurry, kernel, sent, stock, task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** @typedef {import("../../../web/gocomm.js").CommManager} CommManager */

/** Answers with what comes. @type {import("../../../web/gocomm.js").OpenFunction} */
const echo = (comm) => comm.on_msg((m) => void comm.send(m.content.data));

describe("an open beside the page's own manager whose target is not there yet", () => {
  it("waits for it, with its messages and no others", async () => {
    await attach("probe", {}, { mode: "beside" });
    const register = stock.register_target;
    stock.register_target("other", () => {});
    for (const msg of [commOpen("c1", "late"), commOpen("c2", "other"), commMsg("c1", 1), commMsg("c2", 1)]) await deliver(msg);
    assert.deepEqual(stock.log, ["open c2", "msg c2 1"]);
    stock.register_target("late", () => {});
    await until(() => stock.log.length === 4, "both are handed over, before the time for them is up", 5000);
    await deliver(commMsg("c1", 2));
    assert.equal(stock.register_target, register);
    assert.notProperty(Object.getOwnPropertyDescriptors(stock), "register_target");
    detach();
    assert.deepEqual(stock.log.slice(2), ["open c1", "msg c1 1", "msg c1 2"]);
    assert.isEmpty(errors());
  });

  it("is the page's own manager's when nobody comes for it", async () => {
    await attach("probe", {}, { mode: "beside" });
    hurry(20);
    await deliver(commOpen("c1", "nobody's"));
    await deliver(commMsg("c1", 1));
    assert.isEmpty(stock.log, "it was not held");
    await until(() => stock.log.length === 2);
    assert.deepEqual(stock.log, ["open c1", "msg c1 1"]);
  });

  it("is the page's own manager's when all is detached", async () => {
    await attach("probe", {}, { mode: "beside" });
    hurry(20);
    await deliver(commOpen("c1", "nobody's"));
    await deliver(commMsg("c1", 1));
    assert.isEmpty(stock.log, "it was not held");
    detach();
    assert.notProperty(Object.getOwnPropertyDescriptors(stock), "register_target");
    assert.deepEqual(stock.log, ["open c1", "msg c1 1"]);
  });

  it("ends with its kernel", async () => {
    /** @type {((event: any, data: any) => void)[]} */
    const ends = [];
    kernel.events = {
      on: (/** @type {string} */ names, /** @type {any} */ f) => names.startsWith("kernel_restarting") && ends.push(f),
      off() {},
      trigger() {},
    };
    await attach("probe", {}, { mode: "beside" });
    await deliver(commOpen("c1", "late"));
    assert.isNotEmpty(ends);
    ends.forEach((f) => f({ type: "kernel_restarting" }, { kernel }));
    stock.register_target("late", () => {});
    await task();
    assert.isEmpty(stock.log, "another kernel's");
  });

  for (const [name, come] of Object.entries({
    "a script that registers with a program's manager": (/** @type {CommManager} */ manager) =>
      manager.register_target("my_comm_target", echo),
    "another program": () => attach("cookbook", {}, { mode: "beside" }),
    "a program in the manager's place": async () => {
      await attach("commmgr");
      kernel.comm_manager.register_target("my_comm_target", echo);
    },
  })) {
    it(`is for who takes the target: ${name}`, async () => {
      const manager = await attach("probe", {}, { mode: "beside" });
      await deliver(commOpen("c1", "my_comm_target"));
      await deliver(commMsg("c1", 1)); // both are held by now
      await come(manager);
      await until(() => sent("c1").length === 1, "it was answered");
      assert.isEmpty(stock.log, "the page's own manager got it");
    });
  }
});
