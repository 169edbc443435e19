// The forms in which programs travel: web/runtime/compressed.js, and web/runtime/delta.js with what `make build` makes.

import { assert } from "chai";

import { describe, it } from "./testing.js";
import { web } from "./window.js";

/** @type {typeof import("../../../web/runtime/compressed.js")} */
const { fromDelta, known } = await import(`${web}/runtime/compressed.js`);
/** @type {typeof import("../../../web/runtime/delta.js")} */
const { apply } = await import(`${web}/runtime/delta.js`);
/** @type {typeof import("../../../web/runtime/load.js")} */
const { fetchProgram } = await import(`${web}/runtime/load.js`);

const bytes = async (/** @type {string} */ url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const end = (/** @type {Uint8Array} */ head) => Array.from(head.subarray(0, 8), (b) => b.toString(16).padStart(2, "0")).join("");
const same = (/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

describe("a program without brotli", () => {
  it("is fetched in gzip, also where its URL has a query", async () => {
    const { module } = await fetchProgram({ name: "program", url: `${web}/cookbook.wasm?v=1` }, fetch(`${web}/cookbook.wasm.br?v=1`));
    assert.isNotEmpty(WebAssembly.Module.exports(module));
  });
});

describe("a program that differs from another one", () => {
  it("is made of that one, once the page has it", async () => {
    const delta = await bytes(`${web}/../widgets/counter.wasm.delta`);
    assert.isUndefined(await known(end(delta)));
    for (const name of ["cookbook", "commmgr"]) await fetchProgram({ name, url: `${web}/${name}.wasm` });
    const base = await known(end(delta));
    assert.isTrue(base && same(base, await bytes(`${web}/commmgr.wasm`)));
    const made = await fromDelta(/** @type {NonNullable<typeof base>} */ (base), delta);
    assert.isTrue(same(made, await bytes(`${web}/counter.wasm`)));
    assert.isBelow(delta.length, 0.6 * (await bytes(`${web}/commmgr.wasm.gz`)).length);
  });

  it("fails where its delta is damaged", async () => {
    const delta = await bytes(`${web}/../widgets/counter.wasm.delta`);
    const base = await bytes(`${web}/commmgr.wasm`);
    const rejected = await fromDelta(base, delta.slice(0, 100_000)).then(() => "", String);
    assert.include(rejected, "TypeError");
    // Copies two bytes, then one to which 5 is added, and has 9 after them.
    const small = Uint8Array.of(6, 3, 4, /* steps */ 2, 0, 0, 1, 1, 0, /* differences */ 0, 0, 5, /* new */ 9);
    const letters = Uint8Array.of(10, 20, 30);
    assert.deepEqual([...apply(letters, small)], [10, 20, 35, 9]);
    assert.throws(() => apply(letters, small.subarray(0, 12)), "it is damaged, or for another program");
    assert.throws(() => apply(letters.subarray(0, 1), small), "it is damaged, or for another program");
  });
});
