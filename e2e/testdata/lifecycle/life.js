// What the tests of a kernel's life keep book of on a notebook's page.
new Promise((resolve, reject) => require(["services/kernels/comm"], (stock) => {
  "use strict";

  const { kernel } = Jupyter.notebook;
  const manager = kernel.comm_manager;
  const { epoch } = kernel[Symbol.for("gocomm.hub.2")];

  const life = window.life = { lines: [], signs: [], gaps: [], closed: [], got: [], wrong: [], warned: [], comms: {} };

  const log = console.log;
  console.log = (...args) => {
    life.lines.push(String(args[0]));
    log.apply(console, args);
  };
  const warn = console.warn;
  console.warn = (...args) => {
    life.warned.push(String(args[0]));
    warn.apply(console, args);
  };

  // After a restart Notebook may connect twice: what is asked in between gets no answer.
  let reconnects = 0, started = 0;
  const { _schedule_reconnect, reconnect, start_channels } = Object.getPrototypeOf(kernel);
  Object.assign(Object.getPrototypeOf(kernel), {
    _schedule_reconnect() {
      if (this._reconnect_attempt < this.reconnect_limit) reconnects++;
      return _schedule_reconnect.apply(this, arguments);
    },
    reconnect() {
      reconnects = Math.max(0, reconnects - 1);
      return reconnect.apply(this, arguments);
    },
    start_channels() {
      started = performance.now();
      return start_channels.apply(this, arguments);
    },
  });
  life.connected = () => reconnects === 0 && kernel.is_connected();
  // For 1 s Notebook may take the loss of this connection for that of the one before, and not connect again.
  life.settled = () => life.connected() && performance.now() - started > 1200 && (!life.signs.length || life.overdue !== undefined);

  const thrown = (f) => {
    try {
      return "returned " + JSON.stringify(f());
    } catch (e) {
      return e.message;
    }
  };
  /** What becomes of a send on each comm. */
  life.sends = () => Object.fromEntries(Object.entries(life.comms).map(([name, comm]) =>
    [name, thrown(() => comm.send("late")).replace(/[0-9a-f]{32}/, "ID")]));
  /** The lines of the console about each comm that is dead. */
  life.told = () => Object.fromEntries(Object.entries(life.comms).map(([name, comm]) =>
    [name, life.warned.filter((line) => line.includes(comm.comm_id)).map((line) => line.replace(comm.comm_id, "ID"))]));
  life.closes = () => Object.values(life.comms).map((comm) => thrown(() => comm.close()).replace(/[0-9a-f]{32}/, "ID"));

  kernel.events.on("kernel_restarting.Kernel kernel_dead.Kernel kernel_killed.Session kernel_killed.Kernel", (event) => {
    // All have ended before a timer of the page's own fires: on a busy machine both are late, in this order.
    if (!life.signs.length) setTimeout(() => { life.overdue = life.goEnds().length < 2; }, 1000);
    life.signs.push(event.type);
    // From the first moment on.
    for (const [name, said] of Object.entries(life.sends())) if (said !== 'returned "ID"') life.wrong.push(`${event.type}: ${name}: ${said}`);
  });
  kernel.events.on("comm_gap.Kernel", (event, gap) => {
    life.gaps.push({ ...gap, kernel: gap.kernel === kernel });
    life.got.push("gap");
  });

  const open = (name) => (comm) => {
    life.comms[name] = comm;
    comm.on_msg((msg) => { life.got.push(msg.content.data); });
    comm.on_close((msg) => { life.closed.push([name, msg.content.data.reason]); });
  };
  manager.register_target("js.plain", open("plain"));
  manager.register_target("js.asked", open("asked"), { closeWithKernel: true });

  /** Adds the comms that the page has from elsewhere, and begins to count. */
  life.begin = () => {
    life.comms.front = manager.new_comm("py.target", { from: "front" });
    // ipywidgets has such ones after a reload.
    life.comms.foreign = new stock.Comm("py.target");
    manager.register_comm(life.comms.foreign);
    life.comms.foreign.open({ from: "foreign" });
    for (const name of ["lines", "signs", "gaps", "closed", "got", "wrong", "warned"]) life[name].length = 0;
    life.epochs = epoch.count;
    life.overdue = undefined;
    return [life.comms.front.comm_id, life.comms.foreign.comm_id];
  };

  /** The lines of Go's comms that have ended. */
  life.goEnds = () => life.lines.filter((line) => /^probe: life \w+ ended/.test(line));

  /** What has become of it all. */
  life.ended = () => {
    return {
      Epochs: epoch.count - life.epochs, Go: life.goEnds(),
      Overdue: life.overdue === true,
      Closed: life.closed, Sends: life.sends(), Closes: life.closes(), Told: life.told(), Wrong: life.wrong, Gaps: life.gaps.length,
      Left: Object.values(life.comms).filter((comm) => comm.comm_id in manager.comms).length,
    };
  };
  resolve();
}, reject));
