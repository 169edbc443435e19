// What the tests' code on the page can name: see page_js_test.go.

/**
 * @param {string} web the base URL of the built files
 * @param {any} kernels the module kernel.js
 * @param {number} hurry the factor by which timers of 1 s and more are shortened
 */
export async function open(web, kernels, hurry) {
  const lines = [];
  for (const level of ["log", "warn", "error"]) {
    console[level] = (...args) => lines.length < 1000 && lines.push({ level, text: args.map(text).join(" ") });
  }
  const uncaught = [];
  addEventListener("error", (e) => uncaught.push(`error: ${text(e.error ?? e.message)}`));
  addEventListener("unhandledrejection", (e) => uncaught.push(`rejection: ${text(e.reason)}`));
  const timeout = globalThis.setTimeout.bind(globalThis);
  globalThis.setTimeout = (f, ms = 0, ...args) => timeout(f, ms >= 1000 ? ms / hurry : ms, ...args);

  const gocomm = await import(`${web}/gocomm.js`);
  const kernel = new kernels.Kernel();
  const stock = kernel.comm_manager;
  const hub = () => kernel[Symbol.for("gocomm.hub.2")];

  let number = 0;
  const message = (msg_type, content, { metadata = {}, buffers = [], own = true } = {}) => ({
    header: { msg_id: `kernel-${++number}`, msg_type, session: "kernel" },
    parent_header: { msg_id: "cell", session: own ? kernel.session_id : "another page" },
    metadata,
    content,
    buffers,
  });
  const commOpen = (id, target_name, data = {}, more = {}) => message("comm_open", { comm_id: id, target_name, data }, more);
  const commMsg = (id, data = {}, more = {}) => message("comm_msg", { comm_id: id, data }, more);
  const commClose = (id, data = {}, more = {}) => message("comm_close", { comm_id: id, data }, more);

  /** One task of the page. */
  const task = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(null);
  });
  const until = async (condition, what, ms = 15_000) => {
    for (const end = performance.now() + ms; ;) {
      const value = await condition();
      if (value) return value;
      if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what ?? condition}`);
      await task();
    }
  };

  const kill = async (target = "probe.exit") => {
    const before = [...hub().programs].find((p) => p.name === "probe.wasm");
    const id = `victim${++number}`;
    kernel.deliver(commOpen(id, target));
    kernel.deliver(commMsg(id));
    await until(() => before.dead && !(hub()?.coming.size > 0), "the program has died and is replaced");
  };

  return {
    web, gocomm, kernel, stock, hub, lines, uncaught, state: {},
    StockComm: kernels.StockComm,
    attach: (name, options, more) => gocomm.attach(kernel, { wasm: `${web}/${name}.wasm`, options, ...more }),
    detach: () => gocomm.detach(kernel),
    /** The first program loaded of a name. */
    program: (name) => [...hub().programs].find((p) => p.name === `${name}.wasm`),
    /** Has the probe die, and returns when it is being started again; the result's `done` settles as that of kill. */
    dying: async (target) => {
      const done = kill(target);
      while (!hub().coming.size) await null; // a task may be enough for all of it
      return { done };
    },
    message, commOpen, commMsg, commClose,
    deliver: (msg) => kernel.deliver(msg),
    /** Hands a message over within this task. */
    now: (msg) => kernel.handlers[msg.header.msg_type](msg),
    task, until,
    /** Has the probe die, and waits until it is there again, or stays off. */
    kill,
    /** What was sent on a comm, of a type. */
    sent: (id, type = "comm_msg") => kernel.sent.filter((m) => m.content.comm_id === id && m.type === type),
    errors: (level = "error") => lines.filter((l) => l.level === level).map((l) => l.text),
    /** Messages that wait for a target. */
    pending: () => hub().pending.queue.length,
    /** Slots in use, and entries of the index. */
    left: (p) => ({
      slots: p.slots.filter((m) => m !== undefined).length,
      lost: p.slots.length - p.freeSlots.length,
      routes: [...hub().routes.values()].filter((r) => r.program === p || r.js === p.js).length,
    }),
  };
}

function text(v) {
  if (v instanceof Error || Object.prototype.toString.call(v) === "[object Error]") return String(v.stack ?? v);
  if (typeof v !== "object" || v === null) return String(v);
  try {
    return JSON.stringify(v);
  } catch {
    return Object.prototype.toString.call(v);
  }
}
