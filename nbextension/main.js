// The notebook extension gocomm/main: hands classic Notebook's kernel object to
// gocomm.js, with the drop-in comm manager. Other extensions load Go programs of
// their own with its attach; gocomm/extension/main.js does. The build makes
// one file of this and the modules that it names. "./hook" is web/comms/early.js: it holds messages until gocomm.js is there.
// @ts-check
/** @typedef {import("../web/gocomm.js").Kernel} Kernel */
define(["module", "base/js/namespace", "base/js/events", "./outputs", "./early", "./hook", "./session"], function (module, Jupyter, events, outputs, early, hook, session) {
  "use strict";

  /**
   * @typedef {{on: Function, kernel: Kernel | null, release: () => void, mode: "replace" | "beside", options?: object, stallLimit?: number, maxSend?: number}} Attached
   * @type {Attached[]}
   */
  var attached = [];
  /** gocomm.js, when it has come. @type {any} */
  var loaded = null;
  /** It has been reported that it will not come. */
  var missing = false;
  /** @type {(() => void) | null} */
  var unkeep = null;
  /** The status entry is wanted, or is there. @type {{node: HTMLElement, dispose: () => void} | boolean} */
  var entry = false;
  /** The page's session, which goes on when the page is loaded again. @type {{known: Promise<unknown>, stop: () => void} | null} */
  var kept = null;

  /** As web/runtime/compressed.js has it, which is not there yet. */
  function suffix() {
    try {
      new DecompressionStream(/** @type {any} */ ("brotli"));
      return ".br";
    } catch {
      return ".gz";
    }
  }

  /**
   * The address of a file that lies beside an AMD module.
   * @param {{uri: string}} module @param {string} file
   */
  function beside(module, file) {
    return new URL(file, new URL(module.uri, document.baseURI)).href.replace(/\?.*/, "");
  }

  /**
   * Starts a program on a kernel. Comm messages are held from the first moment on: none
   * that comes before the program is ready is lost. gocomm.js takes over what has gathered.
   * @param {Kernel} kernel @param {string} wasm @param {Attached} how
   */
  function attachTo(kernel, wasm, how) {
    var since = performance.now();
    var release = hook.MessageHook.of(kernel).hold("gocomm.js", since);
    // All in parallel; what fails is reported by whoever awaits it.
    var response = fetch(wasm + suffix());
    response.catch(function () {});
    import(wasm + ".js").catch(function () {});
    how.kernel = kernel;
    how.release = release;
    return import(beside(module, "gocomm.js")).then(function (gocomm) {
      return Promise.resolve(kept && kept.known).then(function () { return gocomm; }); // not asked before: other extensions may be first
    }).then(function (gocomm) {
      loaded = gocomm;
      if (entry === true) entry = show(gocomm);
      if (how.kernel !== kernel) return undefined; // taken off meanwhile
      var ready = gocomm.attach(kernel, {
        wasm: wasm, mode: how.mode, options: how.options, stallLimit: how.stallLimit, maxSend: how.maxSend, response: response, since: since,
      });
      release(); // the program holds them from here on
      return ready;
    }).catch(function (e) {
      release();
      if (how.kernel === kernel) report(e);
    });
  }

  /** @param {any} e why a program is not there */
  function report(e) {
    if (e && /^gocomm: /.test(e.message)) {
      console.error(e.message);
    } else if (!missing) {
      missing = true; // once is enough, however many programs there are
      console.error("gocomm: gocomm.js could not be loaded, the notebook's own comm manager stays: " + e);
    }
  }

  /** Takes a program's kernel off it: another takes its place, or the page is left as it was. @param {Attached} how */
  function leave(how) {
    var kernel = how.kernel;
    how.kernel = null;
    how.release();
    if (kernel && loaded) loaded.detach(kernel);
  }

  /**
   * Runs a Go program on the notebook's kernel, and on each kernel object that
   * takes its place. `file` lies beside the calling AMD module. Never throws: a
   * failure is reported on the console, and the notebook is as it was before.
   * @param {{uri: string}} module @param {string} file
   * @param {"replace" | "beside"} mode @param {object} [options] @param {number} [stallLimit] in ms @param {number} [maxSend] in bytes
   */
  function attach(module, file, mode, options, stallLimit, maxSend) {
    /** @type {Attached} */
    var how = { on: onKernel, kernel: null, release: function () {}, mode: mode, options: options, stallLimit: stallLimit, maxSend: maxSend };
    /** @param {Kernel | null} kernel */
    function on(kernel) {
      if (!kernel || kernel === how.kernel) return;
      leave(how);
      try {
        attachTo(kernel, beside(module, file), how);
      } catch (e) {
        report(e);
      }
    }
    function onKernel(/** @type {any} */ event, /** @type {any} */ data) { on(data.kernel); }
    // Extensions load before there is a kernel, or after: both happen.
    events.on("kernel_created.Session", onKernel);
    attached.push(how);
    on(Jupyter.notebook && Jupyter.notebook.kernel);
  }

  /** Takes gocomm and all of its programs off the page, which is as it was before then. */
  function detach() {
    attached.splice(0).forEach(function (how) {
      events.off("kernel_created.Session", how.on);
      leave(how);
    });
    if (kept) kept.stop();
    kept = null;
    if (unkeep) unkeep();
    unkeep = null;
  }

  /** Puts the status entry beside those of Notebook. @param {any} gocomm */
  function show(gocomm) {
    var shown = gocomm.statusEntry({
      kernel: function () { return Jupyter.notebook && Jupyter.notebook.kernel; },
      own: "Notebook's",
      leave: detach,
    });
    var area = document.getElementById("notification_area");
    if (area) area.prepend(shown.node);
    return shown;
  }

  /** As a user has set it: gocomm.yaml describes the settings. */
  function load() {
    var notebook = Jupyter.notebook;
    var settings = (notebook && notebook.config && notebook.config.data.gocomm) || {};
    var mode = settings.mode === undefined ? "replace" : settings.mode;
    if (mode !== "replace" && mode !== "beside") {
      early.release();
      console.error('gocomm: the setting gocomm.mode is "replace" or "beside", not ' + JSON.stringify(mode) +
        "; the notebook's own comm manager stays. Correct it among the nbextensions' settings, and reload the page.");
      return;
    }
    if (notebook && settings.resume === true) kept = session.keep(notebook);
    else early.release();
    entry = settings.status !== false;
    attach(module, "commmgr.wasm", mode, undefined, settings.stallLimit, settings.maxSend);
    if (notebook) unkeep = outputs.keep(notebook);
  }

  return { attach: attach, detach: detach, load_ipython_extension: load };
});
