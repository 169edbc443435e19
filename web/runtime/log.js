// What gocomm says on the page's console. A status entry (web/status.js) shows the last of it.
// @ts-check

import { text } from "./abi.js";

/**
 * Shared by all copies of this module on a page.
 * @type {{last: {text: string, time: Date} | null, observers: Set<() => void>}}
 */
const page = /** @type {any} */ (globalThis)[Symbol.for("gocomm.log.1")] ??= { last: null, observers: new Set() };

/** @param {"error" | "warn"} level @param {unknown[]} what */
function say(level, what) {
  console[level](...what);
  page.last = { text: what.map(text).join(" "), time: new Date() };
  changed();
}

/** @param {unknown[]} what */
export const error = (...what) => say("error", what);

/** @param {unknown[]} what */
export const warn = (...what) => say("warn", what);

/** What was said last. */
export const last = () => page.last;

/** Something that a status entry shows is another now. */
export function changed() {
  for (const f of page.observers) f();
}

/** Has f called at each change, until what is returned is called. @param {() => void} f */
export function observe(f) {
  page.observers.add(f);
  return () => void page.observers.delete(f);
}
