// Loads the test program wasm/conformance, as an extension of its own would.
define(["module", "nbextensions/gocomm/main"], function (module, gocomm) {
  "use strict";
  return { load_ipython_extension: function () { gocomm.attach(module, "conformance.wasm", "beside"); } };
});
