// Measuring two ways of doing the same, by turns.

/** Lets timers and the browser's own tasks run, and clears the young generation, so that neither side pays for the other. */
async function pause() {
  await new Promise((done) => setTimeout(done));
  globalThis.gc({ type: "minor" });
}

/** The mean of the middle half: the page's clock has steps of 0.1 ms, and a median would have them too. */
export function middle(times) {
  times.sort((a, b) => a - b);
  const half = times.slice(times.length >> 2, times.length - (times.length >> 2));
  return half.reduce((sum, t) => sum + t, 0) / half.length;
}

async function timed(f, n) {
  const start = performance.now();
  await f(n);
  return performance.now() - start;
}

/**
 * @typedef {(n: number) => Promise<void>} Work does a thing n times
 * @param {Work} baseline @param {Work} ours
 * @param {{repetitions: number, least: number, slow: number}} o least: milliseconds that one repetition takes at the least;
 *   slow: how often ours does each thing, to show that the bench notices
 * @returns {Promise<{n: number, baseline: number[], ours: number[]}>} nanoseconds for each thing, by repetition
 */
export async function alternate(baseline, ours, { repetitions, least, slow }) {
  if (typeof globalThis.gc !== "function") throw new Error("bench: Chromium was started without --js-flags=--expose-gc");
  const slowed = slow > 1 ? (n) => ours(n * slow) : ours;
  let n = 64;
  for (let warm = 0; warm < 4;) {
    const took = Math.min(await timed(baseline, n), await timed(slowed, n));
    if (took < 1.2 * least) n = Math.ceil(took < least / 4 ? 2 * n : (1.4 * least * n) / took);
    else warm++;
  }
  const result = { n, baseline: [], ours: [] };
  for (let i = 0; i < repetitions; i++) {
    for (const [times, f] of [[result.baseline, baseline], [result.ours, slowed]]) {
      await pause();
      times.push(((await timed(f, n)) / n) * 1e6);
    }
  }
  return result;
}
