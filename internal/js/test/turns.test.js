// When Go runs, and how long: a burst of messages wakes it once, and the page gets its turns.

import { assert } from "chai";

import { attach, commMsg, commOpen, deliver, kernel, left, now, program, sent, task, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

const upTo = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => i);

/** Attaches the probe with an open comm, and counts what wakes Go. */
async function counted() {
  await attach("probe");
  const p = program("probe");
  let resumes = 0;
  const resume = p.go._resume;
  p.go._resume = (/** @type {any[]} */ ...args) => {
    resumes++;
    return resume(...args);
  };
  now(commOpen("c1", "probe.spin"));
  await until(() => left(p).slots === 0);
  resumes = 0;
  return { p, resumes: () => resumes };
}

/** Lets pass what a burst takes to wake Go. */
async function microtasks() {
  for (let i = 0; i < 20; i++) await null;
}

describe("a burst of messages", () => {
  it("wakes Go once, after the task that hands them over", async () => {
    const { resumes } = await counted();
    for (let n = 0; n < 1000; n++) now(commMsg("c1", { N: n, Us: 0 }));
    assert.equal(resumes(), 0, "in the task");
    await microtasks();
    assert.equal(resumes(), 1);
    await until(() => sent("c1").length === 1000);
    assert.deepEqual(sent("c1").map((m) => m.content.data), upTo(1000));
  });

  // The kernel object needs some microtasks from one message to the next.
  it("through the kernel object wakes Go once", async () => {
    const { resumes } = await counted();
    for (let n = 0; n < 1000; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
    await kernel.queue;
    await microtasks();
    assert.equal(resumes(), 1);
    await until(() => sent("c1").length === 1000);
    assert.deepEqual(sent("c1").map((m) => m.content.data), upTo(1000));
  });

  it("leaves the page its tasks and timers in between", async () => {
    const { p } = await counted();
    let tasks = 0, timers = 0;
    for (let n = 0; n < 20_000; n++) now(commMsg("c1", { N: n, Us: 20 }));
    const timer = setInterval(() => timers++, 1);
    while (kernel.sent.length < 20_000) {
      await task();
      assert.isBelow(++tasks, 1e6, `only ${kernel.sent.length} answers`);
    }
    clearInterval(timer);
    await until(() => left(p).slots === 0);
    assert.isAtLeast(tasks, 10);
    assert.isAtLeast(timers, 3);
    assert.deepEqual(sent("c1").map((m) => m.content.data), upTo(20_000));
    const { slots, lost } = left(p);
    assert.deepEqual({ slots, lost }, { slots: 0, lost: 0 });
  });

  // A comm's queue takes 64 MiB.
  it("of large messages wakes Go before its queue is full", async () => {
    await attach("probe");
    await deliver(commOpen("c1", "probe.ignore"));
    for (let n = 0; n < 20; n++) await deliver(commMsg("c1", n, { buffers: [new DataView(new ArrayBuffer(8 << 20))] }));
    assert.isEmpty(sent("c1", "comm_close"), "it was closed");
  });

  // Messages that were held are handed over with a microtask or two in between.
  it("with few microtasks in between wakes Go before its queue is full", async () => {
    await attach("probe");
    await deliver(commOpen("c1", "probe.ignore"));
    const buffers = [new DataView(new ArrayBuffer(0.9 * (1 << 20)))];
    for (let n = 0; n < 100; n++) {
      now(commMsg("c1", n, { buffers }));
      await null;
      if (n % 2) await null;
    }
    await until(() => left(program("probe")).slots === 0);
    assert.isEmpty(sent("c1", "comm_close"), "it was closed");
  });
});
