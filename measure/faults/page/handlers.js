// Handlers that fail in many ways, beside others whose latency is taken.

import { until } from "./tally.js";

const { kernel } = Jupyter.notebook;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ways = {
  throws: () => { throw new Error("the figure's own"); },
  null: () => { throw null; },
  rejects: () => Promise.reject(new Error("the figure's own")),
  never: () => new Promise(() => {}),
  slow: () => wait(1000),
  none: () => {},
};

let latencies = [], control;

export function begin() {
  const manager = kernel.comm_manager;
  manager.register_target("others.js", (comm) => comm.on_msg((msg) => { latencies.push(Date.now() - msg.content.data); }));
  for (const [name, way] of Object.entries(ways)) manager.register_target(`faults.${name}`, (comm) => comm.on_msg(way));
}

export function clear() {
  latencies = [];
}

/**
 * Has n handlers fail, one each ms milliseconds, while cells print.
 * @param {{target: string, say: any, n: number, ms: number, pings: number, patience: number}} o
 *   pings: how many the page's own others get; patience: how long what has not come is waited for, in ms
 */
export async function run({ target, say, n, ms, pings, patience }) {
  control ??= kernel.comm_manager.new_comm("faults.control"); // by now the kernel has its target
  let printed = 0;
  const output = () => { printed++; };
  const cells = Math.ceil(n / 5);
  const start = performance.now();
  for (let i = 0; i < n; i++) {
    control.send({ n: i, target, say });
    if (i % 5 === 0) kernel.execute(`print("cell", ${i})`, { iopub: { output } }, { silent: false, store_history: false });
    await wait(Math.max(0, start + (i + 1) * ms - performance.now()));
  }
  await until(() => printed === cells && latencies.length >= pings, "outputs and pings", patience).catch(() => {});
  return { Latencies: latencies, Missing: pings - latencies.length, Cells: cells, Printed: printed };
}
