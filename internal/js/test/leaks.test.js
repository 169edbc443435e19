// What is left of many comms that have come and gone: nothing, on either side of the border.

import { assert } from "chai";

import {
  attach, commClose, commMsg, commOpen, kernel, left, lines, message, now, program, sent, stock, task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

const WARM_UP = 1_000; // comms
const COMMS = 10_000;
const BATCH = 100;

/** Attaches the probe, and counts what it has. */
async function measure() {
  await attach("probe");
  const p = program("probe");
  /** Asks the program. @param {"heap" | "goroutines"} what @returns {Promise<number>} */
  const count = async (what) => {
    now(commOpen("count", `probe.${what}`));
    now(commMsg("count"));
    await until(() => sent("count").length > 0);
    const n = sent("count")[0].content.data;
    now(commClose("count"));
    forget();
    await until(() => left(p).slots === 0);
    return n;
  };
  const forget = () => {
    kernel.sent.length = lines.length = 0;
  };
  let funcs = 0; // made by js.FuncOf
  const make = p.go._makeFuncWrapper;
  p.go._makeFuncWrapper = function (/** @type {number} */ id) {
    funcs++;
    return make.call(this, id);
  };
  await count("heap");
  const handles = p.go._ids.size, goroutines = await count("goroutines");

  return {
    p, forget,
    /**
     * Does something with many comms, a batch at a time, and checks what is left of them.
     * @param {(from: number, to: number) => Promise<void>} batch
     * @param {() => Promise<void>} [after] what comes after the last
     */
    check: async (batch, after) => {
      let n = 0;
      for (; n < WARM_UP; n += BATCH) await batch(n, n + BATCH);
      const before = await count("heap");
      for (; n < WARM_UP + COMMS; n += BATCH) await batch(n, n + BATCH);
      const grown = await count("heap") - before;
      await after?.();
      assert.isBelow(grown, 500_000, `bytes of Go's heap for ${COMMS} comms`);
      assert.isAtMost(await count("goroutines") - goroutines, 0, "goroutines");
      assert.isAtMost(p.go._ids.size - handles, 0, "JavaScript values that Go refers to");
      assert.equal(funcs, 0, "functions made by js.FuncOf");
      assert.deepEqual(left(p), { slots: 0, lost: 0, routes: 0 });
      assert.isEmpty(stock.comms);
      assert.isAtMost(p.timers.size, 1, "the watchdog's, while it is still to see that nobody is busy");
      assert.isBelow(p.byIndex.length, 1000);
      assert.isBelow(p.slots.length, 2000);
    },
  };
}

describe("nothing is left", () => {
  it("of comms whose handlers are Go", async () => {
    const { p, forget, check } = await measure();
    await check(async (from, to) => {
      for (let i = from; i < to; i++) {
        now(commOpen(`c${i}`, `probe.${["echo", "frames", "merge", "tells"][i % 4]}`));
        now(commMsg(`c${i}`, i % 4 === 3 ? 0 : i, { buffers: [new DataView(new ArrayBuffer(10))] }));
      }
      await until(() => kernel.sent.length === to - from);
      for (let i = from; i < to; i++) now(commClose(`c${i}`));
      await until(() => left(p).slots === 0);
      forget();
    });
  });

  it("of comms whose handlers are JavaScript", async () => {
    const { forget, check } = await measure();
    let seen = 0;
    kernel.comm_manager.register_target("js", (/** @type {any} */ comm, /** @type {any} */ opened) => {
      comm.on_msg((/** @type {any} */ m) => {
        seen++;
        comm.send(m.content.data);
        if (m.content.data === "close yourself") comm.close();
      });
      if (opened.content.data === "throw") throw new Error("as told");
    });
    await check(async (from, to) => {
      for (let n = from; n < to; n++) {
        const id = `c${n}`, way = n % 5;
        now(commOpen(id, "js", way === 4 ? "throw" : {}));
        now(commMsg(id, way === 1 ? "close yourself" : n));
        if (way === 2) now(commClose(id));
        if (way === 3) stock.comms[id].then((comm) => comm.close());
        if (way === 0) stock.comms[id].then((comm) => kernel.comm_manager.unregister_comm(comm));
        const opened = kernel.comm_manager.new_comm("kernel-side");
        now(commMsg(opened.comm_id));
        now(commClose(opened.comm_id));
      }
      await task();
      forget();
    });
    assert.equal(seen, (WARM_UP + COMMS) * 4 / 5, "all but those whose target throws");
  });

  it("of callbacks for what answers a message", async () => {
    const { p, forget, check } = await measure();
    const status = (/** @type {string} */ execution_state) => message("status", { execution_state });
    let events = 0, ended = 0, seen = 0;
    kernel.onsend = (m) => {
      if (m.callbacks) events++;
    };
    const event = p.exports.gocomm_event;
    p.exports.gocomm_event = (/** @type {number} */ seq, /** @type {number} */ n, /** @type {number} */ kind, /** @type {any[]} */ ...rest) => {
      if (kind === -1) ended++;
      return event(seq, n, kind, ...rest);
    };
    now(commOpen("c1", "probe.status"));
    await check(async (from, to) => {
      const n = to - from;
      for (let i = 0; i < n; i++) now(commMsg("c1"));
      await until(() => kernel.sent.length === n);
      for (const { callbacks } of kernel.sent.slice(0, n)) {
        const iopub = callbacks?.iopub;
        iopub?.status?.(status("busy"));
        iopub?.output?.(message("stream", { text: "x" }));
        iopub?.clear_output?.(message("clear_output", {}));
        iopub?.status?.(status("idle"));
      }
      await until(() => kernel.sent.length === 2 * n && left(p).slots === 0);
      for (const m of kernel.sent.slice(n)) {
        if (m.content.data.join() === '{"execution_state":"busy"},output,{"execution_state":"idle"}') seen++;
      }
      forget();
    }, async () => {
      now(commMsg("c1")); // and one whose idle comes after its comm has gone
      await until(() => kernel.sent.length === 1);
      now(commClose("c1"));
      kernel.sent[0].callbacks?.iopub?.status?.(status("idle"));
      await until(() => left(p).slots === 0);
    });
    assert.equal(events, WARM_UP + COMMS + 1);
    assert.equal(ended, WARM_UP + COMMS + 1);
    assert.equal(seen, WARM_UP + COMMS);
  });
});
