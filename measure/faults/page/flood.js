// A flood of messages, and how long the page's tasks are meanwhile.

import { Tally, total } from "./tally.js";

const { kernel } = Jupyter.notebook;
const tasks = [];
let tallies, most = 0, sampling;

export function begin({ each }) {
  tallies = [];
  kernel.comm_manager.register_target("flood.js", (comm) => {
    const tally = new Tally(each);
    tallies.push(tally);
    comm.on_msg((msg) => tally.add(msg.content.data.k));
  });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) tasks.push(e.duration); }).observe({ type: "longtask" });
}

/** From here on tasks count: what the page does at first is over. */
export function start() {
  tasks.length = 0;
  const { programs } = kernel[Symbol.for("gocomm.hub.2")] ?? { programs: [] };
  sampling = setInterval(() => {
    for (const p of programs) most = Math.max(most, p.slots.length - p.freeSlots.length);
  }, 100);
}

export const got = () => tallies.reduce((n, tally) => n + tally.got, 0);

export function stop() {
  clearInterval(sampling);
  return { ...total(tallies.map((tally) => tally.sum())), Longest: Math.max(0, ...tasks), Tasks: tasks.length, Most: most };
}
