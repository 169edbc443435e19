// Frames of the kernel that are read in part, held to JSON.parse of the whole: web/client/frame-reader.js.

import { assert } from "chai";

import { web } from "./kernel-page.js";
import { describe, it } from "./testing.js";

/** @type {typeof import("../../../web/client/frame-reader.js")} */
const { Reader } = await import(`${web}/client/frame-reader.js`);

const PARTS = ["header", "parent_header", "metadata", "content", "buffers", "channel", "msg_id", "msg_type"];

let seed = 1;
const random = (/** @type {number} */ n) => (seed = (seed * 48271) % 0x7fffffff) % n;
/** @template T @param {T[]} all */
const pick = (...all) => all[random(all.length)];

/** Strings that look like what stands around them. */
const word = () => pick(
  "", "a", "\\", "\"", "a\"b", "\\\\", "x\\\"", "\n", "é😀", '"content":', '","date":"', "}",
  ',"buffers":[],"channel":"iopub"}', "0123456789abcdef".repeat(2),
);
const plainWord = () => pick("1", "22", "333", "a-b_1");

/** @param {number} depth @returns {any} */
function value(depth) {
  if (!random(3) || depth >= 3) return pick(/** @type {any} */ (null), true, 1.5, -2e300, word(), word(), {}, []);
  return random(2) ? { content: value(depth + 1), [word()]: value(depth + 1) } : [value(depth + 1), value(depth + 1)];
}

/** JSON as Python writes it. @param {any} v @returns {string} */
function spaced(v) {
  if (Array.isArray(v)) return `[${v.map(spaced).join(", ")}]`;
  if (v === null || typeof v !== "object") return JSON.stringify(v);
  return `{${Object.entries(v).map(([k, x]) => `${JSON.stringify(k)}: ${spaced(x)}`).join(", ")}}`;
}

/** What a reader gets of one kernel: mostly messages that differ in little. */
function* frames(/** @type {number} */ run) {
  const write = /** @type {(v: any) => string} */ (pick(JSON.stringify, spaced));
  const odd = random(3) === 0;
  const parent_header = random(10) === 0
    ? pick(null, "text")
    : pick({ msg_id: word(), session: "s" }, { content: { content: 1 }, date: word() }, {});
  const metadata = pick({}, { content: word() }, { [word()]: [word()] });
  const base = { session: word(), username: word() };
  for (let i = 0; i < 40; i++) {
    const id = odd ? word() : plainWord();
    const header = { msg_id: id, msg_type: "comm_msg", ...base, date: odd ? word() : plainWord(), version: "5.3" };
    /** @type {any} */
    const m = {
      header, msg_id: id, msg_type: "comm_msg", parent_header, metadata, content: { data: value(0), comm_id: "c" },
      buffers: [], channel: "iopub",
    };
    if (random(20) === 0) m.metadata = { other: word() };
    if (random(20) === 0) m.content = pick(/** @type {any} */ (null), [], "text", 3);
    if (random(20) === 0) m.channel = "shell";
    if (random(20) === 0) m.header = { ...header, msg_type: "status" };
    if (random(20) === 0) m.msg_type = "status";
    const frame = write(run % 7 === 0 ? { content: m.content, ...m } : m); // another order, the content first
    // Of two contents the last one counts.
    yield run % 11 === 0 ? frame.replace(/}$/, write({ content: "the second" }).replace("{", ",")) : frame;
  }
}

const shown = (/** @type {any} */ m) => JSON.stringify(Object.fromEntries(PARTS.map((part) => [part, m[part]])));

/** @param {string} content @param {string} [id] */
const frame = (content, id = '"1"') =>
  `{"header": {"msg_id": ${id}, "msg_type": "comm_msg", "date": "2"}, "msg_id": "1", "msg_type": "comm_msg", ` +
  `"parent_header": {}, "metadata": {}, "content": ${content}, "buffers": [], "channel": "iopub"}`;

describe("a frame that is read in part", () => {
  it("is what JSON.parse makes of it", () => {
    /** @type {string[]} */
    const wrong = [];
    let read = 0, quick = 0;
    for (let run = 0; run < 300; run++) {
      const reader = new Reader();
      for (const text of frames(run)) {
        /** @type {any} */
        const m = reader.read(text);
        read++;
        if (Object.getPrototypeOf(m) !== Object.prototype) quick++;
        if (shown(m) !== shown(JSON.parse(text))) wrong.push(text);
        const again = JSON.parse(JSON.stringify(m));
        if (JSON.stringify(m.content) !== JSON.stringify(again.content)) wrong.push(`as JSON: ${text}`);
      }
    }
    assert.deepEqual(wrong.slice(0, 3), []);
    assert.equal(read, 12_000);
    assert.isAbove(quick, 4_000, "hardly any was read in part");
  });

  it("is refused where it is no JSON, and where its first string does not end", () => {
    const reader = new Reader();
    reader.read(frame("{}"));
    assert.throws(() => reader.read(frame("{]")), SyntaxError);
    assert.throws(() => reader.read(frame("{}", '"1\\"')).content, SyntaxError);
  });

  it("has texts for NaN and infinities, as Python's json module writes them, and nothing else changed", () => {
    const reader = new Reader();
    for (const content of ["{}", '{"x": [NaN, -Infinity, Infinity, 1e999], "NaN": "a \\"NaN\\" \\\\", "y": NaN}', '{"z": NaN}', '{"z": 1}']) {
      const texts = content.replace("[NaN, -Infinity, Infinity", '["NaN", "-Infinity", "Infinity"').replace(": NaN}", ': "NaN"}');
      assert.deepEqual(reader.read(frame(content)).content, JSON.parse(texts));
    }
    const long = JSON.stringify("x\"".repeat(5_000_000));
    assert.lengthOf(reader.read(frame(`[NaN, ${long}]`)).content[1], 10_000_000);
    assert.throws(() => reader.read(frame("[NaN, ]")), SyntaxError);
  });

  it("has the second of two contents", () => {
    const reader = new Reader();
    reader.read(frame("{}"));
    assert.deepEqual(reader.read(frame('{}, "content": {"x": 1}')).content, { x: 1 });
  });
});
