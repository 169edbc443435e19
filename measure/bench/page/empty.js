// An nbextension that runs a Go program with an empty main, loaded as gocomm/main loads its own.
define([], function () {
  "use strict";
  return {
    load_ipython_extension: function () {
      var wasm = new URL("/nbextensions/bench/empty.wasm", location).href;
      var response = fetch(wasm + ".gz");
      return import("/nbextensions/web/runtime/load.js").then(function (load) {
        return load.fetchProgram({ name: "empty.wasm", url: wasm }, response);
      }).then(function (program) {
        var go = new program.Go();
        return WebAssembly.instantiate(program.module, go.importObject).then(function (instance) { return go.run(instance); });
      });
    },
  };
});
