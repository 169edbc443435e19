// What comms that have come and gone leave behind, beside memory.

import { begin as beginHeap, cycles as cyclesHeap, goHeap, ask } from "/nbextensions/bench/heap.js";
import { until } from "./tally.js";

let side, funcs = 0;

export async function begin({ kind }) {
  side = await beginHeap(kind);
  const p = program();
  if (!p) return;
  const { _makeFuncWrapper } = Object.getPrototypeOf(p.go);
  p.go._makeFuncWrapper = function (id) {
    funcs++;
    return _makeFuncWrapper.call(this, id);
  };
}

const program = () => [...(side.kernel[Symbol.for("gocomm.hub.2")]?.programs ?? [])][0];

export const cycles = ({ n }) => cyclesHeap(side, n, false);
export const heap = () => goHeap(side);

/** What the program holds of the page, and the page of the program. */
export async function counts() {
  const p = program(), { hub } = p;
  const goroutines = await ask(side, "probe.goroutines");
  await until(() => p.slots.length === p.freeSlots.length, "the slots to be free").catch(() => {});
  return {
    Refs: p.go._values.length - p.go._idPool.length,
    Funcs: funcs,
    Goroutines: goroutines,
    Slots: p.slots.length - p.freeSlots.length,
    Handles: hub.routes.size + p.byIndex.filter((r) => r && !r.ended).length + Object.keys(p.js.comms).length,
    Timers: p.timers.size,
  };
}
