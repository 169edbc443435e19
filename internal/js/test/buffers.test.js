// Buffers stay in JavaScript until a handler asks for them, and are copied once then, whatever their size.

import { assert } from "chai";

import { attach, commMsg, commOpen, left, now, program, sent, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

const MB = 1 << 20;

describe("buffers of a message", () => {
  it("take no memory of Go's until they are read, and then one copy", async () => {
    await attach("probe");
    const pattern = Uint8Array.from({ length: 256 }, (_, i) => i * 31);
    const bytes = new Uint8Array(64 * MB + 8);
    for (let at = 4; at < bytes.length; at += 256) bytes.set(pattern.subarray(0, Math.min(256, bytes.length - at)), at);
    const view = new DataView(bytes.buffer, 4, 64 * MB); // a part of what is behind it
    const memory = () => program("probe").memory().length;
    now(commOpen("unread", "probe.unread"));
    now(commOpen("large", "probe.large"));
    now(commMsg("unread", 0, { buffers: [new DataView(new ArrayBuffer(1))] }));
    await until(() => sent("unread").length === 1);
    const before = memory();
    for (let n = 0; n < 100; n++) { // more at once would fill its queue
      now(commMsg("unread", n, { buffers: [view] }));
      await until(() => sent("unread").length === n + 2);
    }
    const unread = memory();
    now(commMsg("large", 0, { buffers: [view, new ArrayBuffer(0)] }));
    await until(() => sent("large").length === 1);

    assert.deepEqual(sent("large")[0].content.data, { lengths: [64 * MB, 0], wrong: 0 });
    assert.lengthOf(sent("unread").filter((m) => m.content.data === 64 * MB), 100);
    assert.isBelow(unread - before, MB, "bytes of memory for what nobody has read");
    assert.isBelow(memory() - unread, 100 * MB, "bytes of memory: one copy, and no second");
    assert.equal(left(program("probe")).slots, 0);
  });
});
