// Writes values of parsed messages into memory by a plan, for Go types; Go's package
// internal/codec makes the plans, describes them (plan.go), and reads what is written
// here (read.go).
// @ts-check

/** The tags of values; package internal/codec has the same. */
const NULL = 0, FALSE = 1, TRUE = 2, NUMBER = 3, STRING = 4, LIST = 5, FIELDS = 6, MAP = 7, ARRAY = 8, OBJECT = 9, OTHER = 10;
const TEXT = 11, BUFFER = 13, DEEP = 14;
const END_OF_FIELDS = 0xffff;

/** How deep values may be nested; package internal/codec has the same. */
const MAX_DEPTH = 1000;

/** How many names that are no field's are remembered, for each kind of object. */
const MOST_NAMES = 1000;
/** Up to this length, strings are copied here: calling the encoder takes longer. */
const SHORT = 64;

const encoder = new TextEncoder();
const own = Object.prototype.hasOwnProperty;
const { getPrototypeOf } = Object;

/** What is wanted of a value. */
class Node {
  constructor() {
    /** The elements, where it is to be an array. @type {Node | null} */
    this.list = null;
    /** How many of them. */
    this.most = Infinity;
    /** The values, where it is to be an object with any names. @type {Node | null} */
    this.map = null;
    /** Whether its JSON text is wanted. */
    this.text = false;
    /** Whether the data may have "buffer_paths"; it is the root. */
    this.binary = false;
    /** Whether it is to be an object with these fields. */
    this.struct = false;
    /** @type {string[]} */
    this.names = [];
    /** @type {Node[]} */
    this.nodes = [];
    /** The fields' places by name; -1 for other names. @type {Map<string, number>} */
    this.places = new Map();
    /** The names of the last such object in their order, and their places: the next one's are mostly the same. @type {string[]} */
    this.lastNames = [];
    /** @type {number[]} */
    this.lastPlaces = [];
  }

  /**
   * The place of the field that a name is for, or -1: that which has it, or else the
   * first that has it in another case.
   * @param {string} name
   */
  place(name) {
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.names.findIndex((field) => sameButForCase(field, name));
      if (this.places.size < MOST_NAMES + this.names.length) this.places.set(name, place);
    }
    return place;
  }
}

/**
 * Whether two names are one but for their case: by Unicode's simple case folding, as in Go.
 * @param {string} a @param {string} b
 */
function sameButForCase(a, b) {
  const escaped = Array.from(a, (c) => `\\u{${/** @type {number} */ (c.codePointAt(0)).toString(16)}}`);
  return new RegExp(`^${escaped.join("")}$`, "iu").test(b);
}

/** @param {string} text as package internal/codec makes it */
export function parsePlan(text) {
  /** @type {any[]} */
  const described = JSON.parse(text);
  const nodes = described.map(() => new Node());
  described.forEach((d, i) => {
    const node = nodes[i];
    if (d.list !== undefined) node.list = nodes[d.list];
    if (d.most !== undefined) node.most = d.most;
    if (d.map !== undefined) node.map = nodes[d.map];
    node.text = d.text !== undefined;
    node.binary = d.binary !== undefined;
    if (d.fields !== undefined) {
      node.struct = true;
      for (const [name, at] of d.fields) {
        node.places.set(name, node.names.length);
        node.names.push(name);
        node.nodes.push(nodes[at]);
      }
    }
  });
  return nodes[0];
}

/** Where a binary buffer belongs. */
class Place {
  #buffer;
  /** @param {number} buffer its number */
  constructor(buffer) {
    this.#buffer = buffer;
  }
  get buffer() {
    return this.#buffer;
  }
}

/**
 * A message's data with a Place where each of its binary buffers belongs, and without
 * their paths. What is on the way is copied.
 * @param {any} data
 */
function placed({ buffer_paths: paths, ...data }) {
  const copies = new Set([data]);
  paths.forEach((/** @type {(string | number)[]} */ path, /** @type {number} */ i) => {
    let at = data;
    path.forEach((step, depth) => {
      const last = depth === path.length - 1;
      const next = Object.hasOwn(at, step) ? at[step] : undefined;
      if (last ? Array.isArray(at) && next === undefined : next === null || typeof next !== "object")
        throw new Error(`buffer_paths names a place that is not there: ${path}`);
      if (last) at[step] = new Place(i);
      else {
        if (!copies.has(next)) copies.add((at[step] = Array.isArray(next) ? [...next] : { ...next }));
        at = at[step];
      }
    });
  });
  return data;
}

/** Writes the values of a plan into memory. */
export class Writer {
  constructor() {
    /** What is written to: Go's memory, or one of its own. @type {Uint8Array} */
    this.bytes = new Uint8Array(0);
    /** @type {DataView} */
    this.view = new DataView(this.bytes.buffer);
    /** Where the values begin, where the next comes, and what is behind the room for them. */
    this.start = 0;
    this.at = 0;
    this.end = 0;
    this.depth = 0;
    /** Go's memory, as it was last seen. @type {Uint8Array | null} */
    this.memory = null;
    this.memoryView = this.view;
  }

  /**
   * Writes what node wants of a value, into Go's memory if it has room there. Else
   * bytes has it, from 0 to at.
   * @param {Node} node @param {any} value @param {Uint8Array} memory @param {number} ptr @param {number} room
   * @returns {boolean} whether it is in Go's memory
   */
  write(node, value, memory, ptr, room) {
    if (memory !== this.memory) {
      this.memory = memory;
      this.memoryView = new DataView(memory.buffer);
    }
    this.bytes = memory;
    this.view = this.memoryView;
    this.start = this.at = ptr;
    this.end = ptr + room;
    this.depth = 0;
    if (!isData(value)) value = null; // as JSON.stringify has no text for it
    if (node.binary) {
      const has = value !== null && Array.isArray(value.buffer_paths);
      this.need(4);
      this.view.setUint32(this.at, has ? value.buffer_paths.length : 0, true);
      this.at += 4;
      if (has) value = placed(value);
    }
    this.value(node, value);
    return this.bytes === memory;
  }

  /** Makes room for n more bytes. @param {number} n */
  need(n) {
    if (this.at + n <= this.end) return;
    const written = this.at - this.start;
    const grown = new Uint8Array(Math.max(2 * (written + n), 64 << 10));
    grown.set(this.bytes.subarray(this.start, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.start = 0;
    this.at = written;
    this.end = grown.length;
  }

  /** @param {Node} node @param {any} v which isData */
  value(node, v) {
    this.need(16);
    if (node.text && v !== null && !(v instanceof Place)) {
      this.bytes[this.at++] = TEXT;
      this.string(stringify(v));
      return;
    }
    switch (typeof v) {
      case "number":
        this.bytes[this.at] = NUMBER;
        this.view.setFloat64(this.at + 1, v, true);
        this.at += 9;
        return;
      case "string":
        this.bytes[this.at++] = STRING;
        this.string(v);
        return;
      case "boolean":
        this.bytes[this.at++] = v ? TRUE : FALSE;
        return;
      case "bigint":
        this.bytes[this.at++] = OTHER;
        this.string("a BigInt");
        return;
    }
    if (v === null) {
      this.bytes[this.at++] = NULL;
      return;
    }
    const prototype = getPrototypeOf(v);
    if (typeof v.toJSON === "function") this.value(node, plain(v));
    else if (Array.isArray(v) && prototype === Array.prototype) {
      if (node.list === null) this.bytes[this.at++] = ARRAY;
      else if (this.depth === MAX_DEPTH) this.bytes[this.at++] = DEEP;
      else this.list(node.list, v, Math.min(v.length, node.most));
    } else if (prototype === Object.prototype) {
      if (this.depth === MAX_DEPTH) this.bytes[this.at++] = DEEP;
      else if (node.struct) this.fields(node, v);
      else if (node.map !== null) this.map(node.map, v);
      else this.bytes[this.at++] = OBJECT;
    } else if (v instanceof Place) {
      this.bytes[this.at] = BUFFER;
      this.view.setUint32(this.at + 1, v.buffer, true);
      this.at += 5;
    } else this.value(node, plain(v));
  }

  /** The length, and UTF-8. @param {string} s */
  string(s) {
    const { length } = s;
    this.need(4 + 3 * length);
    const { bytes } = this;
    let at = this.at + 4;
    let i = 0;
    if (length <= SHORT) {
      for (; i < length; i++) {
        const c = s.charCodeAt(i);
        if (c > 0x7f) break;
        bytes[at++] = c;
      }
    }
    if (i < length) {
      at = this.at + 4;
      at += /** @type {number} */ (encoder.encodeInto(s, bytes.subarray(at, this.end)).written);
    }
    this.view.setUint32(this.at, at - this.at - 4, true);
    this.at = at;
  }

  /** @param {Node} node @param {any[]} list @param {number} length */
  list(node, list, length) {
    this.depth++;
    this.bytes[this.at] = LIST;
    this.view.setUint32(this.at + 1, length, true);
    this.at += 5;
    for (let i = 0; i < length; i++) {
      const v = list[i];
      this.value(node, isData(v) ? v : null);
    }
    this.depth--;
  }

  /** @param {Node} node @param {any} object */
  fields(node, object) {
    this.depth++;
    this.bytes[this.at++] = FIELDS;
    const { lastNames, lastPlaces, nodes } = node;
    let i = 0;
    for (const name in object) {
      if (!own.call(object, name)) continue;
      let place;
      if (lastNames[i] === name) place = lastPlaces[i];
      else {
        place = lastPlaces[i] = node.place(name);
        lastNames[i] = name;
      }
      i++;
      if (place < 0) continue;
      const v = object[name];
      if (!isData(v)) continue;
      this.need(2);
      this.view.setUint16(this.at, place, true);
      this.at += 2;
      this.value(nodes[place], v);
    }
    this.need(2);
    this.view.setUint16(this.at, END_OF_FIELDS, true);
    this.at += 2;
    this.depth--;
  }

  /** @param {Node} node @param {any} object */
  map(node, object) {
    this.depth++;
    this.bytes[this.at] = MAP;
    const count = this.at + 1 - this.start;
    this.at += 5;
    let n = 0;
    for (const name in object) {
      if (!own.call(object, name)) continue;
      const v = object[name];
      if (!isData(v)) continue;
      this.string(name);
      this.value(node, v);
      n++;
    }
    this.view.setUint32(this.start + count, n, true);
    this.depth--;
  }
}

/** Whether JSON.stringify sees a value. @param {any} v */
function isData(v) {
  return v !== undefined && typeof v !== "function" && typeof v !== "symbol";
}

/** What JSON makes of an object that is no plain one. @param {object} v */
function plain(v) {
  const text = JSON.stringify(v, refuse);
  return text === undefined ? null : JSON.parse(text);
}

/** @param {string} name @param {any} v */
function refuse(name, v) {
  if (typeof v === "number" && !Number.isFinite(v)) throw new Error(`${name} is ${v}, which JSON does not have`);
  return v;
}

/** JSON of a value, in which a number that JSON does not have is an error and not null. @param {any} v */
export function stringify(v) {
  const text = JSON.stringify(v) ?? "null";
  if (text.includes("null")) JSON.stringify(v, refuse);
  return text;
}
