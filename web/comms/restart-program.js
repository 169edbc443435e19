// What becomes of a program that has died. Its comms in Go end with it. Those of the
// page's JavaScript live on: with a new instance of the program, or, when it dies
// again and again, with the page's own comm manager.
// @ts-check

import { OK, text } from "../runtime/abi.js";
import { hide } from "./comm.js";
import { PROGRAM_TIMEOUT_MS } from "./message-hook.js";
import { handOverComm, handOverToStock, restoreStock } from "./stock-manager.js";

/** @typedef {import("../runtime/program.js").Program} Program */

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
  if (hub.detached) return handOverToStock(program);
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
    console.error(`gocomm: ${name} has ended: ${why}. Its comms in Go are closed; it is started again.`);
    next = program.successor();
    try {
      await next.start();
      succeed(program, next);
      revived = true;
    } catch (e) {
      why = text(e);
      next.halt(why);
      removeDeadProgram(next);
    }
  }
  clearTimeout(impatient);
  if (!revived && !hub.detached) {
    console.error(`gocomm: ${name} has ended: ${why}. It is not started again, after ${program.restarts.length} times within ` +
      `${WITHIN / 60_000} minutes: the page's own comm manager works on. Reload the page to start it again.`);
    handOverToStock(program);
  }
  hub.coming.delete(program);
  release();
  hub.detachIfEmpty();
}

/**
 * Takes out a program that has died or could not be loaded: its comms in Go end, and the
 * page's own manager is back in its place.
 * @param {Program} program
 */
export function removeDeadProgram(program) {
  const { hub } = program;
  hub.programs.delete(program);
  for (const [target, p] of hub.claims) if (p === program) hub.claims.delete(target);
  for (const route of hub.routes.values()) {
    if (route.program !== program || route.comm) continue;
    hub.routes.delete(route.id);
    route.ended = `${program.name} has ended`;
    if (!route.own) continue;
    try {
      hub.kernel.send_shell_message("comm_close", { comm_id: route.id, data: { reason: `gocomm: ${route.ended}` } });
    } catch (e) {
      console.warn(`gocomm: comm ${route.id}: the kernel could not be told that it has ended:`, e);
    }
  }
  if (hub.main === program) restoreStock(hub);
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

/**
 * Gives next the place of the program, and what the page's JavaScript had with it.
 * @param {Program} program @param {Program} next
 */
function succeed(program, next) {
  const { hub, manager } = program;
  next.manager = manager;
  next.targets = program.targets;
  next.comms = program.comms;
  next.closeWithKernel = program.closeWithKernel;
  hub.install(next, program.replaces);
  if (manager) hide(manager, "_program", next);
  if (!next.replaces) {
    for (const target of Object.keys(next.targets)) {
      if (!hub.claim(next, target)) console.warn(`gocomm: ${next.name} has been started again, but its target ${JSON.stringify(target)} is another program's now`);
    }
  }
  const routes = [...hub.routes.values()].filter((route) => route.program === program);
  for (const route of routes) route.program = next;
  for (const route of routes) if (!next.dead) resume(next, route); // else revive has begun anew
}

/** Has Go take up a comm whose handlers are JavaScript, and which is open. @param {Program} p @param {import("./route.js").Route} route */
function resume(p, route) {
  const n = p.freeNumbers.pop() ?? p.scripted.length;
  if (p.accept(n, route.own) !== OK) {
    if (!p.dead) handOverComm(route);
    return;
  }
  route.index = n;
  p.scripted[n] = route;
}
