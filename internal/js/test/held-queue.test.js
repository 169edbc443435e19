// What waits, for a module, a program or a target: its order, its limits and its end. web/messaging/held-queue.js,
// web/comms/message-hook.js, and nbextension/main.js, which loads the module.

import { assert } from "chai";

import {
  attach, attachSlowly, commMsg, commOpen, deliver, detach, dying, errors, hub, hurry, kernel, message, now,
  snapshot, stock, task, until, web,
} from "./kernel-page.js";
import { attachAlive, event, status } from "./life.js";
import { describe, it } from "./testing.js";

/** @typedef {import("./kernel-page.js").Message} Message */

/** @type {any} */
const k = kernel;

/**
 * Gives the kernel object the part of classic's that takes a message after the other from the websocket, and a log
 * of what is handled.
 */
function classic() {
  /** @type {string[]} */
  const log = [];
  k._msg_queue = Promise.resolve();
  k._finish_ws_message = (/** @type {Message} */ msg) => kernel.handlers[msg.header.msg_type]?.(msg);
  kernel.register_iopub_handler("stream", (msg) => void log.push(msg.content.text));
  kernel.register_iopub_handler("status", (msg) => {
    log.push(`${msg.parent_header.msg_id} ${msg.content.execution_state}`);
  });
  /** @param {string} parent the id of the request that the message answers @param {Message} msg */
  const feed = (parent, msg) => {
    msg.parent_header.msg_id = parent;
    return (k._msg_queue = k._msg_queue.then(() => k._finish_ws_message(msg)));
  };
  stock.register_target("js", (comm) => {
    log.push(`open ${comm.comm_id}`);
    comm.on_msg((/** @type {Message} */ m) => {
      log.push(`${comm.comm_id} ${m.content.data}`);
      if (m.content.data !== "slow") return undefined;
      return new Promise((resolve) => setTimeout(() => {
        log.push("slow is done");
        resolve(undefined);
      }, 100));
    });
    return comm.comm_id === "slow" ? task().then(task) : undefined;
  });
  return {
    log, feed, before: k._finish_ws_message,
    /** @param {string} parent @param {string} text */
    print: (parent, text) => feed(parent, message("stream", { text })),
    /** @param {string} parent @param {string} id @param {any} data */
    say: (parent, id, data) => feed(parent, commMsg(id, data)),
  };
}

/** @typedef {ReturnType<typeof classic>} Classic */

/** What a kernel sends for two cells: the first tells a comm where its output belongs. @param {Classic} c */
async function cells({ feed, print, say }) {
  feed("A", commOpen("slow", "js"));
  feed("A", commOpen("c", "js"));
  say("A", "c", "begin");
  print("A", "out 1");
  say("A", "slow", "1");
  say("A", "c", "end");
  print("B", "other");
  say("B", "c", "later");
  print("A", "out 2");
  print("B", "out 3");
  feed("A", message("status", { execution_state: "idle" }));
  await k._msg_queue;
}

describe("an output", () => {
  /** @type {Record<string, (c: Classic) => Promise<any>>} */
  const CASES = {
    "a program loads": async (c) => {
      const { attached, come } = attachSlowly();
      await cells(c);
      assert.deepEqual(c.log, ["other"], "while it loads");
      come();
      await attached;
    },
    "a program never comes": async (c) => {
      hurry(20);
      attachSlowly();
      await cells(c);
      await until(() => errors("warn").length > 0);
    },
    "it cannot be loaded": async (c) => {
      const attached = attach("nothing").catch(() => {});
      await cells(c);
      await attached;
    },
    "a program is started again": async (c) => {
      /** @type {any} */
      const options = {};
      await attach("probe", options);
      options.start = "wait";
      const { done } = await dying();
      await cells(c);
      await done;
    },
    "all is detached meanwhile": async (c) => {
      const { attached, come } = attachSlowly();
      await cells(c);
      detach();
      attached.catch(() => {});
      come();
    },
  };
  for (const [name, held] of Object.entries(CASES)) {
    it(`is not handled before a held comm message of its request, and others' are: ${name}`, async () => {
      const c = classic();
      await held(c);
      await until(() => c.log.length >= 11);
      detach();
      await until(() => k._finish_ws_message === c.before);
      assert.deepEqual(c.log, [
        "other", "open slow", "open c", "c begin", "out 1", "slow 1", "c end", "c later", "out 2", "out 3", "A idle",
      ]);
    });
  }

  it("waits for the promise of a held message's handler as for any", async () => {
    const { log, feed, say, print } = classic();
    const { attached, come } = attachSlowly();
    feed("A", commOpen("c", "js"));
    say("A", "c", "slow");
    print("A", "A");
    say("B", "c", "2");
    print("B", "B");
    await k._msg_queue;
    come();
    await attached;
    print("A", "A again");
    print("C", "C");
    await until(() => log.length === 8);
    assert.deepEqual(log.slice(0, 4), ["open c", "c slow", "C", "slow is done"]);
    assert.sameMembers(log.slice(4), ["A", "A again", "c 2", "B"]);
    assert.isBelow(log.indexOf("A"), log.indexOf("A again"));
    assert.isBelow(log.indexOf("c 2"), log.indexOf("B"));
  });
});

describe("what is held", () => {
  for (const queue of [false, true]) {
    const object = queue ? "a kernel object with a queue" : "any kernel object";
    it(`goes to the stock manager on detach, whole and in order, which is left as it was: ${object}`, async () => {
      const feed = queue ? classic().feed : undefined;
      if (!feed) stock.register_target("js", () => {});
      const put = (/** @type {Message} */ msg) => (feed ? feed("A", msg) : deliver(msg));
      const first = k._msg_queue;
      const unchanged = snapshot();
      const { attached, come } = attachSlowly();
      put(commOpen("late", "late"));
      put(commMsg("late", 1));
      await put(commOpen("c1", "js"));
      detach();
      put(commMsg("late", 2));
      put(commMsg("late", 3));
      await until(() => stock.log.length === 5);
      await task();
      if (queue) k._msg_queue = first; // the test's own
      unchanged();
      stock.register_target("late", () => {
        throw new Error("opened once more");
      });
      come();
      await attached.catch(() => {});
      assert.deepEqual(stock.log, ["open late", "msg late 1", "open c1", "msg late 2", "msg late 3"]);
    });
  }

  it("waits for a second program as long as for the first", async () => {
    hurry(10);
    let passed = 0;
    const clock = performance.now.bind(performance);
    performance.now = () => clock() + passed;
    attachSlowly();
    stock.register_target("js", () => {});
    deliver(commOpen("c1", "js"));
    for (const end = clock() + 200; clock() < end;) await task(); // of 500 ms, since timers are shortened
    passed = 4800 - 200;
    attach("cookbook", {}, { mode: "beside", response: new Promise(() => {}) });
    await until(() => errors("warn").length === 1);
    await task();
    assert.isEmpty(stock.log);
    await until(() => errors("warn").length === 2);
    await task();
    assert.deepEqual(stock.log, ["open c1"]);
    assert.include(errors("warn")[0], "probe.wasm has not answered for 5 s");
    assert.include(errors("warn")[1], "cookbook.wasm has not answered for 5 s");
  });

  const large = (/** @type {number} */ n) => ({ ...commMsg("c", n), buffers: [new ArrayBuffer(8 << 20)] });
  /** @type {Record<string, {n: number, wait: string, held: () => any}>} */
  const BOUNDS = {
    "in bytes, for a program": { n: 11, wait: "wait for probe.wasm", held: () => {
      attachSlowly();
      now(commOpen("c", "js"));
      for (let n = 0; n < 10; n++) now(large(n));
    } },
    "in messages, for a program": { n: 65_541, wait: "wait for probe.wasm", held: () => {
      attachSlowly();
      now(commOpen("c", "js"));
      for (let n = 0; n < 65_540; n++) now(commMsg("c", n));
    } },
    "in bytes, for a target": { n: 11, wait: "wait for targets that nobody has registered", held: async () => {
      await attach("probe", {}, { mode: "beside" });
      now(commOpen("c", "nobody"));
      for (let n = 0; n < 10; n++) now(large(n));
    } },
  };
  for (const [name, { n, wait, held }] of Object.entries(BOUNDS)) {
    it(`is bounded ${name}: what overflows is told and goes on in order`, async () => {
      stock.register_target("js", () => {});
      await held();
      await until(() => stock.log.length >= n);
      assert.lengthOf(stock.log, n);
      assert.isTrue(stock.log.every((line, i) => i === 0 || line === `msg c ${i - 1}`), "the order");
      const said = errors().filter((l) => l.includes("more than"));
      assert.lengthOf(said, 1);
      assert.include(said[0], `more than 65536 messages or 64 MiB ${wait}`);
    });
  }

  it("for a kernel to identify itself is bounded, and what is too much is refused", async () => {
    const { manager } = await attachAlive();
    /** @type {string[]} */
    const wire = [];
    let n = 0;
    k._send = (/** @type {string} */ data) => void wire.push(data);
    k.send_shell_message = (/** @type {string} */ msg_type, /** @type {any} */ content) => {
      k._send(JSON.stringify({ channel: "shell", header: { msg_id: String(++n), msg_type }, content }));
      return String(n);
    };
    await status("A");
    const comm = manager.new_comm("t");
    event("kernel_disconnected.Kernel");
    k._pending_messages = [JSON.stringify({ header: { msg_type: "comm_msg" }, content: { comm_id: comm.comm_id } })];
    event("kernel_connected.Kernel");
    for (let i = 0; i < 9; i++) comm.send("x".repeat(7 << 20));
    const refused = "gocomm: nothing was sent: the connection was lost, and more than 65536 messages or 64 MiB wait " +
      "for the kernel to identify itself";
    assert.throws(() => comm.send("x".repeat(7 << 20)), refused);
    k.send_shell_message("execute_request", { code: "1" }); // is the user's, and waits
    assert.lengthOf(wire, 2);
  });
});

describe("another release of gocomm on the kernel", () => {
  for (const name of ["gocomm.hub", "gocomm.hold", "gocomm.hub.99", "gocomm.hook.99"]) {
    it(`(${name}) is left alone, and attach says so`, async () => {
      k[Symbol.for(name)] = {
        release() {
          throw new Error("it is another's");
        },
      };
      const handlers = { ...kernel.handlers };
      const why = await attach("probe").then(() => "it was attached", (e) => e.message);
      assert.include(why, "gocomm: another release of gocomm has this kernel already");
      assert.deepEqual(Object.entries(kernel.handlers), Object.entries(handlers));
      assert.lengthOf(Object.getOwnPropertySymbols(kernel), 1);
    });
  }
});

/** Loads nbextension/main.js, as classic Notebook's loader does. */
async function loadExtension() {
  const folder = `${web}/../nbextension/gocomm/`;
  /** @type {Set<(event: any, data: any) => void>} */
  const listeners = new Set();
  /** The modules that the file defines. @type {Map<string, Function>} */
  const made = new Map();
  const page = /** @type {any} */ (globalThis);
  page.define = (/** @type {any[]} */ ...args) => {
    made.set(typeof args[0] === "string" ? args[0].replace(/.*\//, "") : "main", args.at(-1));
  };
  page.requirejs = { defined: () => false };
  await import(`${folder}main.js`);
  /** @param {string} name @param {any[]} args */
  const run = (name, ...args) => /** @type {Function} */ (made.get(name))(...args);
  const events = {
    on: (/** @type {string} */ _, /** @type {any} */ f) => listeners.add(f),
    off: (/** @type {string} */ _, /** @type {any} */ f) => listeners.delete(f),
  };
  const module = { uri: `${folder}main.js` };
  const main = run("main", module, { notebook: null }, events, {}, {}, run("hook"), {});
  return {
    main, listeners,
    /** @param {string} program @param {"replace" | "beside"} mode */
    attach: (program, mode) => main.attach(module, program, mode),
    /** The page has made a kernel object. @param {any} kernel */
    created: (kernel) => listeners.forEach((f) => f({}, { kernel })),
  };
}

const isBare = (/** @type {object} */ k) => Object.getOwnPropertySymbols(k).length === 0;

describe("the notebook extension", () => {
  it("leaves nothing on a kernel object that is replaced by another", async () => {
    const x = await loadExtension();
    const others = [1, 2, 3].map(() => new /** @type {any} */ (kernel.constructor)());
    const stocks = others.map((k) => k.comm_manager);
    x.attach("commmgr.wasm", "replace");
    x.attach("cookbook.wasm", "beside");
    x.created(kernel);
    deliver(commOpen("c1", "late"));
    await until(() => hub()?.programs.size === 2 && hub().coming.size === 0);
    const programs = [...hub().programs];
    for (const other of others) x.created(other); // while they load
    await until(() => others[2].comm_manager !== stocks[2]);
    assert.isTrue(programs.every((p) => p.dead), "programs are left");
    for (const k of [kernel, others[0], others[1]]) assert.isTrue(isBare(k), "a hook is left");
    assert.equal(kernel.comm_manager, stock);
    assert.equal(others[0].comm_manager, stocks[0]);
    assert.equal(others[1].comm_manager, stocks[1]);
    assert.deepEqual(stock.log, ["open c1"], "what was held is lost");
    x.main.detach();
    assert.isTrue(isBare(others[2]));
    assert.equal(others[2].comm_manager, stocks[2]);
    assert.equal(x.listeners.size, 0);
    assert.lengthOf(errors(), 1);
    assert.include(errors()[0], "comm_open that was held");
  });

  it("has what comes before gocomm.js is there wait in the same queue", async () => {
    const { log, feed, say, print, before } = classic();
    const x = await loadExtension();
    x.attach("commmgr.wasm", "replace");
    x.created(kernel);
    assert.isUndefined(hub(), "it is there already");
    feed("A", commOpen("c", "js"));
    say("A", "c", "1");
    print("A", "out");
    await until(() => log.length === 3);
    assert.deepEqual(log, ["open c", "c 1", "out"]);
    assert.notEqual(kernel.comm_manager, stock, "they did not wait");
    x.main.detach();
    assert.isTrue(isBare(kernel));
    assert.equal(k._finish_ws_message, before);
    k[Symbol.for("gocomm.hub.99")] = {};
    x.attach("commmgr.wasm", "replace");
    x.created(kernel);
    assert.lengthOf(errors(), 1);
    assert.include(errors()[0], "another release of gocomm has this kernel already");
  });
});
