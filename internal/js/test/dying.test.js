// Programs that die, and ones that fail to start: web/comms/restart-program.js.

import { assert } from "chai";

import {
  attach, commMsg, commOpen, deliver, errors, hub, kernel, kill, now, sent, snapshot, stock, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

const LOST = "gocomm: probe.wasm could not be loaded, the page's own comm manager stays: ";

/** What gocomm has said on the console. */
const said = () => errors().filter((l) => l.startsWith("gocomm:"));

describe("a program that dies", () => {
  for (const [target, why] of Object.entries({
    exit: "it exited with code 3",
    panic: "it exited with code 2",
    panic_inside: "it exited with code 2",
    oom: "it exited with code 2",
    stack: "it crashed: Maximum call stack size exceeded",
    "inline-wait": "gocomm_msg did not return", // an export that waits
  })) {
    it(`(${target}) is started again up to the limit; then the page's own manager works`, async () => {
      /** @type {string[]} */
      const js = [];
      stock.register_target("js", (comm) => comm.on_msg((/** @type {any} */ m) => {
        js.push(m.content.data);
        comm.send("js");
      }));
      const unchanged = snapshot();
      const manager = await attach("probe");
      const { fetch } = globalThis;
      let requests = 0;
      globalThis.fetch = (...args) => {
        requests++;
        return fetch(...args);
      };
      deliver(commOpen("js1", "js"));
      deliver(commOpen("js2", "js", {}, { own: false }));
      const died = kill(`probe.${target}`);
      let n = 0;
      const stream = setInterval(() => {
        for (const id of ["js1", "js2"]) now(commMsg(id, `${id} ${n}`));
        n++;
      }, 1);
      await died;
      for (let life = 1; life <= 3; life++) {
        assert.equal(kernel.comm_manager, manager);
        assert.isEmpty(stock.log);
        deliver(commOpen(`c${life}`, "probe.echo"));
        deliver(commOpen(`d${life}`, "probe.echo", {}, { own: false }));
        deliver(commMsg(`c${life}`, life));
        await until(() => sent(`c${life}`).length === 1, "Go's targets are back");
        manager.new_comm("kernel-side", { a: 1 }).close();
        await kill(`probe.${target}`);
      }
      clearInterval(stream);
      delete stock.targets.js1;
      unchanged();
      deliver(commMsg("js1", "stock"));
      await until(() => js.at(-1) === "stock");
      assert.deepEqual(stock.log.slice(-1), [`msg js1 "stock"`]);
      for (const id of ["js1", "js2"]) {
        const want = Array.from({ length: n }, (_, i) => `${id} ${i}`);
        assert.deepEqual(js.filter((m) => m.startsWith(id)), want, "no message of JavaScript's comms is lost, doubled or late");
      }
      // Who has captured the manager goes on, too.
      const comm = manager.new_comm("kernel-side", { a: 1 });
      assert.lengthOf(sent(comm.comm_id, "comm_open"), 1);
      assert.property(stock.comms, comm.comm_id);

      const again = `gocomm: probe.wasm has ended: ${why}. Its comms in Go are closed; it is started again.`;
      const off = `gocomm: probe.wasm has ended: ${why}. It is not started again, after 3 times within 5 minutes: ` +
        "the page's own comm manager works on. Reload the page to start it again.";
      assert.deepEqual(said(), [again, again, again, off]);
      assert.isEmpty(kernel.failures, "thrown into the kernel's queue");
      assert.equal(requests, 0, "it was fetched again");
      const closes = kernel.sent.filter((m) => m.type === "comm_close" && m.content.data.reason);
      const closed = closes.filter((m) => /^[cd]/.test(m.content.comm_id));
      assert.deepEqual(closed.map((m) => m.content.comm_id), ["c1", "c2", "c3"]);
      assert.equal(sent("c1", "comm_close")[0].content.data.reason, "gocomm: probe.wasm has ended");
    });
  }

  // The kernel object of classic refuses to send while it is not connected.
  it("leaves even if its closes cannot be sent", async () => {
    await attach("probe");
    for (const id of ["c1", "c2"]) deliver(commOpen(id, "probe.echo"));
    kernel.onsend = () => {
      throw new Error("not connected");
    };
    await kill();
    assert.equal(hub().routes.size, 0);
  });
});

describe("a program that fails to start", () => {
  for (const [start, why] of Object.entries({
    fail: "no such target",
    exit: "it exited with code 3",
    die: "it exited with code 2", // when it has just said that it is ready
  })) {
    for (const mode of /** @type {const} */ (["replace", "beside"])) {
      it(`(${start}, ${mode}) leaves all to the page's own manager`, async () => {
        stock.register_target("js", () => {});
        const attached = attach("probe", { start }, { mode });
        deliver(commOpen("c1", "js"));
        deliver(commMsg("c1", 1));
        const rejected = await attached.then(() => "it has not rejected", (e) => e.message);
        await until(() => stock.log.length === 2);
        assert.include(rejected, LOST);
        assert.include(rejected, why);
        assert.isEmpty(said(), "the rejection says it already");
        assert.deepEqual(stock.log, ["open c1", "msg c1 1"]);
        assert.equal(kernel.comm_manager, stock);
        assert.isUndefined(hub());
      });
    }
  }
});
