// A notebook's page that is loaded again goes on as the client of the kernel that it was: the server hands it what the kernel
// sent meanwhile, the cells that were at work go on, and comms are offered to their targets.
// @ts-check
define(["base/js/events", "./early", "./hook", "./cells"], function (events, early, hook, cells) {
  "use strict";

  /** How long a page that is about to be left waits for its end, in ms. */
  var STAY_MS = 3000;

  /** @typedef {import("../web/session/page-session.js").Resumed} Left */

  /** @param {any} notebook */
  function nameOf(notebook) { return early.nameOf(notebook.base_url, notebook.notebook_path); }

  /** @param {any} notebook @returns {{known: Promise<unknown>, stop: () => void}} known: whose session the page has */
  function keep(notebook) {
    var session = new hook.PageSession(nameOf(notebook));
    /** Requests whose kernel has ended. @type {Set<string>} */
    var over = new Set();
    /** @type {() => void} */
    var tell = function () {};
    var known = new Promise(function (resolve) { tell = function () { resolve(undefined); }; });
    var alive = true;
    /** @type {any} */
    var current = null;
    /** When the page gave its connection up, in ms, or 0. */
    var leftAt = 0;
    /** @type {any} */
    var timer;

    /** @param {any} kernel */
    function begin(kernel) {
      alive = true;
      session.keep(kernel.session_id, function (/** @type {number} */ room) {
        if (!alive || !kernel.id) return null;
        var at = hook.MessageHook.at(kernel);
        var left = at ? at.left() : { kernelSession: "", comms: {}, messages: [] };
        return Object.assign({ at: leftAt || Date.now(), kernel: kernel.id, session: kernel.session_id, page: cells.leave(notebook, kernel, over, room) }, left);
      });
      current = kernel;
      tell();
    }

    /**
     * Gives the connection up before the next page is asked for: the server is busy with that for a while, and what the kernel
     * sent meanwhile would come on this connection when nobody hears it any more.
     */
    function leave() {
      if (!current || !current.is_connected()) return;
      early.disconnect(current);
      leftAt = Date.now();
      clearTimeout(timer);
      timer = setTimeout(stay, STAY_MS);
    }

    /** The page has stayed: its user has chosen so, or it was a download. */
    function stay() {
      leftAt = 0;
      if (alive && current && !current.is_connected()) current.reconnect();
    }

    /** @param {any} kernel @param {Left} left */
    function goOn(kernel, left) {
      kernel.session_id = left.session;
      left.busy = left.page.cells.some(function (/** @type {any} */ cell) { return cell.running; });
      hook.MessageHook.of(kernel).resumed = left;
      events.one("kernel_connected.Kernel", function () { left.back = Date.now(); });
      left.ended = cells.restore(notebook, kernel, events, left.page);
      left.messages.forEach(function (data) { kernel._handle_ws_message({ data: data }); });
    }

    function created(/** @type {any} */ event, /** @type {any} */ data) {
      if (session.left) decide(early.hold(data.kernel, data.session.kernel_model.id, false));
      else begin(data.kernel);
    }

    /** @param {{kernel: any, id: string, wanted: boolean}} held a kernel object that is not connected yet */
    function decide(held) {
      session.take(held.id).then(function (/** @type {Left | null} */ left) {
        if (left) goOn(held.kernel, left);
      }).catch(failed).then(function () {
        early.connect(held);
        begin(held.kernel);
      });
    }

    function failed(/** @type {unknown} */ e) {
      console.error("gocomm: the page before this one left something that cannot be used:", e);
    }

    function restarts() {
      Object.keys(cells.requests()).forEach(function (msg) { over.add(msg); });
    }

    function ends() {
      restarts();
      alive = false;
    }

    function renamed() { session.rename(nameOf(notebook)); }

    events.on("kernel_created.Session", created);
    events.on("kernel_restarting.Kernel", restarts);
    events.on("kernel_killed.Session kernel_dead.Kernel", ends);
    events.on("notebook_renamed.Notebook", renamed);
    addEventListener("beforeunload", leave);
    addEventListener("pagehide", leave);
    var held = early.take();
    if (held) decide(held);
    else if (notebook.kernel) begin(notebook.kernel);
    return {
      known: known,
      stop: function () {
        events.off("kernel_created.Session", created);
        events.off("kernel_restarting.Kernel", restarts);
        events.off("kernel_killed.Session kernel_dead.Kernel", ends);
        events.off("notebook_renamed.Notebook", renamed);
        removeEventListener("beforeunload", leave);
        removeEventListener("pagehide", leave);
        session.stop();
        tell();
      },
    };
  }

  return { keep: keep };
});
