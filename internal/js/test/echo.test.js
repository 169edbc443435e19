// Messages to Go and back.

import { assert } from "chai";

import { attach, commMsg, commOpen, deliver, kernel, left, program, sent, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("a message that Go sends back", () => {
  it("has every byte of its data, metadata and buffers", async () => {
    await attach("probe", {}, { mode: "beside" });
    const big = new Uint8Array(1 << 20);
    for (let at = 0; at < big.length; at += 1 << 16) crypto.getRandomValues(big.subarray(at, at + (1 << 16)));
    const buffers = [
      new DataView(new ArrayBuffer(0)), new DataView(Uint8Array.of(255).buffer), new DataView(big.slice(0, 4096).buffer),
      new DataView(big.buffer), new DataView(big.buffer, 1001, 77), big.slice(5, 9).buffer, new Uint8Array(big.buffer, 3, 5),
    ];
    const data = { text: "é\u{1F600}\uFEFF\u0000 \"", list: [1, null, 1.5e300], nested: { a: {} } };
    const metadata = { version: "2.1", ö: [1] };
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1", data, { metadata, buffers }));
    deliver(commMsg("c1", "only a string"));
    await until(() => sent("c1").length === 2, "both echoes came");
    const [echo, second] = sent("c1");

    assert.equal(JSON.stringify(echo.content.data), JSON.stringify(data));
    assert.deepEqual(echo.metadata, { version: "2.1", ö: [1] });
    const back = echo.buffers ?? [];
    assert.deepEqual(back.map((b) => b.byteLength), [0, 1, 4096, 1 << 20, 77, 4, 5]);
    back.forEach((b, i) => {
      assert.instanceOf(b, ArrayBuffer);
      assert.isTrue(same(bytes(b), bytes(buffers[i])), `buffer ${i}`);
    });
    assert.equal(second.content.data, "only a string");
    assert.lengthOf(second.buffers ?? [], 0);
    assert.lengthOf(kernel.sent, 2);
    const { slots, lost } = left(program("probe"));
    assert.deepEqual({ slots, lost }, { slots: 0, lost: 0 });
  });

  it("may be for another page; but only this page's comms are closed", async () => {
    await attach("probe");
    deliver(commOpen("c1", "probe.echo", {}, { own: false }));
    deliver(commMsg("c1", 7, { own: false }));
    await until(() => sent("c1").length === 1);
    deliver(commOpen("c2", "probe.refused", {}, { own: false }));
    deliver(commOpen("c3", "probe.refused", {}, { own: true }));
    await until(() => sent("c3", "comm_close").length === 1);
    assert.isEmpty(sent("c2", "comm_close"));
  });
});

/** @param {ArrayBuffer | ArrayBufferView} b */
function bytes(b) {
  return ArrayBuffer.isView(b) ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b);
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function same(a, b) {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
