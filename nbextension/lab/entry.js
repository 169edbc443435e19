// gocomm's extension for JupyterLab 4 and Notebook 7, as a module container without webpack: runs the programs of
// other extensions on the kernels of notebooks. Each page of Lab loads it before it starts, so it is small, and
// loads lab.js when there is a program. web/lab.d.ts says how a program is registered; ../gocomm/extension/lab.js does it.
// @ts-check
(function () {
  "use strict";
  /** How long messages wait for lab.js, as for a program. */
  const LIMIT_MS = 5000;
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  /** @type {any} */
  const page = window;
  /** @type {any} */
  let scope;

  /** @param {any} app JupyterLab's application */
  function activate(app) {
    const KEY = Symbol.for("gocomm.lab.1");
    /** @type {{programs: any[], load?: () => Promise<any>, settings?: () => Promise<any>}} */
    const shared = page[KEY] ??= { programs: [] };
    /** The connections of notebooks. @type {Set<any>} */
    const connections = new Set();
    /** Notebooks, and their session contexts. @type {Map<any, any>} */
    const panels = new Map();
    /** Gives each notebook a status entry, once lab.js is there. */
    let show = function () {};
    /** @type {Promise<any> | undefined} */
    let lab;
    function load() {
      if (!lab) lab = import(new URL("lab.js?v=$LAB_HASH", here).href);
      return lab;
    }
    shared.load = load;

    // As they are on the server now: what is changed in the Settings Editor holds for the next connection.
    function settings() {
      return app.serviceManager.settings.fetch(plugin.id).then(function (/** @type {any} */ fetched) {
        /** @type {Record<string, any>} */
        const defaults = {};
        for (const name in fetched.schema.properties) defaults[name] = fetched.schema.properties[name].default;
        return Object.assign(defaults, fetched.settings);
      }).catch(function (/** @type {any} */ e) {
        console.error("gocomm: its settings could not be read, so the defaults are taken; correct them in the Settings Editor: " + e);
        return {};
      });
    }
    shared.settings = settings;

    /** @param {any} e */
    function report(e) {
      console.error(/^gocomm: /.test(e && e.message) ? e.message : "gocomm: lab.js could not be loaded, comms of Go programs do not work: " + e);
    }

    /** @param {any} connection @param {any[]} programs */
    function run(connection, programs) {
      const own = Object.hasOwn(connection, "_handleMessage"); // messages wait, or gocomm has them, already
      /** @type {any} */
      let held = null;
      function letGo() {
        if (held && connection._handleMessage === held) delete connection._handleMessage;
      }
      const over = Promise.all([load(), settings()]).then(function (all) {
        letGo();
        if (connection.isDisposed) return;
        const module = all[0], set = all[1];
        if (set.enabled === false) return void console.info("gocomm: is switched off in the Settings Editor, programs in Go do not run");
        if (set.status !== false) {
          show = function () {
            panels.forEach(function (session, panel) { module.showStatus(panel, session, scope).catch(report); });
          };
          show();
        }
        try {
          module.labKernel(connection);
        } catch (e) {
          return report(e); // once, however many programs there are
        }
        programs.forEach(function (program) {
          try {
            module.run(connection, { stallLimit: set.stallLimit, maxSend: set.maxSend, ...program }).catch(report);
          } catch (e) {
            report(e);
          }
        });
      }).catch(function (e) {
        letGo();
        lab = undefined;
        report(e);
      });
      if (own || typeof connection._handleMessage !== "function") return;
      // Lab handles one message after the other: what comes meanwhile waits behind the first one of a comm.
      const handle = connection._handleMessage;
      /** @type {Promise<unknown> | undefined} */
      let wait;
      /** @param {any} msg */
      held = function (msg) {
        if (!/^comm_(open|msg|close)$/.test(msg.header.msg_type)) return handle.call(connection, msg);
        const first = connection._handleMessage === held; // or gocomm has been put before it, and the message comes from there
        if (!wait) wait = Promise.race([over, new Promise(function (resolve) { setTimeout(resolve, LIMIT_MS); })]);
        return wait.then(function () {
          letGo();
          return first ? connection._handleMessage(msg) : handle.call(connection, msg);
        });
      };
      connection._handleMessage = held;
    }

    /** @param {any} connection */
    function on(connection) {
      if (!connection || connections.has(connection)) return;
      connections.add(connection);
      connection.disposed.connect(function () { connections.delete(connection); });
      if (shared.programs.length > 0) run(connection, shared.programs.slice());
    }

    // Whoever comes later than a notebook is run on it too.
    shared.programs.push = function () {
      const more = Array.from(arguments);
      connections.forEach(function (connection) { run(connection, more); });
      return Array.prototype.push.apply(shared.programs, more);
    };
    app.docRegistry.addWidgetExtension("Notebook", {
      /** @param {any} panel @param {any} context */
      createNew: function (panel, context) {
        const session = context.sessionContext;
        /** @param {unknown} sender @param {any} change */
        function changed(sender, change) { on(change.newValue); }
        session.kernelChanged.connect(changed);
        panels.set(panel, session);
        show();
        on(session.session && session.session.kernel);
        return { isDisposed: false, dispose: function () { session.kernelChanged.disconnect(changed); panels.delete(panel); } };
      },
    });
  }

  const plugin = { id: "gocomm:plugin", description: "Runs Go programs that handle comms.", autoStart: true, activate: activate };
  page._JUPYTERLAB ??= {};
  page._JUPYTERLAB.gocomm = {
    /** @param {any} modules that Lab shares */
    init: function (modules) { scope = modules; },
    get: function () {
      return Promise.resolve(function () { return { __esModule: true, default: [plugin] }; });
    },
  };
})();
