// The notebook extension gocomm/main: hands classic Notebook's kernel object to
// gocomm.js, with the drop-in comm manager. Other extensions load Go programs of
// their own with its attach; cookbook.js shows how.
// @ts-check
/** @typedef {import("../web/gocomm.js").Kernel} Kernel */
define(["module", "base/js/namespace", "base/js/events", "./outputs"], function (module, Jupyter, events, outputs) {
  "use strict";

  var TYPES = ["comm_open", "comm_msg", "comm_close"];
  var PATIENCE = 5000; // ms that gocomm.js itself may take
  var HUB = Symbol.for("gocomm.hub");
  var HOLD = Symbol.for("gocomm.hold");

  /**
   * @typedef {{on: Function | null, kernels: Kernel[], mode: "replace" | "beside", options?: object, stallLimit?: number}} Attached
   * @type {Attached[]}
   */
  var attached = [];
  /** gocomm.js, when it has come. @type {any} */
  var loaded = null;
  /** It has been reported that it will not come. */
  var missing = false;
  /** @type {(() => void) | null} */
  var unkeep = null;

  /**
   * The address of a file that lies beside an AMD module.
   * @param {{uri: string}} module @param {string} file
   */
  function beside(module, file) {
    return new URL(file, new URL(module.uri, document.baseURI)).href.replace(/\?.*/, "");
  }

  /**
   * Comm messages are held from the first moment on: none that comes before the
   * program is ready is lost. gocomm.js takes over what has gathered here.
   * @param {any} kernel
   */
  function hold(kernel) {
    if (kernel[HUB] || kernel[HOLD]) return;
    var saved = TYPES.map(function (type) { return kernel.get_iopub_handler(type); });
    /** @type {any[] | null} */
    var queue = [];
    var hooks = TYPES.map(function (type, n) {
      return function (/** @type {any} */ msg) {
        if (!queue) return saved[n](msg); // another script's handler, which passes on to this one, has stayed
        queue.push([n, msg]);
        return undefined;
      };
    });
    TYPES.forEach(function (type, n) { kernel.register_iopub_handler(type, hooks[n]); });
    kernel[HOLD] = {
      saved: saved,
      since: performance.now(),
      /** Puts things back as they were, and gives what was held. */
      release: function () {
        var held = queue;
        queue = null;
        delete kernel[HOLD];
        TYPES.forEach(function (type, n) {
          if (kernel.get_iopub_handler(type) === hooks[n]) kernel.register_iopub_handler(type, saved[n]);
        });
        return held;
      },
    };
  }

  /**
   * Without gocomm.js everything is as if this extension were not there. Tells whether it was.
   * @param {any} kernel
   */
  function release(kernel) {
    var held = kernel[HOLD];
    if (!held) return false;
    held.release().forEach(function (/** @type {any} */ entry) {
      var type = TYPES[entry[0]], msg = entry[1];
      // One that fails must not take those behind it along.
      new Promise(function (resolve) { resolve(held.saved[entry[0]](msg)); }).catch(function (e) {
        console.error("gocomm: a " + type + " that was held could not be handled:", e);
      });
    });
    return true;
  }

  /**
   * @param {Kernel} kernel @param {string} wasm @param {Attached} how
   */
  function attachTo(kernel, wasm, how) {
    hold(kernel);
    var response = fetch(wasm + ".gz"); // in parallel with the module's
    response.catch(function () {}); // reported by whoever awaits it
    var impatient = setTimeout(function () {
      if (!release(kernel)) return;
      console.warn("gocomm: gocomm.js has not answered for " + PATIENCE / 1000 + " s; until it does, the notebook's own comm manager works");
    }, PATIENCE);
    return import(beside(module, "gocomm.js")).then(function (gocomm) {
      clearTimeout(impatient);
      if (!how.on) return undefined; // taken off meanwhile
      loaded = gocomm;
      return gocomm.attach(kernel, { wasm: wasm, mode: how.mode, options: how.options, stallLimit: how.stallLimit, response: response });
    }).catch(function (e) {
      clearTimeout(impatient);
      release(kernel);
      if (e && /^gocomm: /.test(e.message)) {
        console.error(e.message);
      } else if (!missing) {
        missing = true; // once is enough, however many programs there are
        console.error("gocomm: gocomm.js could not be loaded, the notebook's own comm manager stays: " + e);
      }
    });
  }

  /**
   * Runs a Go program on the notebook's kernel, and on each kernel object that
   * takes its place. `file` lies beside the calling AMD module. Never throws: a
   * failure is reported on the console, and the notebook is as it was before.
   * @param {{uri: string}} module @param {string} file
   * @param {"replace" | "beside"} mode @param {object} [options] @param {number} [stallLimit]
   */
  function attach(module, file, mode, options, stallLimit) {
    /** @type {Attached} */
    var how = { on: onKernel, kernels: [], mode: mode, options: options, stallLimit: stallLimit };
    /** @param {Kernel | null} kernel */
    function on(kernel) {
      if (!kernel || kernel === how.kernels[how.kernels.length - 1]) return;
      how.kernels.push(kernel);
      attachTo(kernel, beside(module, file), how);
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
      how.on = null;
      how.kernels.forEach(function (kernel) {
        if (loaded) loaded.detach(kernel);
        release(kernel);
      });
    });
    if (unkeep) unkeep();
    unkeep = null;
  }

  /** As a user has set it: gocomm.yaml describes the settings. */
  function load() {
    var notebook = Jupyter.notebook;
    var settings = (notebook && notebook.config && notebook.config.data.gocomm) || {};
    var mode = settings.mode === undefined ? "replace" : settings.mode;
    if (mode !== "replace" && mode !== "beside") {
      console.error('gocomm: the setting gocomm.mode is "replace" or "beside", not ' + JSON.stringify(mode) +
        "; the notebook's own comm manager stays. Correct it among the nbextensions' settings, and reload the page.");
      return;
    }
    attach(module, "commmgr.wasm", mode, undefined, settings.stallLimit);
    if (notebook) unkeep = outputs.keep(notebook);
  }

  return { attach: attach, detach: detach, load_ipython_extension: load };
});
