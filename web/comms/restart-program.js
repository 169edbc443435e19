// What becomes of a program that has died. Its comms in Go end with it, and it is started again. When it dies again
// and again, the comms of the page's JavaScript go on with the page's own comm manager.
// @ts-check

import { text } from "../runtime/abi.js";
import { PROGRAM_TIMEOUT_MS, withoutProgram } from "./message-hook.js";
import { handOverToStock } from "./stock-manager.js";
import * as log from "../runtime/log.js";

/** @typedef {import("./program.js").Program} Program */

/** How often a program is started again at the most, within what time. */
const TIMES = 3;
const WITHIN = 5 * 60_000; // ms

/**
 * Messages are held meanwhile, as while a program loads.
 * @param {Program} program that has died
 */
export async function revive(program) {
  const { hub, name } = program;
  let why = program.dead;
  removeDeadProgram(program);
  if (hub.detached) return;
  hub.coming.add(program);
  const release = hub.hook.hold();
  /** @type {Program | undefined} */
  let next;
  let late = false;
  const impatient = setTimeout(() => {
    late = true;
    next?.die(`it has not started within ${PROGRAM_TIMEOUT_MS / 1000} s`);
  }, PROGRAM_TIMEOUT_MS);
  let revived = false;
  while (!revived && !late && !hub.detached && mayRestart(program)) {
    log.error(`gocomm: ${name} has ended: ${why}. Its comms in Go are closed; it is started again.`);
    next = program.successor();
    try {
      await next.run();
      hub.install(next, false);
      revived = true;
    } catch (e) {
      why = text(e);
      next.halt(why);
      removeDeadProgram(next);
    }
  }
  clearTimeout(impatient);
  if (!revived && !hub.detached) {
    log.error(`gocomm: ${name} has ended: ${why}. It is not started again, after ${program.restarts.length} times within ` +
      `${WITHIN / 60_000} minutes: ${withoutProgram(hub.stock, "works on")}. Reload the page to start it again.`);
    handOverToStock(program);
  }
  hub.coming.delete(program);
  release();
  hub.detachIfEmpty();
}

/**
 * Takes out a program that has died or could not be loaded: its comms in Go end, and the kernel gets the reason.
 * @param {Program} program
 */
export function removeDeadProgram(program) {
  const { hub } = program;
  hub.programs.delete(program);
  for (const route of hub.routes.values()) {
    if (!("program" in route) || route.program !== program) continue;
    hub.routes.delete(route.id);
    route.ended = `${program.name} has ended`;
    if (!route.own) continue;
    try {
      hub.outgoing.send(program.js.maxSend, "comm_close", { comm_id: route.id, data: { reason: `gocomm: ${route.ended}` } });
    } catch (e) {
      log.warn(`gocomm: comm ${route.id}: the kernel could not be told that it has ended:`, e);
    }
  }
  program.empty();
}

/** @param {Program} program */
function mayRestart(program) {
  const now = performance.now();
  program.restarts = program.restarts.filter((t) => t > now - WITHIN);
  if (program.restarts.length >= TIMES) return false;
  program.restarts.push(now);
  return true;
}
