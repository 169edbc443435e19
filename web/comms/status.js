// What there is of gocomm on a kernel, for a status entry (web/status.js).
// @ts-check

import { Hub } from "./hub.js";

/**
 * @typedef {object} ProgramStatus
 * @property {string} name
 * @property {number | null} loading how many ms it has been loading, or null: it runs
 * @property {number} loaded of what it consists, as far as it has come: 0 to 1, or NaN where that is not known
 * @property {number} comms live ones, in Go and JavaScript
 */

/**
 * @param {import("../gocomm.js").Kernel} kernel
 * @returns {{replaces: boolean, programs: ProgramStatus[]} | null} null: no program is there, or comes
 */
export function statusOf(kernel) {
  const hub = Hub.at(kernel);
  if (!hub) return null;
  const comms = new Map();
  for (const route of hub.routes.values()) {
    const js = "js" in route ? route.js : route.program.js;
    comms.set(js, (comms.get(js) ?? 0) + 1);
  }
  const programs = [...hub.programs].filter((p) => !hub.coming.has(p));
  const now = performance.now();
  return {
    replaces: hub.main !== null,
    programs: [
      ...programs.map((p) => ({ name: p.name, loading: null, loaded: 1, comms: comms.get(p.js) ?? 0 })),
      ...[...hub.coming].map((p) => ({ name: p.name, loading: now - p.since, loaded: p.loaded, comms: comms.get(p.js) ?? 0 })),
    ],
  };
}
