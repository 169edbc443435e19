// Programs that cannot be loaded: web/runtime/load.js, and attach in web/gocomm.js.

import { assert } from "chai";

import { attach, commMsg, commOpen, deliver, errors, hub, kernel, program, sent, stock, until, web } from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** Where the .gz comes from. @param {BodyInit} body @param {string} type */
const response = (body, type) => ({ response: Promise.resolve(new Response(body, { headers: { "content-type": type } })) });

/** @type {Record<string, {name?: string, more?: () => any, says: string[]}>} */
const FAULTS = {
  "is not there": { name: "missing", says: ["missing.wasm", "404"] },
  "is not there, but its runtime is": { more: () => ({ response: fetch(`${web}/missing.wasm.gz`) }), says: ["404"] },
  "is a login page": {
    more: () => response("<!DOCTYPE html><title>Login</title>", "text/html"),
    says: [
      "probe.wasm.gz",
      "this is not WebAssembly (text/html); is it a login page? Otherwise reload the page, or build and install again",
    ],
  },
  "is cut off": {
    more: async () => {
      const gz = await (await fetch(`${web}/probe.wasm.gz`)).arrayBuffer();
      return response(gz.slice(0, 300_000), "application/gzip");
    },
    says: ["probe.wasm.gz: it is damaged or cut off", "build and install"],
  },
  "is not of Go": {
    more: () => response(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), "application/wasm"),
    says: ["this is no Go program"],
  },
  "has another runtime": {
    more: () => ({ wasm: `${web}/comms/hub`, response: fetch(`${web}/probe.wasm.gz`) }),
    says: ["hub.js: Error: this is not the runtime of a Go program"],
  },
  "is empty": { more: () => response("", "application/gzip"), says: ["this is not WebAssembly"] },
  "is garbage": {
    more: () => response("\0asm garbage", "application/wasm"),
    says: ["probe.wasm.gz", "build and install"],
  },
  "does not come over the network": {
    more: () => ({ response: Promise.reject(new TypeError("Failed to fetch")) }),
    says: ["probe.wasm.gz", "Failed to fetch"],
  },
  "is of another origin": {
    more: () => ({ wasm: "https://example.invalid/x.wasm" }),
    says: ["https://example.invalid/x.wasm is neither of the page's origin nor of gocomm.js's"],
  },
  "is attached in no known mode": { more: () => ({ mode: "instead" }), says: [`mode is "replace" or "beside", not "instead"`] },
  "is attached without a URL": {
    more: () => ({ wasm: undefined }),
    says: ["gocomm: attach: wasm is the URL of a program, or an object with url and Go, not undefined"],
  },
  "is attached without its Go": {
    more: () => ({ wasm: { url: new URL("https://example.invalid/x.wasm.gz") } }),
    says: ["gocomm: attach: wasm.Go is the default export of the program's .wasm.js, not undefined"],
  },
  "Vite has not moved with its package": {
    more: () => ({ wasm: { url: "/node_modules/.vite/deps/x.wasm.gz", Go: class {} } }),
    says: ["/node_modules/.vite/deps/x.wasm.gz: Vite before version 8", 'set optimizeDeps: { exclude: ["gocomm"] }'],
  },
  "is of another release": {
    more: () => {
      const { instantiate } = WebAssembly;
      WebAssembly.instantiate = /** @type {any} */ ((/** @type {any} */ module, /** @type {any} */ imports) => {
        const { hello } = imports.gocomm;
        imports.gocomm.hello = (/** @type {number} */ abi, /** @type {any[]} */ ...rest) => hello(abi + 1, ...rest);
        return instantiate(module, imports);
      });
    },
    says: ["was built for version", "build both from one release"],
  },
};

describe("a program", () => {
  for (const [fault, { name = "probe", more = () => ({}), says }] of Object.entries(FAULTS)) {
    it(`that ${fault} leaves all to the page's own manager, and the error says what to do`, async () => {
      const options = await more();
      stock.register_target("js", () => {});
      const attached = attach(name, {}, options);
      deliver(commOpen("c1", "js"));
      for (const n of [1, 2, 3]) deliver(commMsg("c1", n));
      const rejected = await attached.then(() => "it has not rejected", (e) => e.message);
      await until(() => stock.log.length === 4);
      for (const text of ["gocomm: ", ...says]) assert.include(rejected, text);
      assert.deepEqual(stock.log, ["open c1", "msg c1 1", "msg c1 2", "msg c1 3"]);
      assert.equal(kernel.comm_manager, stock);
      assert.isEmpty(errors());
    });
  }

  it("may come inflated by the server, and with any MIME type", async () => {
    const bytes = await (await fetch(`${web}/probe.wasm`)).arrayBuffer();
    await attach("probe", {}, response(bytes, "text/plain"));
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1"));
    await until(() => sent("c1").length === 1);
  });

  it("is taken in gzip from a server that answers with its one page where there is no brotli file", async () => {
    await attach("probe", {}, { response: fetch("data:text/html,page.br") });
    assert.isTrue(program("probe").running);
  });

  it("may have files with names of a bundler's, and a name of its own", async () => {
    const url = URL.createObjectURL(await (await fetch(`${web}/probe.wasm.gz`)).blob());
    const { default: Go } = await import(`${web}/probe.wasm.js`);
    await attach("probe", {}, { wasm: { url, Go, name: "probe.wasm" } });
    URL.revokeObjectURL(url);
    deliver(commOpen("c1", "probe.echo"));
    deliver(commMsg("c1"));
    await until(() => sent("c1").length === 1);
    program("probe").die("it has failed here"); // and is started again without its URL
    await until(() => hub().programs.size === 1 && program("probe").running);
    deliver(commOpen("c2", "probe.echo"));
    deliver(commMsg("c2"));
    await until(() => sent("c2").length === 1);
  });
});
