// What becomes of a program that has died. Its comms in Go end with it. Those of the
// page's JavaScript live on: with a new instance of the program, or, when it dies
// again and again, with the page's own comm manager.
// @ts-check

import { OK, text } from "../runtime/abi.js";
import { hide } from "./comm.js";
import { PATIENCE } from "../runtime/load.js";

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
  const rescued = hub.bury(program);
  if (hub.detached) return hub.leave(program);
  hub.coming.add(program);
  const release = hub.hold();
  hub.queue = rescued.concat(hub.queue ?? []);
  /** @type {Program | undefined} */
  let next;
  let late = false;
  const impatient = setTimeout(() => {
    late = true;
    next?.die(`it has not started within ${PATIENCE / 1000} s`);
  }, PATIENCE);
  let revived = false;
  while (!revived && !late && !hub.detached && mayRestart(program)) {
    console.error(`gocomm: ${name} has ended: ${why}. Its comms in Go are closed; it is started again.`);
    next = program.successor();
    try {
      await next.run();
      succeed(program, next);
      revived = true;
    } catch (e) {
      why = text(e);
      next.halt(why);
      hub.bury(next);
    }
  }
  clearTimeout(impatient);
  if (!revived && !hub.detached) {
    console.error(`gocomm: ${name} has ended: ${why}. It is not started again, after ${program.restarts.length} times within ` +
      `${WITHIN / 60_000} minutes: the page's own comm manager works on. Reload the page to start it again.`);
    hub.leave(program);
  }
  hub.coming.delete(program);
  release();
  hub.vacate();
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
    if (!p.dead) p.hub.entrust(route);
    return;
  }
  route.index = n;
  p.scripted[n] = route;
}
