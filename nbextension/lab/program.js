// An extension of JupyterLab 4 and Notebook 7 that loads one Go program, which lies beside this file: gocomm's own
// extension runs it on the kernel of each notebook. The names are the only thing to change for a program of your own.
// @ts-check
(function () {
  "use strict";
  const name = "gocomm-cookbook", file = "cookbook.wasm";
  const wasm = new URL(file, /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  /** @type {any} */
  const page = window;

  /** @param {any} app JupyterLab's application */
  function activate(app) {
    const KEY = Symbol.for("gocomm.lab.1");
    const gocomm = page[KEY] ??= { programs: [] };
    gocomm.programs.push({ wasm: wasm });
    app.started.then(function () {
      if (gocomm.load) return;
      console.error("gocomm: " + file + " of the extension " + name + " does not run, since the extension gocomm is missing or disabled: " +
        "install gocomm's wheel with pip, or enable it with `jupyter labextension enable gocomm`");
    });
  }

  const plugin = { id: name + ":plugin", autoStart: true, activate: activate };
  page._JUPYTERLAB ??= {};
  page._JUPYTERLAB[name] = {
    init: function () {},
    get: function () {
      return Promise.resolve(function () { return { __esModule: true, default: [plugin] }; });
    },
  };
})();
