// The extension of JupyterLab and Notebook 7, in the form in which Lab loads extensions, written by hand. gocomm's extension
// calls started for each notebook, with a comm manager that has the methods of classic Notebook's.
// @ts-check
(function () {
  "use strict";
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  /** @type {any} */
  const page = window;

  const program = {
    /** @param {any} manager */
    async started(manager) {
      const { register } = await import(new URL("tasks.js", here).href);
      register(manager);
    },
  };
  const plugin = {
    id: "tasks:plugin",
    autoStart: true,
    activate() { (page[Symbol.for("gocomm.lab.1")] ??= { programs: [] }).programs.push(program); },
  };
  page._JUPYTERLAB ??= {};
  page._JUPYTERLAB.tasks = {
    init() {},
    get: async () => () => ({ __esModule: true, default: [plugin] }),
  };
})();
