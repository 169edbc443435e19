// The page's side of the contract's checks: takes hold of the comm manager before
// gocomm can, as other extensions do, and gives the checks their names.
define(["base/js/namespace", "base/js/events", "services/kernels/comm"], function (Jupyter, events, stock) {
  "use strict";

  const names = { stock, early: [] };
  const marks = {};

  function take(kernel) {
    if (!kernel || names.captured) return;
    names.captured = kernel.comm_manager;
    names.kernel = kernel;
    kernel.register_iopub_handler("contract_mark", ({ content: { id } }) => { marks[id](); delete marks[id]; });
    kernel.comm_manager.register_target("early", (comm, msg) => { names.early.push(msg.content.data); });
  }

  function load() {
    events.on("kernel_created.Session", (event, data) => take(data.kernel));
    take(Jupyter.notebook.kernel);
    window.contract = { run };
  }

  /** Runs a check, the body of an async function, and gives what it has observed. */
  function run(body) {
    names.manager = names.kernel.comm_manager;
    const f = new (async () => {}).constructor(...Object.keys(names), body);
    return f(...Object.values(names));
  }

  let last = 0;
  names.newID = () => "contract-" + ++last;
  names.within = (promise, ms) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, "not within " + ms + " ms"))]);
  names.until = async (condition, ms = 10000) => {
    for (const end = performance.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const value = await condition();
      if (value) return value;
      if (performance.now() > end) throw new Error("waited in vain until " + condition);
    }
  };
  /** What f throws, as text; "" when it does not. */
  names.thrown = (f) => {
    try {
      f();
      return "";
    } catch (e) {
      return String((e && e.message) || e);
    }
  };

  // Messages as the kernel sends them, handled by the kernel object like those that come over its websocket.
  const session = (own) => (own ? names.kernel.session_id : "another page");
  const message = (type, content, own = true) => ({
    channel: "iopub", header: { msg_id: names.newID(), msg_type: type, session: "kernel" },
    parent_header: { msg_id: "parent", session: session(own) }, metadata: {}, content, buffers: [],
  });
  names.message = message;
  names.open = (id, target, more, own) => message("comm_open", { comm_id: id, target_name: target, data: {}, ...more }, own);
  names.msg = (id, data, own) => message("comm_msg", { comm_id: id, data }, own);
  names.close = (id, own) => message("comm_close", { comm_id: id, data: {} }, own);
  /** Has a message handled, after those before it; resolves when one of the same request that comes after it would be. */
  names.feed = (msg) => {
    const mark = message("contract_mark", { id: names.newID() });
    const done = new Promise((resolve) => { marks[mark.content.id] = resolve; });
    for (const m of [msg, mark]) names.kernel._handle_ws_message({ data: JSON.stringify(m) });
    return done;
  };
  /** Opens a comm from the kernel's side; gives its id. */
  names.opened = async (f, id = names.newID()) => {
    const target = names.newID();
    names.kernel.comm_manager.register_target(target, f);
    await names.feed(names.open(id, target));
    names.kernel.comm_manager.unregister_target(target);
    return id;
  };
  /** Has each message of a type, of ours alone, call f; gives what ends that. */
  names.probe = (f) => {
    names.kernel.register_iopub_handler("contract_probe", f);
    return () => { delete names.kernel._iopub_handlers.contract_probe; };
  };

  /** The frames that f has the websocket send; with keep, they do not leave the page. */
  names.frames = (f, keep = false) => {
    const ws = names.kernel.ws;
    const frames = [];
    ws.send = (data) => {
      frames.push(parse(data));
      if (!keep) WebSocket.prototype.send.call(ws, data);
    };
    try {
      f();
    } finally {
      delete ws.send;
    }
    return frames;
  };
  function parse(data) {
    if (typeof data === "string") return { ...JSON.parse(data), sizes: [], size: new TextEncoder().encode(data).length };
    const view = new DataView(data);
    const offsets = Array.from({ length: view.getUint32(0) }, (_, i) => view.getUint32(4 * (i + 1)));
    const parts = offsets.map((from, i) => data.slice(from, offsets[i + 1] ?? data.byteLength));
    return {
      ...JSON.parse(new TextDecoder().decode(parts[0])), size: data.byteLength, sizes: parts.slice(1).map((b) => b.byteLength),
      bytes: parts.slice(1).map((b) => [...new Uint8Array(b.slice(0, 8))]),
    };
  }

  /** The lines that are written to the console while f works, which gets those so far. */
  names.lines = async (f) => {
    const lines = [];
    const before = {};
    for (const level of ["log", "warn", "error"]) {
      before[level] = console[level];
      console[level] = (...args) => {
        lines.push(args.map(String).join(" "));
        before[level].apply(console, args);
      };
    }
    try {
      await f(lines);
    } finally {
      Object.assign(console, before);
    }
    return lines;
  };

  /** Runs Python, and gives what it has printed. */
  names.python = (code) => new Promise((resolve, reject) => {
    let text = "", error = "", left = 2;
    const done = () => --left || (error ? reject(new Error(error)) : resolve(text.trim()));
    names.kernel.execute(code, {
      shell: { reply: done },
      iopub: {
        output: (m) => {
          if (m.header.msg_type === "stream" && m.content.name === "stdout") text += m.content.text;
          if (m.header.msg_type === "error") error = m.content.ename + ": " + m.content.evalue;
        },
        status: (m) => { if (m.content.execution_state === "idle") done(); },
      },
    }, { silent: false, store_history: false });
  });
  /** The value of a Python expression. */
  names.value = async (expression) => JSON.parse(await names.python("import json; print(json.dumps(" + expression + "))"));

  /** Another client of the kernel, as another page is: with a connection and a session of its own. */
  names.another = async () => {
    const session = names.newID();
    const ws = new WebSocket(names.kernel.ws.url.replace(/session_id=[^&]*/, "session_id=" + session));
    await new Promise((resolve, reject) => { ws.onopen = resolve; ws.onerror = () => reject(new Error("no second connection")); });
    const run = (code) => new Promise((resolve, reject) => {
      const header = { msg_id: names.newID(), msg_type: "execute_request", username: "another", session, date: new Date().toISOString(), version: "5.2" };
      ws.onmessage = ({ data }) => {
        const m = typeof data === "string" ? JSON.parse(data) : {};
        if (m.channel !== "shell" || m.parent_header.msg_id !== header.msg_id) return;
        if (m.content.status === "ok") resolve();
        else reject(new Error(m.content.ename + ": " + m.content.evalue));
      };
      ws.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, buffers: [],
        content: { code, silent: false, store_history: false, user_expressions: {}, allow_stdin: false } }));
    });
    return { session, run, close: () => ws.close() };
  };

  return { load_ipython_extension: load };
});
