// The Go runtime's JavaScript, as the build wraps it: internal/tool/wasmexec.js.

import { assert } from "chai";

import { attach, commMsg, commOpen, deliver, sent, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("the Go runtime", () => {
  it("reads the property for a pending event once at the most, however often Go is woken", async () => {
    let reads = 0;
    const { get } = Reflect;
    Reflect.get = (/** @type {[any, any, any?]} */ ...args) => {
      if (args[1] === "_pendingEvent") reads++;
      return get(...args);
    };
    await attach("probe");
    await deliver(commOpen("c1", "probe.echo"));
    reads = 0;
    for (let n = 0; n < 50; n++) {
      await deliver(commMsg("c1", n));
      await until(() => sent("c1").length === n + 1);
    }
    assert.isAtMost(reads, 1);
  });
});
