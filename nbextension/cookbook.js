// The notebook extension gocomm/cookbook: runs the Go program cookbook.wasm, which
// lies beside this file. An extension of your own looks just like it.
// @ts-check
define(["module", "nbextensions/gocomm/main"], function (module, gocomm) {
  "use strict";
  return {
    load_ipython_extension: function () { gocomm.attach(module, "cookbook.wasm", "beside"); },
  };
});
