// Handlers that throw, wait or panic: what one does is its own affair.

import { assert } from "chai";

import {
  StockComm, attach, commClose, commMsg, commOpen, deliver, errors, hurry, kernel, left, now, program, sent, task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** @type {Record<string, {thrown: any, text: string}>} */
const THROWN = {
  "an Error": { thrown: new Error("the test threw this"), text: "the test threw this" },
  "null": { thrown: null, text: "null" },
  "a string": { thrown: "a thrown string", text: "a thrown string" },
  "an object without a text": { thrown: { toString() { throw 1; } }, text: "an exception without a text" },
  "an Error whose message throws": {
    thrown: Object.defineProperty(new Error(), "message", { get() { throw 1; } }),
    text: "an exception without a text",
  },
};

describe("a JavaScript handler that throws", () => {
  for (const [name, { thrown, text }] of Object.entries(THROWN)) {
    it(`${name} is named on the console, and nothing else fails`, async () => {
      const manager = await attach("probe");
      const bad = () => {
        throw thrown;
      };
      manager.register_target("bad-open", bad);
      manager.register_target("bad-msg", (comm) => {
        comm.on_msg(bad);
        comm.on_close(bad);
      });
      deliver(commOpen("open", "bad-open"));
      deliver(commOpen("msg", "bad-msg"));
      deliver(commMsg("msg", 1));
      const foreign = new StockComm("bad-foreign", "foreign"); // throws into gocomm.js itself
      foreign.on_msg(bad);
      foreign.on_close(bad);
      manager.register_comm(foreign);
      deliver(commMsg("foreign", 1));
      deliver(commOpen("good", "probe.echo"));
      deliver(commMsg("good", 1));
      await until(() => sent("good").length === 1);
      for (const id of ["msg", "foreign", "good"]) await deliver(commClose(id));
      assert.isEmpty(kernel.failures, "into the kernel's queue");
      await until(() => left(program("probe")).slots === 0, "the slots are free");

      assert.deepEqual(left(program("probe")), { slots: 0, lost: 0, routes: 0 });
      assert.include(sent("open", "comm_close")[0].content.data.reason, text);
      const said = errors();
      assert.lengthOf(said, 5);
      assert.include(said[0], `comm "open" (target "bad-open")`);
      assert.include(said[1], "comm msg (target bad-msg): its msg handler threw");
      assert.include(said[2], "comm foreign (target bad-foreign): handle_msg threw");
      assert.include(said[3], "comm msg (target bad-msg): its close handler threw");
      assert.include(said[4], "comm foreign (target bad-foreign): handle_close threw");
    });
  }
});

describe("a JavaScript handler that returns a promise", () => {
  it("holds the kernel's queue, but not for ever", async () => {
    const manager = await attach("probe");
    hurry(20); // 10 s are 0.5 s
    /** @type {string[]} */
    const order = [];
    manager.register_target("promises", (comm) => comm.on_msg((m) => {
      switch (m.content.data) {
        case "rejects": return Promise.reject(new Error("rejected by the test"));
        case "rejects null": return Promise.reject(null);
        case "never": return new Promise(() => {});
        case "odd": return { get then() { throw new Error("the getter threw"); } };
        case "later": return task().then(task).then(() => order.push("finished"));
        default: return void order.push(m.content.data);
      }
    }));
    deliver(commOpen("c1", "promises"));
    for (const what of ["rejects", "rejects null", "later", "never", "odd", "after"]) deliver(commMsg("c1", what));
    await until(() => order.includes("after"), "the queue went on");
    assert.deepEqual(order, ["finished", "after"]);
    const said = errors();
    assert.lengthOf(said, 4);
    assert.include(said[0], "comm c1 (target promises): a handler's promise was rejected: Error: rejected by the test");
    assert.include(said[1], "comm c1 (target promises): a handler's promise was rejected: null");
    assert.include(said[2], "comm c1 (target promises): its handler's promise has not settled for 10 s");
    assert.include(said[3], "the getter threw");
    const { slots, routes } = left(program("probe"));
    assert.deepEqual({ slots, routes }, { slots: 0, routes: 1 });
  });

  it("when it opens a comm has the comm's messages wait, but not for ever", async () => {
    const manager = await attach("commmgr");
    hurry(20);
    /** @type {any[]} */
    const order = [];
    manager.register_target("slow", async (comm) => {
      comm.on_msg((m) => {
        order.push(m.content.data);
        if (m.content.data === 1) now(commMsg("c1", 4)); // behind those that wait
      });
      await task();
      order.push("open");
    });
    manager.register_target("never", (comm) => {
      comm.on_msg((m) => order.push(m.content.data));
      return new Promise(() => {});
    });
    now(commOpen("c1", "slow"));
    for (const n of [1, 2, 3]) now(commMsg("c1", n));
    await until(() => order.length === 5);
    now(commOpen("c2", "never"));
    now(commMsg("c2", "never, then"));
    await until(() => order.length === 6);
    now(commMsg("c2", "at once"));
    assert.deepEqual(order, ["open", 1, 2, 3, 4, "never, then", "at once"]);
  });
});

describe("a Go handler", () => {
  it("that panics, or cannot send, ends its message only", async () => {
    await attach("probe");
    deliver(commOpen("c1", "probe.panics"));
    deliver(commMsg("c1"));
    deliver(commOpen("c2", "probe.echo"));
    deliver(commMsg("c2"));
    await until(() => sent("c2").length === 1 && errors().length === 1);
    kernel.onsend = () => {
      throw new Error("not connected");
    };
    deliver(commMsg("c2"));
    await until(() => errors().length === 2);
    kernel.onsend = undefined;
    deliver(commMsg("c2"));
    await until(() => sent("c2").length === 2);
    const said = errors();
    assert.lengthOf(said, 2);
    assert.include(said[0], "panic: the probe was told to");
    assert.include(said[1], "not connected");
  });

  it("may fail with an error whose methods panic, such as a nil pointer", async () => {
    await attach("probe");
    deliver(commOpen("c1", "probe.nil"));
    deliver(commMsg("c1"));
    deliver(commOpen("c2", "probe.echo"));
    deliver(commMsg("c2"));
    await until(() => sent("c2").length === 1 && errors().length === 1);
    const failed = `comm "c1" (target "probe.nil"): the handler failed: panic: a value whose text cannot be had`;
    assert.include(errors()[0], failed);
  });
});
