// The extension $NAME: JupyterLab 4 and Notebook 7 load it, and it has gocomm's own extension run Go programs on the kernel of
// each notebook.
// @ts-check
(function () {
  "use strict";
  const name = "$NAME";
  // They lie beside this file, with the hash of their content: browsers keep what they have from Lab's server.
  const programs = "$PROGRAMS".split(" ");
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  /** @type {any} */
  const page = window;

  /** @param {any} app JupyterLab's application */
  function activate(app) {
    const KEY = Symbol.for("gocomm.lab.1");
    const gocomm = page[KEY] ??= { programs: [] };
    programs.forEach(function (file) { gocomm.programs.push({ wasm: new URL(file, here).href }); });
    app.started.then(function () {
      if (gocomm.load) return;
      console.error("gocomm: the program of the extension " + name + " does not run, since the extension gocomm is missing or disabled: " +
        "install gocomm's wheel with pip, or enable it with `jupyter labextension enable gocomm`, and reload the page");
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
