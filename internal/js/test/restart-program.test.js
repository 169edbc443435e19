// A program that has died and is started again, and what goes on meanwhile: web/comms/restart-program.js.

import { assert } from "chai";

import {
  StockComm, attach, commClose, commMsg, commOpen, deliver, detach, dying, errors, hub, hurry, kernel, kill, left, lines, now,
  pending, program, sent, snapshot, stock, task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** @typedef {import("../../../web/gocomm.js").Comm} Comm */

const MODES = /** @type {const} */ (["replace", "beside"]);
const upTo = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => i);

describe("a program that dies", () => {
  it("is started again when its last restart is long ago", async () => {
    let passed = 0;
    const clock = performance.now.bind(performance);
    performance.now = () => clock() + passed;
    await attach("probe");
    for (let n = 0; n < 3; n++) await kill();
    passed = 5 * 60_000 + 1;
    for (let n = 0; n < 3; n++) await kill();
    assert.isDefined(hub(), "it was not started again");
    await kill();
    assert.isUndefined(hub(), "it was started again");
  });

  for (const { start, lines, why } of [
    { start: "fail", lines: 4, why: "has ended: commmgr: " },
    {
      start: "die", lines: 4,
      why: "has ended: it exited with code 2. It is not started again, after 3 times within 5 minutes",
    },
    {
      start: "never", lines: 2,
      why: "has ended: it has not started within 5 s. It is not started again, after 1 times within 5 minutes",
    },
  ]) {
    it(`and cannot start again (${start}) is given up, and the stock manager gets what was held`, async () => {
      /** @type {any} */
      const options = {};
      /** @type {number[]} */
      const js = [];
      const manager = await attach("probe", options);
      hurry(20);
      manager.register_target("js", (comm) => comm.on_msg((m) => void js.push(m.content.data)));
      await deliver(commOpen("js1", "js"));
      options.start = start;
      const died = kill();
      for (let n = 0; n < 100; n++) {
        deliver(commMsg("js1", n));
        if (n % 10 === 0) await task();
      }
      await died;
      deliver(commMsg("js1", 100));
      await until(() => js.length === 101);
      assert.equal(kernel.comm_manager, stock);
      assert.isUndefined(hub());
      assert.deepEqual(js, upTo(101));
      const said = errors().filter((l) => l.startsWith("gocomm: "));
      assert.lengthOf(said, lines);
      assert.include(said[lines - 1], why);
      assert.equal(stock.log.at(-1), "msg js1 100");
    });
  }

  /** @type {Record<string, (n: number) => string | undefined>} */
  const DATES = {
    "dates": (n) => new Date(1e12 + n).toISOString(),
    "no dates": () => undefined,
    "dates that sort wrongly": (n) => `2026-01-01T00:00:0${n % 2 ? "0Z" : "0.000001Z"}`,
  };
  for (const [name, date] of Object.entries(DATES)) {
    it(`loses no comm whose target is still to come, nor its messages' order: ${name}`, async () => {
      const manager = await attach("probe");
      const handOver = (/** @type {import("./kernel-page.js").Message} */ msg) => {
        msg.header.date = date(Number(msg.header.msg_id.slice("kernel-".length)));
        now(msg);
      };
      /** @type {Record<string, any[]>} */
      const got = {};
      for (let n = 0; n < 30; n++) handOver(commOpen(`held${n}`, "late.target", n));
      for (let n = 29; n >= 0; n--) for (const m of [1, 2, 3]) handOver(commMsg(`held${n}`, `${n}.${m}`));
      handOver(commClose("held7"));
      for (let n = 0; n < 3; n++) await kill();
      manager.register_target("late.target", (comm, opened) => {
        const mine = got[comm.comm_id] = [opened.content.data];
        comm.on_msg((m) => void mine.push(m.content.data));
        comm.on_close(() => void mine.push("closed"));
      });
      await until(() => Object.values(got).flat().length === 30 * 4 + 1);
      for (let n = 0; n < 30; n++) {
        const want = [n, `${n}.1`, `${n}.2`, `${n}.3`, ...(n === 7 ? ["closed"] : [])];
        assert.deepEqual(got[`held${n}`], want);
      }
      assert.isEmpty(kernel.sent.filter((m) => m.content.comm_id.startsWith("held")), "closed towards the kernel");
    });
  }

  for (const mode of MODES) {
    it(`leaves JavaScript's comms as they were (${mode})`, async () => {
      const manager = await attach("probe", {}, { mode });
      /** @type {string[]} */
      const log = [];
      const listen = (/** @type {Comm} */ comm) => comm.on_msg((m) => {
        log.push(`${comm.comm_id} ${m.content.data}`);
        comm.send("got it");
      });
      let opened = () => {};
      manager.register_target("js", listen);
      manager.register_target("slow", (comm) => {
        listen(comm);
        return new Promise((resolve) => (opened = () => resolve(undefined)));
      });
      now(commOpen("slow", "slow"));
      now(commMsg("slow", "before"));
      await deliver(commOpen("closed", "js"));
      await deliver(commOpen("shared", "js"));
      const second = new StockComm("js", "shared");
      second.on_msg((m) => void log.push(`second ${m.content.data}`));
      manager.register_comm(second);
      const closed = await manager.comms.closed;
      const { done } = await dying();
      closed.close();
      now(commMsg("slow", "while it starts"));
      now(commMsg("shared", "while it starts"));
      now(commOpen("new", "js"));
      now(commMsg("new", "while it starts"));
      const mine = manager.new_comm("kernel-side");
      await done;
      now(commMsg("slow", "after"));
      now(commMsg("shared", "after"));
      now(commMsg(mine.comm_id, "nobody listens"));
      opened();
      await until(() => log.length === 8);
      assert.sameMembers(log, [
        "shared while it starts", "second while it starts", "new while it starts", "shared after", "second after",
        "slow before", "slow while it starts", "slow after",
      ]);
      const slow = log.filter((l) => l.startsWith("slow"));
      assert.deepEqual(slow, ["slow before", "slow while it starts", "slow after"]);
      const { routes } = left([...hub().programs][0]);
      assert.equal(routes, 4, "slow, shared, new, and the one that the page has opened meanwhile");
      assert.equal(kernel.comm_manager, mode === "replace" ? manager : stock);
      manager.unregister_comm(second);
      now(commMsg("shared", "one"));
      now(commClose("shared"));
      now(commMsg("shared", "none"));
      assert.deepEqual(log.slice(8), ["shared one"]);
    });

    it(`does not concern what JavaScript registers meanwhile (${mode})`, async () => {
      const manager = await attach("probe", {}, { mode });
      /** @type {string[]} */
      const log = [];
      const listen = (/** @type {Comm} */ comm) => comm.on_msg((m) => void log.push(m.content.data));
      const { done } = await dying();
      assert.equal(kernel.comm_manager, mode === "replace" ? manager : stock, "the page's manager is back");
      const comm = manager.new_comm("kernel-side");
      listen(comm);
      manager.register_target("js", listen);
      manager.register_target("probe.echo", () => {});
      assert.include(errors(), `gocomm: register_target: "probe.echo" is a target of probe.wasm, which keeps it; register another name`);
      comm.send("at once");
      assert.lengthOf(sent(comm.comm_id), 1);
      await done;
      deliver(commMsg(comm.comm_id, "of the page's comm"));
      deliver(commOpen("js1", "js"));
      await deliver(commMsg("js1", "of the kernel's comm"));
      assert.equal(await manager.comms[comm.comm_id], comm, "it is lost");
      deliver(commOpen("go", "probe.echo"));
      deliver(commMsg("go", "Go's"));
      await until(() => sent("go").length === 1);
      assert.deepEqual(log, ["of the page's comm", "of the kernel's comm"]);
    });
  }

  it("may be detached while it is started again, and nothing is lost", async () => {
    /** @type {number[]} */
    const log = [];
    stock.register_target("js", (comm) => comm.on_msg((/** @type {any} */ m) => void log.push(m.content.data)));
    const unchanged = snapshot();
    await attach("probe");
    await deliver(commOpen("js1", "js"));
    const { done } = await dying();
    now(commMsg("js1", 1));
    detach();
    unchanged();
    await deliver(commMsg("js1", 2));
    await until(() => log.length === 2);
    assert.deepEqual(log, [1, 2]);
    await done;
    unchanged();
  });

  it("too often leaves a comm to the stock manager with its messages in order", async () => {
    const manager = await attach("probe");
    /** @type {string[]} */
    const log = [];
    let opened = () => {};
    manager.register_target("slow", (comm) => {
      comm.on_msg(async (m) => {
        log.push(m.content.data);
        for (let n = 0; n < 5; n++) await task();
      });
      return new Promise((resolve) => (opened = () => resolve(undefined)));
    });
    now(commOpen("slow", "slow"));
    for (const n of ["1", "2", "3"]) now(commMsg("slow", n));
    for (let n = 0; n < 4; n++) await kill();
    now(commMsg("slow", "4"));
    await task();
    opened();
    await until(() => log.length === 4);
    assert.deepEqual(log, ["1", "2", "3", "4"]);
    assert.equal(stock.log.at(-1), `msg slow "4"`);
  });

  it("does not concern another program on the page", async () => {
    const manager = await attach("commmgr");
    /** @type {string[]} */
    const log = [];
    await attach("probe", {}, { mode: "beside" });
    manager.register_target("js", (comm) => comm.on_msg((m) => void log.push(m.content.data)));
    now(commOpen("js1", "js"));
    const main = program("commmgr");
    for (let n = 1; n <= 3; n++) {
      const { done } = await dying();
      now(commMsg("js1", `held ${n}`));
      now(commOpen(`c${n}`, "probe.echo"));
      now(commMsg(`c${n}`, n));
      await done;
      await until(() => sent(`c${n}`).length === 1);
      now(commMsg("js1", `after ${n}`));
    }
    await kill();
    now(commMsg("js1", "the end"));
    now(commOpen("c4", "probe.echo"));
    assert.isNotOk(main.dead);
    assert.equal(hub().main, main);
    assert.equal(kernel.comm_manager, manager);
    assert.equal(left(main).routes, 1);
    assert.equal(pending(), 1, "c4 waits for a target");
    assert.deepEqual(log, ["held 1", "after 1", "held 2", "after 2", "held 3", "after 3", "the end"]);
  });

  it("loses its comms to a kernel that ends while it is started again", async () => {
    const manager = await attach("probe");
    /** @type {string[]} */
    const log = [];
    /** @type {Comm[]} */
    const comms = [];
    manager.register_target("js", (comm) => {
      comms.push(comm);
      comm.on_msg((m) => void log.push(m.content.data));
      comm.on_close(() => void log.push("closed"));
    }, { closeWithKernel: true });
    await deliver(commOpen("js1", "js"));
    const { done } = await dying();
    now(commMsg("js1", "of the kernel that ends"));
    hub().epoch.end();
    await done;
    comms[0].send("late");
    assert.isEmpty(sent("js1"));
    assert.isNotEmpty(lines.filter((l) => l.text.startsWith("gocomm: comm_msg: comm js1 (target js): its kernel was restarted")));
    await deliver(commOpen("js1", "js"));
    await deliver(commMsg("js1", "of the next"));
    hub().epoch.over = false;
    hub().epoch.end();
    await until(() => log.length === 3);
    assert.deepEqual(log, ["closed", "of the next", "closed"]);
  });
});
