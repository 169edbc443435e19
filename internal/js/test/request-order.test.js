// The promises of handlers, and which messages wait for them: web/comms/request-order.js.

import { assert } from "chai";

import {
  attach, commMsg, commOpen, detach, errors, hub, hurry, kernel, message, task, until,
} from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** @typedef {import("./kernel-page.js").Message} Message */

/**
 * Gives the kernel object the part of classic's that takes what comes over the websocket, one message after the
 * other, and a manager with three open comms whose handlers do as they are told.
 */
async function received() {
  /** @type {any} */
  const k = kernel;
  /** @type {string[]} */
  const log = [];
  /** Settles the promise of a slow handler. @type {Record<string, () => void>} */
  const free = {};
  k._msg_queue = Promise.resolve();
  k._finish_ws_message = (/** @type {Message} */ msg) => kernel.handlers[msg.header.msg_type](msg);
  kernel.register_iopub_handler("stream", (msg) => void log.push(msg.content.text));
  /** @param {string} parent the id of the request that the message answers @param {Message} msg */
  const feed = (parent, msg) => {
    msg.parent_header.msg_id = parent;
    k._msg_queue = k._msg_queue
      .then(() => k._finish_ws_message(msg))
      .catch((/** @type {unknown} */ e) => log.push(`thrown ${e}`));
  };
  const before = k._finish_ws_message;
  const manager = await attach("probe");
  hurry(20); // 10 s are 0.5 s
  manager.register_target("js", (comm) => {
    comm.on_msg((m) => {
      const what = m.content.data, name = `${comm.comm_id} ${what}`;
      log.push(name);
      if (what === "rejects") return Promise.reject(null);
      if (what === "never") return new Promise(() => {});
      if (what !== "slow") return undefined;
      return new Promise((resolve) => {
        free[name] = () => {
          log.push(`${name} is done`);
          resolve(undefined);
        };
      });
    });
  });
  for (const id of ["a", "b", "c"]) feed("open", commOpen(id, "js"));
  await k._msg_queue;
  return {
    manager, log, free, feed, before,
    /** @param {string} parent @param {string} text */
    print: (parent, text) => feed(parent, message("stream", { text })),
    /** @param {string} parent @param {string} id @param {string} data */
    say: (parent, id, data) => feed(parent, commMsg(id, data)),
    /** @param {number} n */
    logged: (n) => until(() => log.length >= n, `${n} lines: ${log}`),
    /** Nothing may follow. @param {string[]} want */
    end: async (want) => {
      await k._msg_queue;
      assert.deepEqual(log, want);
    },
  };
}

describe("the promise of a handler", () => {
  it("holds its own request, and no other", async () => {
    const { say, print, logged, free, end } = await received();
    say("X", "a", "slow");
    print("X", "X");
    say("X", "b", "1");
    print("Y", "Y");
    say("Y", "b", "2");
    await logged(3);
    print("X", "X again");
    print("Z", "Z");
    await logged(4);
    free["a slow"]();
    await logged(8);
    await end(["a slow", "Y", "b 2", "Z", "a slow is done", "X", "b 1", "X again"]);
    assert.isEmpty(errors());
  });

  it("holds all others for a moment", async () => {
    const { manager, feed, print, log, logged, end } = await received();
    manager.register_target("later", () => task().then(() => void log.push("opened")));
    feed("X", commOpen("d", "later"));
    print("Y", "Y");
    await logged(2);
    await end(["opened", "Y"]);
    assert.isEmpty(errors());
  });

  it("keeps the order of its own comm's messages", async () => {
    const { say, print, logged, free, end } = await received();
    say("X", "a", "slow");
    print("Y", "Y");
    say("Y", "a", "1");
    say("Z", "a", "2");
    print("Z", "Z");
    print("V", "V");
    await logged(3);
    free["a slow"]();
    await logged(7);
    await end(["a slow", "Y", "V", "a slow is done", "a 1", "a 2", "Z"]);
    assert.isEmpty(errors());
  });

  it("that never settles is named, and its request goes on", async () => {
    const { say, print, logged, end } = await received();
    say("X", "a", "never");
    print("X", "X");
    print("Y", "Y");
    await logged(3);
    await end(["a never", "Y", "X"]);
    assert.lengthOf(errors(), 1);
  });

  it("gets no more than a moment once its comm has stalled", async () => {
    const { say, print, logged, end } = await received();
    for (let n = 0; n < 20; n++) say(`X${n}`, "a", "never");
    say("X", "a", "last");
    print("X", "X");
    await logged(22);
    await end([...Array(20).fill("a never"), "a last", "X"]);
    assert.lengthOf(errors(), 1);
  });

  it("gets no more than a moment once its request has stalled", async () => {
    const { say, print, logged, end } = await received();
    for (const id of ["a", "b", "c"]) say("X", id, "never");
    print("X", "X");
    await logged(4);
    await end(["a never", "b never", "c never", "X"]);
    assert.lengthOf(errors(), 3);
  });

  it("may be one of two that a request waits for", async () => {
    const { say, print, logged, free, end } = await received();
    say("X", "a", "slow");
    say("Y", "b", "slow");
    say("X", "b", "1");
    print("X", "X");
    print("Y", "Y");
    print("Z", "Z");
    await logged(3);
    free["a slow"]();
    await task();
    await task();
    free["b slow"]();
    await logged(8);
    await end(["a slow", "b slow", "Z", "a slow is done", "b slow is done", "b 1", "Y", "X"]);
    assert.isEmpty(errors());
  });

  it("holds nothing once it is rejected", async () => {
    const { say, print, logged, end } = await received();
    say("X", "a", "rejects");
    print("X", "X");
    print("Y", "Y");
    await logged(3);
    await end(["a rejects", "X", "Y"]);
    assert.lengthOf(errors(), 1);
  });
});

describe("what is held", () => {
  it("loses its comm messages with their kernel, and no outputs", async () => {
    const { say, print, logged, free, end } = await received();
    say("X", "a", "slow");
    print("Y", "Y");
    say("X", "b", "of the kernel that ends");
    print("X", "X");
    await logged(2);
    hub().epoch.end();
    hub().epoch.over = false;
    free["a slow"]();
    await logged(4);
    await end(["a slow", "Y", "a slow is done", "X"]);
    assert.isEmpty(errors());
  });

  it("goes on behind a handler that throws", async () => {
    const { say, feed, print, logged, free, end } = await received();
    kernel.register_iopub_handler("odd", () => {
      throw new Error("the page's own");
    });
    say("X", "a", "slow");
    feed("X", message("odd", {}));
    print("X", "X");
    print("Y", "Y");
    await logged(2);
    free["a slow"]();
    await logged(4);
    await end(["a slow", "Y", "a slow is done", "X"]);
    assert.lengthOf(errors(), 1);
  });

  it("is handled at once when all is detached", async () => {
    const { say, print, logged, end, before } = await received();
    say("X", "a", "slow");
    print("X", "X");
    say("X", "b", "1");
    print("Y", "Y");
    await logged(2);
    detach();
    await logged(4);
    assert.equal(/** @type {any} */ (kernel)._finish_ws_message, before, "it is off the kernel object");
    await end(["a slow", "Y", "X", "b 1"]);
    assert.isEmpty(errors());
  });
});
