// How long JupyterLab's start takes where an extension can add to it.

import { expect } from "./sides.js";
import { until } from "./widget.js";

/** @param {boolean} gocomm its extension is installed @returns {Promise<number>} ms */
export async function started(gocomm) {
  const app = await until(() => window.jupyterapp, "JupyterLab");
  await app.restored;
  expect(gocomm === app.hasPlugin("gocomm:plugin"), `gocomm is ${gocomm ? "not " : ""}there`);
  const [page] = performance.getEntriesByType("navigation");
  const scripts = performance.getEntriesByType("resource").filter((r) => r.initiatorType === "script");
  const ofExtensions = scripts.filter((r) => /\/remoteEntry\./.test(r.name));
  const begin = Math.min(...ofExtensions.map((r) => r.startTime)), loaded = Math.max(...ofExtensions.map((r) => r.responseEnd));
  // Lab asks for its own parts when each extension's script has run.
  const next = Math.min(...scripts.map((r) => r.startTime).filter((t) => t >= loaded));
  expect(next < Infinity, "Lab asks for nothing more");
  return page.responseEnd - page.requestStart + (next - begin) + window.benchPlugin;
}
