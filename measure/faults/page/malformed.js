// Messages that are not as the specification says, in all its parts.

import { gocommSide, message, commID } from "/nbextensions/bench/sides.js";
import { probe } from "./messages.js";
import { until, watch, task } from "./tally.js";

/** Numbers that are the same at each run. @param {number} seed */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const deep = (n) => {
  let v = [];
  for (let i = 0; i < n; i++) v = i % 2 ? [v] : { v };
  return v;
};
const cycle = () => {
  const v = { list: [] };
  v.list.push(v);
  return v;
};
const DEEP = deep(20_000);

const NAMES = ["", "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "\ud800", "a\udc00b", "x".repeat(129), "x".repeat(100_000), "é", "\u0000", "\ufeffid",
  "nobody's target", "line\nbreak", "💥", undefined, null, 0, -1, NaN, 1.5, true, [], {}, ["a"], { toString: null }, 10n, Symbol("id")];
const DATA = [undefined, null, 0, NaN, Infinity, "", "\ud800", "x".repeat(10_000), [], {}, { __proto__: null }, JSON.parse('{"__proto__": {"polluted": true}}'),
  { constructor: { prototype: { polluted: true } } }, DEEP, cycle(), 10n, { n: 10n }, () => {}, { toJSON() { throw null; } }, { get data() { throw new Error("a getter"); } }];
const PARTS = [undefined, null, "text", 7, [], {}, { msg_id: null }, { session: {} }, { msg_type: "comm_open" }];
const BUFFERS = [undefined, null, "text", 3, [null], [undefined, 1], ["text"], [{}], [{ byteLength: 1e15 }], [new ArrayBuffer(3)], [new Uint8Array(2)], { length: 1e9 }];

/** @param {{n: number, every: number}} o every: how many messages before a canary is asked */
export async function run({ n, every }) {
  const s = await gocommSide(probe);
  const { kernel } = s;
  const uncaught = [];
  const note = (e) => { uncaught.push(String(e?.reason ?? e?.message ?? e).slice(0, 200)); };
  addEventListener("error", note);
  addEventListener("unhandledrejection", note);
  const { log, warn, error } = console;
  console.log = console.warn = console.error = () => {};

  // The canaries: one comm of each kind, which odd messages reach as well.
  let canary = 0, sung = 0;
  const js = commID(1), go = commID(2), odd = commID(3), live = [js, go, odd];
  kernel.comm_manager.register_target("canary", (comm) => comm.on_msg((msg) => { if (msg.content?.data?.canary === canary) sung++; }));
  watch(kernel, ({ header, content }) => {
    if (header?.msg_type === "comm_msg" && content?.comm_id === go && content.data?.canary === canary) sung++;
    return true;
  });
  const give = (type, msg) => {
    try {
      // As the kernel's queue waits for it.
      return Promise.resolve(kernel.get_iopub_handler(type)(msg)).catch(note);
    } catch (e) {
      note(e);
    }
  };
  await give("comm_open", message(s, "comm_open", { comm_id: js, target_name: "canary", data: {} }));
  await give("comm_open", message(s, "comm_open", { comm_id: go, target_name: "probe.echo", data: {} }));
  await give("comm_open", message(s, "comm_open", { comm_id: odd, target_name: "probe.tally", data: {} }));

  const next = random(20_250_101);
  const one = (list) => list[Math.floor(next() * list.length)];
  const strange = (type) => {
    const dice = next();
    if (dice < 0.02) return one(PARTS);
    const id = next() < 0.5 ? one(NAMES) : type === "comm_close" ? commID(1e6) : one(live);
    const target = next() < 0.9 ? one(NAMES) : "canary";
    const data = one(DATA);
    const msg = message(s, type, dice < 0.1 ? one(PARTS) : { comm_id: id, target_name: target, data, target_module: "evil" });
    if (dice < 0.4) msg.buffers = one(BUFFERS);
    if (dice > 0.6) msg[one(["header", "parent_header", "metadata", "channel", "msg_type"])] = one(PARTS);
    if (dice > 0.98) delete msg[one(Object.keys(msg))];
    return msg;
  };
  let answered = 0, asked = 0;
  try {
    for (let i = 1; i <= n; i++) {
      const type = one(["comm_open", "comm_msg", "comm_msg", "comm_close"]);
      give(type, strange(type));
      if (i % every) continue;
      await task();
      canary = i;
      sung = 0;
      asked++;
      for (const id of [js, go]) give("comm_msg", message(s, "comm_msg", { comm_id: id, data: { canary } }));
      await until(() => sung === 2, "the canaries", 20_000).then(() => { answered++; }, () => {});
    }
    await task();
  } finally {
    Object.assign(console, { log, warn, error });
    removeEventListener("error", note);
    removeEventListener("unhandledrejection", note);
  }
  return { Uncaught: uncaught.length, First: uncaught.slice(0, 3), Silent: asked - answered, Polluted: "polluted" in {} };
}
