// What every page of a test has: its console and what is uncaught are recorded, long timers can be shortened.

/** @typedef {{level: "log" | "warn" | "error", text: string}} Line */

/** The URL at which dist/web is served. @type {string} */
export const web = /** @type {any} */ (parent).GOCOMM_WEB;

/** The page's console. @type {Line[]} */
export const lines = [];
/** Errors and rejections that nobody has handled. @type {string[]} */
export const uncaught = [];
let factor = 1;

/** Begins to record. */
export function watch() {
  for (const level of /** @type {const} */ (["log", "warn", "error"])) {
    console[level] = (...args) => {
      if (lines.length < 1000) lines.push({ level, text: args.map(text).join(" ") });
    };
  }
  addEventListener("error", (e) => uncaught.push(`error: ${text(e.error ?? e.message)}`));
  addEventListener("unhandledrejection", (e) => uncaught.push(`rejection: ${text(e.reason)}`));
  /** @type {any} */
  const page = globalThis;
  const { setTimeout } = page;
  page.setTimeout = (/** @type {any} */ f, ms = 0, /** @type {any[]} */ ...args) =>
    setTimeout(f, ms >= 1000 ? ms / factor : ms, ...args);
}

/** Shortens timers of 1 s and more that are set from now on. @param {number} by the factor */
export function hurry(by) {
  factor = by;
}

/** What the page's console has at a level. @param {Line["level"]} level */
export function errors(level = "error") {
  return lines.filter((l) => l.level === level).map((l) => l.text);
}

/** One task of the page. @returns {Promise<void>} */
export function task() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Waits until a condition holds, and gives its value.
 * @template T @param {() => T | Promise<T>} condition @param {string} [what] it waits for
 */
export async function until(condition, what, ms = 15_000) {
  for (const end = performance.now() + ms; ;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what ?? condition}`);
    await task();
  }
}

/** @param {any} v */
function text(v) {
  if (v instanceof Error || Object.prototype.toString.call(v) === "[object Error]") return String(v.stack ?? v);
  if (typeof v !== "object" || v === null) return String(v);
  try {
    return JSON.stringify(v);
  } catch {
    return Object.prototype.toString.call(v);
  }
}

/** The message of what a function throws, or "nothing". @param {() => unknown} f */
export function thrown(f) {
  try {
    f();
  } catch (e) {
    return /** @type {Error} */ (e).message;
  }
  return "nothing";
}
