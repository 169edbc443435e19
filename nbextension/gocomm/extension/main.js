// The notebook extension $NAME: classic Notebook loads it, and it has gocomm run Go programs on the notebook's kernel.
// @ts-check
define(["module", "require"], function (module, require) {
  "use strict";
  /** They lie beside this file. */
  var programs = "$PROGRAMS".split(" ");

  function load() {
    // Not among the dependencies above: without gocomm the console is to say so.
    require(["nbextensions/gocomm/main"], function (/** @type {any} */ gocomm) {
      programs.forEach(function (file) { gocomm.attach(module, file, "beside"); });
    }, function (/** @type {any} */ e) {
      console.error("gocomm: the program of the extension $NAME does not run, since the extension gocomm/main could not be loaded: " +
        "install gocomm's wheel with pip, and reload the page (" + e.message.split("\n")[0] + ")");
    });
  }

  return { load_ipython_extension: load };
});
