// Go's garbage collector: it parks the goroutine that allocates, wherever that is. Others that come in between must
// find nothing half done.

import { assert } from "chai";

import {
  attach, commClose, commMsg, commOpen, deliver, errors, kernel, now, program, sent, task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** How many places of the first collection are tried, each with a program of its own. */
const OFFSETS = 16;

describe("a program's first collection", () => {
  for (let i = 0; i < OFFSETS; i++) {
    const ballast = Math.floor(3000 * i / OFFSETS);
    it(`harms nothing with ${ballast} KB allocated before`, async () => {
      await attach("probe", { ballast });
      const p = program("probe");
      for (const [id, target] of Object.entries({ busy: "churn", sleepy: "sleepy", sink: "sink" })) {
        await deliver(commOpen(id, `probe.${target}`));
      }
      for (let i = 0; i < 5; i++) await task();
      now(commMsg("sleepy"));
      await task();
      for (let i = 0; i < 17_000; i++) now(commMsg("sink", i));
      const over = () => p.dead || sent("sleepy").length === 1 || errors().length > 0;
      await until(over, "the sleepy comm has answered", 3000).catch(() => {});
      await deliver(commClose("busy"));
      assert.isNotOk(p.dead, errors()[0]);
      assert.isEmpty(errors());
      assert.lengthOf(sent("sleepy"), 1);
    });
  }
});

describe("a collector at work nearly all the time", () => {
  it("has each message handled once", async () => {
    await attach("probe", { gc: 2 });
    const comms = Array.from({ length: 50 }, (_, i) => `c${i}`), messages = 20_000;
    for (const id of comms) await deliver(commOpen(id, "probe.echo"));
    for (let n = 0; n < messages; n++) now(commMsg(comms[n % comms.length], n));
    const all = () => comms.reduce((sum, id) => sum + sent(id).length, 0);
    await until(() => all() >= messages || program("probe").dead, "all are echoed", 45_000);
    assert.equal(all(), messages);
    const seen = new Set(kernel.sent.filter((m) => m.type === "comm_msg").map((m) => m.content.data));
    assert.equal(seen.size, messages);
    assert.isEmpty(errors());
  });
});
