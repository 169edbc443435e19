// describe and it for tests that run on a page of their own.
//
// The test file is loaded twice: by the test runner, whose page learns the names of the tests, and again for
// each test in a frame of its own, in which the test then runs. So `globalThis` is the test's own page,
// modules keep nothing from one test to the next, and what a test leaves behind goes with the frame.

import { lines, uncaught, watch } from "./window.js";

/** How long a test may take. Conditions (`until`) give up before. */
const PATIENCE = 120_000; // ms

/** @type {any} */
const runner = globalThis;
const inFrame = parent !== self;

/** The tests of this file, by their full names. @type {Map<string, () => unknown>} */
export const bodies = new Map();
/** @type {string[]} */
const titles = [];

/** @param {string} title @param {() => void} body */
export function describe(title, body) {
  titles.push(title);
  if (inFrame) body();
  else runner.describe(title, body);
  titles.pop();
}

/** @param {string} title what must be so @param {() => unknown} body */
export function it(title, body) {
  const name = [...titles, title].join(" › ");
  if (bodies.has(name)) throw new Error(`two tests are named ${name}`);
  bodies.set(name, body);
  if (!inFrame) runner.it(title, () => runInFrame(name));
}

/** Runs a test in a frame. Nothing may be left uncaught there. @param {string} name */
async function runInFrame(name) {
  const frame = document.createElement("iframe");
  frame.src = new URL("frame.html", import.meta.url).href;
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  document.body.append(frame);
  await loaded;
  /** @type {(url: string) => Promise<any>} */
  const load = /** @type {any} */ (frame.contentWindow).load;
  let timer;
  try {
    const tests = await load(import.meta.url);
    tests.watchPage();
    await load(runner.__WTR_CONFIG__.testFile);
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the test has not ended for ${PATIENCE / 1000} s`)), PATIENCE);
    });
    const failure = await Promise.race([tests.run(name), late]).then(() => undefined, (e) => ({ e }));
    if (failure || tests.uncaught.length > 0) console.log(`the page's console, ${name}: ${JSON.stringify(tests.lines, null, 1)}`);
    if (failure) throw failure.e;
    if (tests.uncaught.length > 0) throw new Error(`uncaught on the page: ${tests.uncaught.join("\n")}`);
  } finally {
    clearTimeout(timer);
    frame.remove(); // its timers and programs end with it
  }
}

// What the runner's page calls in the frame.

export { lines, uncaught, watch as watchPage };

/** @param {string} name */
export async function run(name) {
  const body = bodies.get(name);
  if (!body) throw new Error(`the test ${name} is gone`);
  await body();
}
