// The limits of a comm's queue, the frames that handlers keep to, and the watchdog.

import { assert } from "chai";

import { attach, commMsg, commOpen, errors, hub, left, lines, now, program, sent, task, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("a comm whose queue is full", () => {
  it("ends, and says why on both sides", async () => {
    await attach("probe");
    now(commOpen("c1", "probe.closes"));
    now(commMsg("c1", 1));
    await until(() => sent("c1").length === 1);
    for (let n = 0; n < 50; n++) now(commMsg("c1", 1));
    await until(() => left(program("probe")).slots === 0);
    const { reason } = sent("c1", "comm_close")[0].content.data;
    assert.include(reason, `comm_msg: comm "c1" (target "probe.closes"): the queue is full`);
    assert.equal(errors()[0], reason.replace("commmgr: ", "gocomm: "));
    assert.lengthOf(errors(), 2, "and what waited finds that it cannot answer any more, told once");
    assert.deepEqual(left(program("probe")), { slots: 0, lost: 0, routes: 0 });
  });

  it("lives on where it is to tell of what it dropped", async () => {
    await attach("probe");
    now(commOpen("c1", "probe.tells"));
    now(commMsg("c1", 1));
    await until(() => sent("c1").length === 1);
    for (let n = 0; n < 50; n++) now(commMsg("c1", 1));
    await until(() => sent("c1").length === 13); // ten are done, the overflow is told to either side
    now(commMsg("c1", 1));
    await until(() => sent("c1").length === 14);
    await until(() => left(program("probe")).slots === 0);
    const said = sent("c1").map((m) => m.content.data);
    assert.property(said[1], "overflow", "the kernel is told at once");
    const told = said[12];
    assert.equal(told.dropped, 40);
    assert.equal(told.queue.dropped, 40);
    assert.equal(told.queue.max_messages, 10);
    assert.deepEqual(said.filter((_, i) => i !== 1 && i !== 12), Array(12).fill("done"));
    assert.lengthOf(errors(), 1);
    assert.include(errors()[0], "what does not fit is dropped");
    assert.equal(left(program("probe")).slots, 0);
  });
});

describe("a handler of each frame", () => {
  it("gets the newest message of each key, once for each frame of the page, on a hidden page as well", async () => {
    await attach("probe");
    now(commOpen("c1", "probe.frames"));
    for (let n = 0; n < 1000; n++) for (const name of ["x", "y"]) now(commMsg("c1", { name, value: n }));
    await until(() => sent("c1").length === 2);
    assert.deepEqual(sent("c1").map((m) => m.content.data.value), [999, 999]);

    const newest = () => sent("c1").at(-1)?.content.data.value;
    const { requestAnimationFrame } = globalThis;
    let frames = 0, early = 0;
    globalThis.requestAnimationFrame = (f) => requestAnimationFrame((time) => {
      frames++;
      f(time);
    });
    for (let n = 0; n < 200; n++) {
      now(commMsg("c1", { name: "z", value: n }));
      await task();
      if (sent("c1").length - 2 > frames) early++;
    }
    await until(() => left(program("probe")).slots === 0 && newest() === 199);
    assert.equal(early, 0, "messages handled before their frame");
    assert.isAbove(frames, 0);
    assert.equal(sent("c1").length - 2, frames);

    globalThis.requestAnimationFrame = () => 0; // as on a hidden page
    now(commMsg("c1", { name: "z", value: -1 }));
    await until(() => newest() === -1);
    assert.equal(left(program("probe")).slots, 0);
  });
});

/** Browsers give a hidden page no frames, and after some minutes fire its timers once a minute. */
describe("a stream of each frame on a page that is hidden for long", () => {
  it("is handled as it comes, overflows nowhere, and shows its newest on return", async () => {
    await attach("probe");
    now(commOpen("c1", "probe.frames"));
    now(commMsg("c1", { name: "first" }));
    await until(() => sent("c1").length === 1);
    const { setTimeout, requestAnimationFrame } = globalThis;
    /** @type {FrameRequestCallback[]} */
    const frames = [];
    let passed = 0, timers = 0;
    const clock = performance.now.bind(performance);
    performance.now = () => clock() + passed;
    globalThis.requestAnimationFrame = (f) => frames.push(f);
    globalThis.setTimeout = /** @type {any} */ ((/** @type {any} */ f, ms = 0, /** @type {any[]} */ ...args) =>
      ms >= 1000 ? ++timers : setTimeout(f, ms, ...args));
    let most = 0;
    for (let n = 0; n < 300; n++) { // for 10 s
      passed += 1000 / 30;
      now(commMsg("c1", { name: `${n}`, value: n }));
      await task();
      most = Math.max(most, n + 2 - sent("c1").length);
    }
    assert.isAtMost(most, 35, "messages that waited");
    assert.isAtLeast(sent("c1").length, 300 - 35);
    assert.isAtMost(frames.length, 2, "frames asked for");
    assert.isAtMost(timers, 2);
    now(commMsg("c1", { name: "last", value: "newest" }));
    await task();
    const newest = () => sent("c1").at(-1)?.content.data.value;
    assert.notEqual(newest(), "newest");

    Object.assign(globalThis, { setTimeout, requestAnimationFrame });
    for (const f of frames.splice(0)) f(performance.now());
    await until(() => newest() === "newest");
    assert.lengthOf(sent("c1"), 302);
    assert.isEmpty(errors());
    assert.isTrue(hub().routes.has("c1"));
    assert.equal(left(program("probe")).slots, 0);
  });
});

describe("the watchdog", () => {
  it("names a handler that waits while it waits, and one that keeps the page when it returns", async () => {
    await attach("probe", { watchdog: 200 });
    now(commOpen("c1", "probe.block"));
    now(commOpen("c2", "probe.spin"));
    now(commOpen("c3", "probe.block"));
    await until(() => left(program("probe")).slots === 0);
    lines.length = 0; // on a slow machine, the first call of a handler takes its time
    now(commMsg("c1", 1500));
    await until(() => errors().length === 1);
    assert.isEmpty(sent("c1"), "it was named before it returned");
    assert.match(
      errors()[0],
      /^gocomm: comm_msg: comm "c1" \(target "probe.block"\): the handler is busy: for 0\.\d s so far; 0 messages/,
    );
    now(commMsg("c2", { N: 1, Us: 300_000 }));
    now(commMsg("c3", 1));
    await until(() => sent("c1").length && sent("c2").length && sent("c3").length);
    await until(() => errors().length === 2);
    assert.match(errors()[1], /comm "c2" \(target "probe.spin"\): the handler is busy: it took 0\.\d s/);
  });
});
