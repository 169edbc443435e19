// What Go and JavaScript send: its form, its limit, who sees it, and the callbacks for what answers it. web/comms/outgoing.js,
// web/messaging/message-factory.js.

import { assert } from "chai";

import { attach, commMsg, commOpen, deliver, errors, kernel, message, program, until } from "./kernel-page.js";
import { attachAlive, event } from "./life.js";
import { describe, it } from "./testing.js";

/** @typedef {import("../../../web/gocomm.js").Callbacks} Callbacks */

/** @type {any} */
const k = kernel;
const MIB = 1 << 20;

/** What travels. @type {(string | ArrayBuffer)[]} */
const frames = [];

const hex = () => Array.from({ length: 32 }, () => "0123456789abcdef"[Math.floor(16 * Math.random())]).join("");

/** A message as classic's serialize.js makes it. @param {any} msg */
function serialize(msg) {
  const { buffers, ...rest } = msg;
  if (!buffers.length) return JSON.stringify(msg);
  const parts = [
    new TextEncoder().encode(JSON.stringify(rest)),
    ...buffers.map((/** @type {any} */ b) => new Uint8Array(b.buffer instanceof ArrayBuffer ? b.buffer : b)),
  ];
  const length = parts.reduce((n, p) => n + p.length, 4 * (parts.length + 1));
  const bytes = new Uint8Array(length), view = new DataView(bytes.buffer);
  view.setUint32(0, parts.length);
  let at = 4 * (parts.length + 1);
  parts.forEach((part, i) => {
    view.setUint32(4 * (i + 1), at);
    bytes.set(part, at);
    at += part.length;
  });
  return bytes.buffer;
}

/** Gives the kernel object the methods by which classic Notebook's sends, in the same form. */
function sendAsClassic() {
  Object.assign(Object.getPrototypeOf(kernel), {
    username: "username",
    _msg_callbacks: /** @type {Record<string, any>} */ ({}),
    /** @param {string} msg_type @param {any} content @param {any} metadata @param {any} buffers */
    _get_msg(msg_type, content, metadata, buffers) {
      const { username, session_id: session } = k;
      return {
        header: { date: new Date().toISOString(), msg_id: hex(), username, session, msg_type, version: "5.2" },
        metadata: metadata || {}, content, buffers: buffers || [], parent_header: {},
      };
    },
    /** @param {string | ArrayBuffer} data */
    _send(data) {
      frames.push(data);
    },
    /** @param {string} id @param {Callbacks} callbacks */
    set_callbacks_for_msg(id, callbacks) {
      k.last_msg_id = id;
      if (callbacks) this._msg_callbacks[id] = { ...callbacks, shell_done: !callbacks.shell, iopub_done: !callbacks.iopub };
    },
    /** @param {string} msg_type @param {any} content @param {any} callbacks @param {any} metadata @param {any} buffers */
    send_shell_message(msg_type, content, callbacks, metadata, buffers) {
      const msg = k._get_msg(msg_type, content, metadata, buffers);
      msg.channel = "shell";
      k.set_callbacks_for_msg(msg.header.msg_id, callbacks);
      k._send(serialize(msg));
      return msg.header.msg_id;
    },
    /** @param {string} id @param {string} which */
    _finish(id, which) {
      const kept = this._msg_callbacks[id];
      if (!kept) return;
      kept[which] = true;
      if (kept.shell_done && kept.iopub_done) delete this._msg_callbacks[id];
    },
    /** @param {string} id */
    _finish_iopub(id) {
      k._finish(id, "iopub_done");
    },
    /** The kernel says what it does about a message. @param {string} id @param {string} execution_state */
    states(id, execution_state) {
      this._msg_callbacks[id]?.iopub?.status?.(message("status", { execution_state }));
      if (execution_state === "idle") k._finish_iopub(id);
    },
    /** The kernel replies to a message. @param {string} id */
    replies(id) {
      const kept = this._msg_callbacks[id];
      if (!kept?.shell) return;
      k._finish(id, "shell_done");
      kept.shell.reply?.(message("comm_reply", { status: "ok" }));
    },
  });
}

/** The JSON of a frame. @param {string | ArrayBuffer} frame @returns {any} */
function jsonOf(frame) {
  if (typeof frame === "string") return JSON.parse(frame);
  const view = new DataView(frame), end = view.getUint32(0) > 1 ? view.getUint32(8) : frame.byteLength;
  return JSON.parse(new TextDecoder().decode(new Uint8Array(frame, view.getUint32(4), end - view.getUint32(4))));
}

const sentOn = (/** @type {string} */ id) => frames.map(jsonOf).filter((m) => m.content.comm_id === id);
const dataOn = (/** @type {string} */ id) => sentOn(id).map((m) => m.content.data);

describe("what Go sends", () => {
  it("is byte for byte what the kernel object makes of the same value", async () => {
    sendAsClassic();
    await attach("probe");
    deliver(commOpen("c1", "probe.echo"));
    const values = [
      "", "text", null, 0, -1.5e-7, 1e21, true, {}, [], [[]], { "": 1, a: { b: [null, "c"] } }, "\u007fdata\u007f",
      { data: "\u007fdata\u007f" }, '"\u007fdata\u007f"', "é\u{1F600}\u2028\u0000\u001f\"\\", "lone \ud800",
      { toJSON: 1, __proto_: 2, constructor: 3 }, JSON.parse('{"__proto__": {"a": 1}}'), { "10": 1, "2": 2, b: 3 },
      "x".repeat(100_000),
    ];
    const buffers = [[], [new ArrayBuffer(0)], [Uint8Array.of(1, 2, 3).buffer, new ArrayBuffer(1000)]];
    const metadatas = [{}, { m: "\u007fdata\u007f", version: "2.1.0" }];
    const bytes = (/** @type {string | ArrayBuffer} */ frame) => typeof frame === "string"
      ? frame
      : String.fromCharCode(...new Uint8Array(frame).subarray(0, 4000)) + frame.byteLength;
    const form = (/** @type {string | ArrayBuffer} */ frame) => typeof frame +
      bytes(frame).replace(/"date":"[^"]+"/, "").replace(/"msg_id":"[0-9a-f]{32}"/, "");
    for (const value of values) for (const b of buffers) for (const metadata of metadatas) {
      frames.length = 0;
      deliver(commMsg("c1", value, { metadata, buffers: b.map((b) => new DataView(b)) }));
      await until(() => frames.length === 1);
      k.send_shell_message("comm_msg", { comm_id: "c1", data: value }, undefined, metadata, b);
      assert.equal(form(frames[0]).slice(0, 500), form(frames[1]).slice(0, 500));
      assert.isTrue(form(frames[0]) === form(frames[1]), "all of it");
    }
  });

  it("travels as Go has written it, where JavaScript's numbers cannot tell", async () => {
    sendAsClassic();
    await attach("probe");
    deliver(commOpen("raw", "probe.raw"));
    const odd = ["9007199254740993", "1e20", "1.0", " [1 , 2] ", '{"a":1,"a":2}', "-0"];
    for (const text of odd) deliver(commMsg("raw", text));
    await until(() => frames.length === odd.length);
    const travels = frames.map((f) => /** @type {string} */ (f).match(/"data":(.*)},"buffers"/)?.[1]);
    assert.deepEqual(travels, odd);
  });

  /** Each changes a method of the kernel object, and gives what it sees there. @type {Record<string, (start: () => Promise<void>, see: (...data: any[]) => void) => Promise<void>>} */
  const SCRIPTS = {
    "send_shell_message before gocomm came": async (start, see) => {
      const prototype = Object.getPrototypeOf(kernel), { send_shell_message } = prototype;
      prototype.send_shell_message = function (/** @type {any} */ type, /** @type {any} */ content, /** @type {any[]} */ ...rest) {
        see(content.data, { ...content }.data);
        return send_shell_message.call(this, type, content, ...rest);
      };
      await start();
    },
    "send_shell_message since": async (start, see) => {
      await start();
      const { send_shell_message } = k;
      k.send_shell_message = function (/** @type {any} */ type, /** @type {any} */ content, /** @type {any[]} */ ...rest) {
        see(JSON.parse(JSON.stringify(content)).data, content.data);
        return send_shell_message.call(this, type, content, ...rest);
      };
    },
    "_send since": async (start, see) => {
      await start();
      const { _send } = k;
      k._send = function (/** @type {string} */ data) {
        see(JSON.parse(data).content.data);
        return _send.call(this, data);
      };
    },
    "_send before gocomm came": async (start, see) => {
      const prototype = Object.getPrototypeOf(kernel), { _send } = prototype;
      prototype._send = function (/** @type {string} */ data) {
        see(JSON.parse(data).content.data);
        return _send.call(this, data);
      };
      await start();
    },
    "_get_msg since": async (start, see) => {
      await start();
      const { _get_msg } = k;
      k._get_msg = function (/** @type {any} */ type, /** @type {any} */ content, /** @type {any[]} */ ...rest) {
        see(JSON.parse(JSON.stringify(content)).data, content.data);
        return _get_msg.call(this, type, content, ...rest);
      };
    },
    "the prototype's send_shell_message since": async (start, see) => {
      await start();
      const { send_shell_message } = k;
      Object.getPrototypeOf(kernel).send_shell_message =
        function (/** @type {any} */ type, /** @type {any} */ content, /** @type {any[]} */ ...rest) {
          see(JSON.parse(JSON.stringify(content)).data, content.data);
          return send_shell_message.call(this, type, content, ...rest);
        };
    },
  };
  for (const [name, change] of Object.entries(SCRIPTS)) {
    it(`has its data for a script that has changed ${name}`, async () => {
      sendAsClassic();
      /** @type {any[]} */
      const seen = [];
      await change(async () => {
        await attach("probe");
        deliver(commOpen("c1", "probe.raw"));
        deliver(commMsg("c1", '{"a":[7]}'));
        await until(() => frames.length === 1);
        seen.length = 0;
      }, (...data) => void seen.push(...data));
      deliver(commMsg("c1", '{"a":[7]}'));
      await until(() => frames.length === 2);
      assert.isAtLeast(seen.length, 1);
      for (const data of seen) assert.deepEqual(data, { a: [7] });
      assert.deepEqual(jsonOf(frames[1]).content.data, { a: [7] });
    });
  }
});

describe("the limit of a message", () => {
  /** JSON of so many bytes, which JavaScript would write as larger numbers. @param {number} mib */
  const numbers = (mib) => `[${"1e20,".repeat(mib * MIB / 5)}0]`;
  /** Has Go send the JSON. @param {string} text @returns {Promise<boolean>} whether it travelled */
  const travels = async (text) => {
    const n = frames.length, m = errors().length;
    deliver(commMsg("c1", text));
    await until(() => frames.length > n || errors().length > m);
    return frames.length > n;
  };
  /** @param {number} limit */
  const tooLarge = (limit) => new RegExp(
    `send: comm "c1" \\(target "probe.raw"\\): the message is too large: \\d+ bytes, more than the ${limit} of the ` +
    "setting maxSend; send it in parts, or raise maxSend and the server's websocket_max_message_size",
  );

  it("is a number of bytes", async () => {
    for (const maxSend of [0, -1, "10", NaN]) {
      const refused = await attach("commmgr", {}, { maxSend: /** @type {any} */ (maxSend) })
        .then(() => "nothing", (e) => e.message);
      assert.include(refused, "gocomm: attach: maxSend is a number of bytes, not ");
    }
  });

  it("is one of what travels, for Go and JavaScript alike", async () => {
    sendAsClassic();
    await attach("probe");
    deliver(commOpen("c1", "probe.raw"));
    const text = numbers(7.9);
    assert.isTrue(await travels(text));
    const besides = /** @type {string} */ (frames[0]).length - text.length;
    assert.isAbove(besides, 0);
    assert.isBelow(besides, 1000, "bytes besides the data");
    assert.isFalse(await travels(numbers(8)));
    assert.isFalse(await travels(JSON.stringify("x".repeat(8 * MIB - 100))));
    assert.isFalse(await travels(JSON.stringify("\u20ac".repeat(3 * MIB))));
    assert.isFalse(await travels("nope"));
    for (const said of errors().slice(0, 3)) assert.match(said, tooLarge(8 * MIB));
    assert.include(errors()[3], "only JSON can be sent: the data are not JSON");
    assert.isEmpty(k._msg_callbacks);
  });

  it("may be another", async () => {
    sendAsClassic();
    const manager = await attach("probe", {}, { maxSend: 1000 });
    deliver(commOpen("c1", "probe.raw"));
    assert.isFalse(await travels(JSON.stringify("x".repeat(1000))));
    assert.match(errors()[0], tooLarge(1000));
    const comm = manager.new_comm("kernel-side");
    assert.throws(
      () => comm.send("x".repeat(1000)),
      /gocomm: comm_msg: comm [0-9a-f]+ \(target kernel-side\): the message has \d+ bytes, more than the 1000 of the setting maxSend; send it in parts, or raise maxSend and the server's websocket_max_message_size/,
    );
  });

  it("is judged by the value where a script has changed the kernel object", async () => {
    sendAsClassic();
    const { send_shell_message } = k;
    k.send_shell_message = function (/** @type {any[]} */ ...args) {
      return send_shell_message.apply(this, args);
    };
    await attach("probe");
    deliver(commOpen("c1", "probe.raw"));
    assert.isTrue(await travels(numbers(1)));
    assert.isFalse(await travels(numbers(7)));
    assert.match(errors()[0], tooLarge(8 * MIB));
  });
});

describe("the callbacks of a message", () => {
  it("are freed at its idle: kernels do not reply to comm messages", async () => {
    sendAsClassic();
    const manager = await attach("probe");
    let ended = 0;
    const p = program("probe"), answered = p.exports.gocomm_event;
    p.exports.gocomm_event = (
      /** @type {number} */ seq, /** @type {number} */ number, /** @type {number} */ kind, /** @type {any[]} */ ...rest
    ) => {
      if (kind === -1) ended++;
      return answered(seq, number, kind, ...rest);
    };
    deliver(commOpen("c1", "probe.answered"));
    for (const reply of [false, true]) {
      deliver(commMsg("c1"));
      await until(() => sentOn("c1").some((m) => m.content.data === "ask" && m.header.msg_id in k._msg_callbacks));
      const [id] = Object.keys(k._msg_callbacks);
      k.states(id, "busy");
      if (reply) k.replies(id); // a kernel that does reply
      k.states(id, "idle");
      k.replies(id);
    }
    await until(() => sentOn("c1").length === 7);
    assert.deepEqual(dataOn("c1"), [
      "ask", `status {"execution_state":"busy"}`, `status {"execution_state":"idle"}`,
      "ask", `status {"execution_state":"busy"}`, `reply {"status":"ok"}`, `status {"execution_state":"idle"}`,
    ]);
    assert.equal(ended, 2);

    /** @type {string[]} */
    const js = [];
    const comm = manager.new_comm("kernel-side");
    const callbacks = {
      shell: { reply: () => void js.push("reply") },
      iopub: { status: (/** @type {any} */ m) => void js.push(m.content.execution_state) },
    };
    const id = comm.send(1, callbacks);
    assert.equal(k._msg_callbacks[id].shell, callbacks.shell);
    assert.equal(k._msg_callbacks[id].iopub, callbacks.iopub);
    k.states(id, "busy");
    k.states(id, "idle");
    assert.deepEqual(js, ["busy", "idle"]);
    assert.isEmpty(k._msg_callbacks);
  });

  it("get the idle that a lost connection took along, in Go and in JavaScript", async () => {
    sendAsClassic();
    const { manager } = await attachAlive();
    /** @type {string[]} */
    const js = [];
    deliver(commOpen("c1", "probe.answered"));
    deliver(commMsg("c1"));
    await until(() => sentOn("c1").length === 1);
    const comm = manager.new_comm("kernel-side");
    comm.send(1, { iopub: { status: (m) => void js.push(m.content.execution_state) } });
    event("kernel_disconnected.Kernel");
    event("kernel_connected.Kernel");
    const asks = () => frames.map(jsonOf).filter((m) => m.header.msg_type === "kernel_info_request");
    await until(() => asks().length > 0);
    for (const m of asks()) {
      k.states(m.header.msg_id, "busy");
      k.states(m.header.msg_id, "idle");
    }
    await until(() => sentOn("c1").length === 2);
    deliver(commMsg("c1"));
    await until(() => sentOn("c1").length === 3);
    assert.deepEqual(dataOn("c1"), ["ask", `status {"execution_state":"idle"}`, "ask"]);
    assert.deepEqual(js, ["idle"]);
    assert.lengthOf(Object.keys(k._msg_callbacks), 1, "those of the message since");
  });
});
