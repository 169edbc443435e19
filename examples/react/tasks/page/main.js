// The extension of classic Notebook, an AMD module. It imports ES modules as any script does; nothing is bundled.
// @ts-check
define(["module", "base/js/namespace", "base/js/events"], function (module, Jupyter, events) {
  "use strict";
  /** @param {any} kernel */
  function register(kernel) {
    import(new URL("tasks.js", new URL(module.uri, location.href)).href).then(
      function (tasks) { tasks.register(kernel.comm_manager); },
      function (e) { console.error("tasks: the page's module could not be loaded: reload the page, or install the package again", e); }
    );
  }
  return {
    load_ipython_extension: function () {
      events.on("kernel_created.Session", function (/** @type {any} */ event, /** @type {any} */ data) { register(data.kernel); });
      if (Jupyter.notebook.kernel) register(Jupyter.notebook.kernel);
    },
  };
});
