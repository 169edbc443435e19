// What gocomm could touch on a notebook's page, for a comparison before and after.
define(["base/js/namespace", "base/js/events", "base/js/utils", "services/kernels/comm", "services/kernels/kernel",
  "services/kernels/serialize", "notebook/js/notebook", "notebook/js/outputarea", "notebook/js/codecell"],
function (Jupyter, events, utils, comm, kernels, serialize, notebook, outputs, cells) {
  "use strict";

  /** The kernel object's bookkeeping, which each message changes. */
  const busy = ["_msg_queue", "last_msg_id", "last_msg_callbacks", "info_reply"];

  function objects() {
    const kernel = Jupyter.notebook.kernel;
    const named = {
      window, Jupyter, utils, serialize, comm, kernel, manager: window.contractStock,
      "kernel's handlers": kernel._iopub_handlers, "kernel's callbacks": kernel._msg_callbacks, "kernel's overrides": kernel._msg_callbacks_overrides,
      websocket: kernel.ws, targets: window.contractStock.targets, comms: window.contractStock.comms,
      notebook: Jupyter.notebook, config: Jupyter.notebook.config, "config's data": Jupyter.notebook.config.data,
      session: Jupyter.notebook.session, console,
    };
    const classes = { CommManager: comm.CommManager, Comm: comm.Comm, Kernel: kernels.Kernel, Notebook: notebook.Notebook,
      OutputArea: outputs.OutputArea, CodeCell: cells.CodeCell, WebSocket, Promise, Object, Array, Map, Function };
    for (const [name, f] of Object.entries(classes)) {
      named[name] = f;
      named[name + ".prototype"] = f.prototype;
    }
    return named;
  }

  /** Each property of each object, symbols included, and each handler of events. */
  function dump() {
    const all = new Map();
    for (const [name, object] of Object.entries(objects())) {
      for (const key of Reflect.ownKeys(object)) {
        if (name === "kernel" && busy.includes(key)) continue;
        all.set(name + "." + String(key), Object.getOwnPropertyDescriptor(object, key));
      }
      all.set(name + "'s prototype", { value: Object.getPrototypeOf(object) });
    }
    for (const [where, target] of [["events", events[0]], ["document", document], ["window", window]]) {
      for (const [type, handlers] of Object.entries($._data(target, "events") || {})) {
        handlers.forEach((h, i) => all.set(where + " on " + type + " " + i, { value: h.handler }));
      }
    }
    return all;
  }

  /** The names of what differs. */
  function changes(before, after) {
    const parts = ["value", "get", "set", "writable", "enumerable", "configurable"];
    return [...new Set([...before.keys(), ...after.keys()])].filter((name) => {
      const a = before.get(name), b = after.get(name);
      return !a || !b || parts.some((part) => !Object.is(a[part], b[part]));
    });
  }

  return { dump, changes };
});
