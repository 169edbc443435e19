// Traits between an AFM model and Go: JSON, and binary buffers with the paths of their
// places, as in Jupyter widgets 2.1 ("buffer_paths").
// @ts-check

import { isBuffer } from "../runtime/buffers.js";

/**
 * @typedef {ArrayBuffer | ArrayBufferView} Binary
 * @typedef {{ texts: string[], buffers: Binary[] }} Split texts: the traits, and the paths of the buffers
 */

/**
 * @param {{get(name: string): any}} model or a map with the values @param {Iterable<string>} names of traits
 * @returns {Split}
 */
export function split(model, names) {
  /** @type {string[]} */
  const members = [];
  /** @type {(string | number)[][]} */
  const paths = [];
  /** @type {Binary[]} */
  const buffers = [];
  for (const name of names) {
    const value = model.get(name);
    if (isBuffer(value)) {
      paths.push([name]);
      buffers.push(value);
      continue;
    }
    let found = false;
    let text;
    const replacer = (/** @type {string} */ _, /** @type {any} */ v) => {
      if (typeof v === "object" && v !== null && isBuffer(v)) found = true;
      return typeof v === "number" && !Number.isFinite(v) ? String(v) : v; // NaN is no null: package internal/codec takes the text
    };
    try {
      text = JSON.stringify(value, replacer);
      if (found) text = JSON.stringify(remove(value, [name], paths, buffers), replacer);
    } catch (e) {
      throw new Error(`the trait ${JSON.stringify(name)} cannot be read: ${e instanceof Error ? e.message : e}`, { cause: e });
    }
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return { texts: [`{${members.join()}}`, JSON.stringify(paths)], buffers };
}

/**
 * A copy without what is binary: null stands for it in lists, objects lack it.
 * @param {any} value @param {(string | number)[]} path @param {(string | number)[][]} paths @param {Binary[]} buffers
 * @returns {any}
 */
function remove(value, path, paths, buffers) {
  if (typeof value !== "object" || value === null || typeof value.toJSON === "function") return value;
  const list = Array.isArray(value);
  /** @type {any} */
  const copy = list ? [] : {};
  for (const [key, v] of Object.entries(value)) {
    const at = [...path, list ? Number(key) : key];
    if (isBuffer(v)) {
      paths.push(at);
      buffers.push(v);
      if (list) copy[key] = null;
    } else {
      Object.defineProperty(copy, key, { value: remove(v, at, paths, buffers), enumerable: true, writable: true, configurable: true });
    }
  }
  return copy;
}

/**
 * @param {string} traits @param {string} paths @param {ArrayBuffer[]} buffers
 * @returns {Map<string, any>}
 */
export function join(traits, paths, buffers) {
  const all = new Map(Object.entries(JSON.parse(traits)));
  JSON.parse(paths).forEach((/** @type {any[]} */ [name, ...path], /** @type {number} */ i) => {
    const view = new DataView(buffers[i]);
    const last = path.pop();
    if (last === undefined) {
      all.set(name, view);
      return;
    }
    let place = all.get(name);
    for (const step of path) place = place[step];
    Object.defineProperty(place, last, { value: view, enumerable: true, writable: true, configurable: true });
  });
  return all;
}
