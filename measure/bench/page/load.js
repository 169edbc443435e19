// The time that an extension takes, from the moment classic Notebook asks for it.

import { amd, kernelObject, expect } from "./sides.js";

/** Until gocomm is the kernel's comm manager. @param {number} slow stretches the time by this factor */
export async function loadGocomm(slow) {
  const [events] = await amd("base/js/events");
  const { kernel } = await kernelObject();
  let manager = kernel.comm_manager;
  const ready = new Promise((done) => {
    Object.defineProperty(kernel, "comm_manager", { configurable: true, enumerable: true, get: () => manager, set: (m) => {
      manager = m;
      done(m);
    } });
  });
  const late = new Promise((_, failed) => setTimeout(failed, 20_000, new Error("bench: the extension is not ready after 20 s; see the console")));
  const start = performance.now();
  const [extension] = await amd("nbextensions/gocomm/main");
  extension.load_ipython_extension();
  events.trigger("kernel_created.Session", { kernel });
  const m = await Promise.race([ready, late]);
  const took = performance.now() - start;
  expect("_hub" in m, "gocomm has not taken the manager's place");
  if (slow > 1) await new Promise((done) => setTimeout(done, (slow - 1) * took));
  return performance.now() - start;
}

/** Until the empty program's main has been run. */
export async function loadEmpty() {
  await amd("base/js/events");
  await kernelObject();
  const start = performance.now();
  const [extension] = await amd("nbextensions/bench/empty");
  await extension.load_ipython_extension();
  return performance.now() - start;
}
