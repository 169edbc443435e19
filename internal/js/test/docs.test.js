// @ts-nocheck: this is what the documents show, as they show it.
/* eslint no-unused-vars: off */

import { assert } from "chai";

import { commMsg, commOpen, deliver, attach as attachProgram, kernel, sent, stock } from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("the documents", () => {
  it("attach a program to a kernel object, and register a target: README.md", async () => {
    const attach = (/** @type {any} */ _, { wasm }) => attachProgram(wasm.slice(2, -5));
    const manager = await attach(kernel, { wasm: "./commmgr.wasm" });
    manager.register_target("my_comm_target", (comm, msg) => { comm.on_msg(m => console.log(m)); comm.send({ foo: 0 }); });
    await deliver(commOpen("c1", "my_comm_target"));
    assert.deepEqual(sent("c1").map((m) => m.content.data), [{ foo: 0 }]);
  });

  it("register a target in an extension that is loaded before there is a kernel: docs/cookbook.md", async () => {
    const Jupyter = { notebook: { kernel: null } }, handlers = {};
    let extension;
    const define = (_, f) => (extension = f(Jupyter, { on: (name, f) => (handlers[name] = f) }));
    define(["base/js/namespace", "base/js/events"], function (Jupyter, events) {
      "use strict";
      function register(kernel) {
        kernel.comm_manager.register_target("my_comm_target", function (comm, msg) {
          comm.on_msg(function (msg) { console.log(msg); });
          comm.on_close(function (msg) { console.log(msg); });
          comm.send({ foo: 0 });
        });
      }
      return {
        load_ipython_extension: function () {
          events.on("kernel_created.Session", function (event, data) { register(data.kernel); });
          if (Jupyter.notebook.kernel) register(Jupyter.notebook.kernel);
        },
      };
    });
    extension.load_ipython_extension();
    assert.notProperty(stock.targets, "my_comm_target");
    handlers["kernel_created.Session"]({}, { kernel });
    await deliver(commOpen("c1", "my_comm_target"));
    await deliver(commMsg("c1", 1));
    assert.deepEqual(stock.log, ["open c1", "msg c1 1"]);
    Jupyter.notebook.kernel = { comm_manager: { register_target: (name) => (handlers.early = name) } };
    extension.load_ipython_extension();
    assert.equal(handlers.early, "my_comm_target");
  });
});
