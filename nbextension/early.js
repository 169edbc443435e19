// Runs as soon as the script is there, before its modules do: a page that is loaded again must not be connected to the kernel
// before it is known whose session it goes on with. Where Notebook was quicker, its connection is taken back: gocomm/server.py
// has the server keep what it would drop then.
// @ts-check
(function () {
  "use strict";

  /** How long the page's connection waits for the modules. */
  var LATE_MS = 3000;

  /** @typedef {{kernel: any, id: string, wanted: boolean}} Held a kernel object, its kernel's id, and whether it has wanted to connect */
  /** @type {Held | null} */
  var held = null;
  /** @type {any} */
  var timer;
  var requirejs = /** @type {any} */ (globalThis).requirejs;
  var events = requirejs.defined("base/js/events") ? requirejs("base/js/events") : null;

  /** A notebook, as PageSession calls it. @param {string} base of the server @param {string} path */
  function nameOf(base, path) { return base + path; }

  /** Whether the page before this one has left something. */
  function isLeft() {
    /** @param {string} name */
    function data(name) { return decodeURIComponent(document.body.getAttribute("data-" + name) || ""); }
    try {
      return sessionStorage.getItem("gocomm.session:" + nameOf(data("base-url"), data("notebook-path"))) !== null;
    } catch {
      return false; // there is no storage
    }
  }

  /** @param {any} kernel @param {string} id @param {boolean} wanted */
  function hold(kernel, id, wanted) {
    /** @type {Held} */
    var mine = { kernel: kernel, id: id, wanted: wanted };
    kernel.start_channels = function () { mine.wanted = true; };
    return mine;
  }

  function created(/** @type {any} */ event, /** @type {any} */ data) {
    begin(hold(data.kernel, data.session.kernel_model.id, false));
  }

  /** @param {Held} mine */
  function begin(mine) {
    held = mine;
    timer = setTimeout(release, LATE_MS);
  }

  /** Takes the connection of a kernel object back. @param {any} kernel */
  function disconnect(kernel) {
    var ws = kernel.ws;
    if (!ws) return;
    ws.onopen = ws.onmessage = ws.onclose = ws.onerror = null;
    ws.close();
    kernel.ws = null;
  }

  /** What is held, for the caller to go on with. @returns {Held | null} */
  function take() {
    var taken = held;
    held = null;
    clearTimeout(timer);
    if (events) events.off("kernel_created.Session", created);
    return taken;
  }

  function release() {
    var taken = take();
    if (taken) connect(taken);
  }

  /** Has a kernel object connect, if it has wanted to. @param {Held} taken */
  function connect(taken) {
    delete taken.kernel.start_channels;
    if (taken.wanted) taken.kernel.start_channels();
  }

  if (events && isLeft()) {
    var notebook = requirejs.defined("base/js/namespace") && requirejs("base/js/namespace").notebook;
    if (notebook && notebook.kernel && notebook.kernel.id) {
      disconnect(notebook.kernel);
      begin(hold(notebook.kernel, notebook.kernel.id, true));
    } else events.on("kernel_created.Session", created);
  }
  /** @type {any} */ (globalThis).define("nbextensions/gocomm/early", [], function () {
    return { nameOf: nameOf, hold: hold, take: take, release: release, connect: connect, disconnect: disconnect };
  });
})();
