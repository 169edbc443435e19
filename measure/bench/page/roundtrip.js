// Messages to a real kernel and back.

import { amd, gocomm, dropIn, expect } from "./sides.js";
import { middle } from "./measure.js";

const CODE = `
def _open(comm, msg):
    @comm.on_msg
    def _recv(msg):
        comm.send(msg['content']['data'])
get_ipython().kernel.comm_manager.register_target('bench', _open)
`;

export async function start() {
  const [{ Kernel }, events] = await amd("services/kernels/kernel", "base/js/events");
  const kernel = new Kernel("/api/kernels", "", "python3");
  const ready = new Promise((done) => events.on("kernel_ready.Kernel", done));
  await new Promise((done, failed) => kernel.start({}, done, (xhr, status, error) => failed(new Error(`bench: the kernel does not start: ${status} ${error}`))));
  await ready;
  await new Promise((done, failed) => {
    const reply = (msg) => (msg.content.status === "ok" ? done() : failed(new Error(`bench: the kernel's answer: ${JSON.stringify(msg.content)}`)));
    kernel.execute(CODE, { shell: { reply } });
  });
  return kernel;
}

/** Trips before those that are measured: meanwhile the browser compiles the program once more, which takes up a core. */
const WARM = 100;

/** Milliseconds of each round trip. */
async function trips(kernel, n, each) {
  const comm = kernel.comm_manager.new_comm("bench", {});
  let answered;
  comm.on_msg((msg) => answered(msg));
  const trip = async (i) => {
    const answer = new Promise((done) => { answered = done; });
    comm.send({ value: i });
    const msg = await answer;
    expect(msg.content.data.value === i, "the kernel's answer is another one");
  };
  for (let i = 0; i < WARM; i++) await trip(i);
  const times = [];
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    for (let j = 0; j < each; j++) await trip(i);
    times.push(performance.now() - start);
  }
  comm.close();
  return times;
}

/** One Kernel object, with gocomm taken off and put on again by turns. */
export async function roundTrips(kernel, { repetitions, each, slow }) {
  const { attach, detach } = await import(gocomm);
  const result = { n: each, baseline: [], ours: [] };
  const stock = async () => middle(await trips(kernel, each, 1));
  const ours = async () => {
    await attach(kernel, { wasm: dropIn });
    expect("_hub" in kernel.comm_manager, "gocomm has not taken the manager's place");
    const times = await trips(kernel, each, slow);
    detach(kernel);
    expect(!("_hub" in kernel.comm_manager), "gocomm has not left the kernel");
    return middle(times);
  };
  const sides = [[result.baseline, stock], [result.ours, ours]];
  for (let i = -1; i < repetitions; i++) { // the first one warms up
    for (const [times, side] of i % 2 ? sides : sides.toReversed()) { // by turns the first: a kernel's pace changes
      const took = await side();
      if (i >= 0) times.push(took);
    }
  }
  return result;
}

export const stop = (kernel) => new Promise((done, failed) => kernel.kill(done, (xhr, status, error) => failed(new Error(`bench: the kernel does not end: ${status} ${error}`))));
