// What JavaScript has ready for Go to take: web/runtime/staging.js.

import { assert } from "chai";

import { attach, commMsg, commOpen, errors, left, now, program, sent, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("a text that Go is to take", () => {
  // The garbage collector may park a goroutine between asking for a text and taking it, and another one asks
  // meanwhile. Here something else is staged after each text, as such a goroutine would have it.
  it("is not mixed up with another goroutine's", async () => {
    await attach("probe");
    const p = program("probe");
    let others = 0;
    const { put } = p.staging;
    p.staging.put = function (bytes) {
      const n = put.call(this, bytes);
      put.call(this, new Uint8Array(200_000).fill(33));
      others++;
      return n;
    };
    now(commOpen("echo", "probe.echo"));
    now(commOpen("merge", "probe.merge"));
    now(commOpen("plan", "probe.plan", "string"));
    now(commMsg("echo", "mine"));
    for (const name of ["x", "y", "x"]) now(commMsg("merge", { name }));
    now(commMsg("plan", "x".repeat(100_000)));
    await until(() => sent("echo").length + sent("merge").length + sent("plan").length >= 4 || errors().length);
    await until(() => left(p).slots === 0);

    assert.isEmpty(errors());
    assert.deepEqual(sent("echo").map((m) => m.content.data), ["mine"]);
    assert.deepEqual(sent("merge").map((m) => m.content.data.name), ["y", "x"]);
    assert.deepEqual(sent("plan").map((m) => m.content.data), [""], "the plan's differences to encoding/json");
    assert.isAbove(others, 6);
    assert.lengthOf(p.staging.bytes.filter((s) => s), others, "what Go has taken is forgotten");
    assert.equal(left(p).slots, 0);
  });
});
