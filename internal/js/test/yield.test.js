// Comms whose target comes later, and malformed messages: web/comms/pending-opens.js, messaging/message-info.js.

import { assert } from "chai";

import {
  attach, commMsg, commOpen, deliver, detach, errors, hurry, kernel, left, lines, message, now, pending, program, sent, stock,
  task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

const NOTHING_LEFT = { slots: 0, lost: 0, routes: 0 };
const upTo = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => i);

describe("a comm whose target nobody has registered", () => {
  it("waits for a program that has it", async () => {
    await attach("commmgr");
    now(commOpen("c1", "probe.spin"));
    for (let n = 0; n < 50; n++) now(commMsg("c1", { N: n, Us: 0 }));
    now(commOpen("c2", "my_comm_target"));
    assert.equal(pending(), 52);
    const attached = attach("probe", {}, { mode: "beside" });
    for (let n = 50; n < 60; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
    await attached;
    for (let n = 60; n < 70; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
    await attach("cookbook", {}, { mode: "beside" });
    await until(() => sent("c1").length === 70 && sent("c2").length === 1);
    assert.deepEqual(sent("c1").map((m) => m.content.data), upTo(70));
    assert.isEmpty(stock.log);
    assert.deepEqual(left(program("commmgr")), NOTHING_LEFT);
  });

  for (const through of ["the program's manager", "the stock manager"]) {
    it(`waits for JavaScript that registers it with ${through}`, async () => {
      const manager = await attach("commmgr");
      /** @type {Record<string, any[]>} */
      const got = { c1: [], c2: [] };
      now(commOpen("c1", "late", "first"));
      now(commOpen("c2", "late", "second"));
      for (const n of [1, 2, 3]) now(commMsg(n === 2 ? "c2" : "c1", n));
      const registrar = through === "the stock manager" ? stock : manager;
      registrar.register_target("late", async (comm, opened) => {
        const log = got[comm.comm_id];
        log.push(opened.content.data);
        comm.on_msg((/** @type {any} */ m) => log.push(m.content.data));
        await task();
        log.push("is open");
      });
      now(commMsg("c1", 4));
      await until(() => got.c1.length + got.c2.length === 8);
      assert.deepEqual(got, { c1: ["first", "is open", 1, 3, 4], c2: ["second", "is open", 2] });
    });
  }

  it("waits for Go that registers it", async () => {
    await attach("probe");
    now(commOpen("c1", "later.echo"));
    for (let n = 0; n < 10; n++) now(commMsg("c1", n));
    now(commOpen("order", "probe.late"));
    now(commMsg("order", { Target: "later.echo", Ms: 1 }));
    await until(() => sent("c1").length === 10);
    assert.deepEqual(sent("c1").map((m) => m.content.data), upTo(10));
  });

  it("is closed when nobody does in time, unless it is another page's", async () => {
    await attach("commmgr");
    hurry(20); // 10 s are 0.5 s
    now(commOpen("c1", "nobody"));
    now(commMsg("c1", 1));
    now(commOpen("c2", "nobody", {}, { own: false })); // another page may know it
    assert.isEmpty(kernel.sent, "closed at once");
    await until(() => pending() === 0);
    now(commMsg("c1", 2));
    assert.deepEqual(kernel.sent.map((m) => m.content.comm_id), ["c1"]);
    const { reason } = sent("c1", "comm_close")[0].content.data;
    assert.include(reason, `comm "c1" (target "nobody"): no such target; nobody registered it in time`);
    const said = [...errors(), ...errors("warn")];
    assert.lengthOf(said, 2);
    assert.include(said[0], "no such target");
    assert.include(said[1], `comm_msg: comm "c1": no such comm`);
    assert.deepEqual(left(program("commmgr")), NOTHING_LEFT);
  });
});

const NO_OBJECT = "malformed message: content is not an object";
const NO_ID = "malformed message: content.comm_id is missing";
const UNKNOWN = `comm "x"(.*): no such comm`;

describe("a malformed message", () => {
  /** What is said of a comm_open, and of others where that differs; "": it waits for a target. @type {Record<string, [any, string, string?]>} */
  const BAD = {
    "no content": [undefined, NO_OBJECT],
    "null": [null, NO_OBJECT],
    "a text": ["text", NO_OBJECT],
    "a number": [5, NO_OBJECT],
    "no comm id": [{}, NO_ID],
    "a comm id that is a number": [{ comm_id: 5 }, NO_ID],
    "an empty comm id": [{ comm_id: "", target_name: "probe.echo" }, NO_ID],
    "a comm id that is not ASCII": [{ comm_id: "c\u00e9", target_name: "probe.echo" }, "content.comm_id is not printable ASCII"],
    "a comm id that every object has": [
      { comm_id: "__proto__", target_name: "probe.echo" }, "content.comm_id is a name that every JavaScript object has",
    ],
    "a comm id that is too long": [
      { comm_id: "x".repeat(5000), target_name: "probe.echo" }, "malformed message: content.comm_id is longer than",
    ],
    "no target": [{ comm_id: "x" }, "malformed message: content.target_name is missing", UNKNOWN],
    "a target that is an object": [
      { comm_id: "x", target_name: {} }, "malformed message: content.target_name is missing", UNKNOWN,
    ],
    "a target that every object has": [{ comm_id: "x", target_name: "constructor" }, "", UNKNOWN],
    "a target that is too long": [{ comm_id: "x", target_name: "y".repeat(1e6) }, "", UNKNOWN],
  };

  for (const type of ["comm_open", "comm_msg", "comm_close"]) {
    it(`(${type}) is reported, and nothing else fails`, async () => {
      for (const [name, [content, opens, others = opens]] of Object.entries(BAD)) {
        await attach("probe"); // anew: of messages of a kind, a program reports only the first at once
        lines.length = 0;
        await deliver(message(type, content));
        const want = type === "comm_open" ? opens : others;
        if (want) await until(() => lines.length > 0, `${name} is reported`, 5000);
        const said = [...errors(), ...errors("warn")];
        assert.lengthOf(said, want ? 1 : 0, `${name}: ${said}`);
        if (want) assert.match(said[0], new RegExp(`^gocomm: ${type}\\b.*${want}`), name);
        assert.equal(pending(), want ? 0 : 1, name);
        assert.deepEqual(left(program("probe")), NOTHING_LEFT, name);
        detach();
      }
      assert.isEmpty(kernel.failures.filter((e) => !e.includes("not found in registry")));
    });
  }

  it("of content that is no object says so, and an id in use is refused", async () => {
    await attach("probe");
    await deliver(message("comm_open", undefined));
    await deliver(commOpen("c1", "probe.echo"));
    await deliver(commOpen("c1", "probe.echo")); // a duplicate
    await deliver(commMsg("c1", 1));
    await until(() => sent("c1").length === 1);
    assert.isEmpty(kernel.failures);
    await task();
    const said = errors();
    assert.lengthOf(said, 2);
    assert.include(said[0], "malformed message: content is not an object");
    assert.include(said[1], "the comm id is in use");
    const { slots, routes } = left(program("probe"));
    assert.deepEqual({ slots, routes }, { slots: 0, routes: 1 });
  });
});
