// gocomm: Jupyter comms handled by Go programs, compiled to WebAssembly.
//
//   import { attach } from "./gocomm.js";
//   const manager = await attach(kernel, { wasm: "./commmgr.wasm" });
//
// This module is the same in every host; gocomm.d.ts is its contract. It owns
// what must be JavaScript: the hook on the kernel and its queue (comms/hub.js), the
// programs and the messages they hold (comms/program.js), the objects that other scripts
// on the page use (comms/comm-manager.js, comms/comm.js), what those send (comms/outgoing.js) and what waits for them (comms/request-order.js), and the signs of
// a kernel's end and of a lost connection (comms/kernel-epoch.js, comms/gap.js). All policy is in Go.
// @ts-check

import { text } from "./runtime/abi.js";
import { Hub } from "./comms/hub.js";
import { Program } from "./comms/program.js";

/** How long the promise of a JavaScript handler holds messages of the same request, where nothing else is said. */
const STALLED = 10000; // ms

/**
 * @param {import("./gocomm.js").Kernel} kernel
 * @param {import("./gocomm.js").AttachOptions} options
 * @returns {Promise<import("./gocomm.js").CommManager>}
 */
export async function attach(kernel, { wasm, mode = "replace", options = {}, stallLimit = STALLED, response }) {
  if (mode !== "replace" && mode !== "beside") {
    throw new TypeError(`gocomm: attach: mode is "replace" or "beside", not ${JSON.stringify(mode)}`);
  }
  if (typeof wasm !== "string" || !URL.canParse(wasm, document.baseURI)) {
    throw new TypeError(`gocomm: attach: wasm is the URL of a program, not ${JSON.stringify(wasm)}`);
  }
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`gocomm: attach: options is an object, not ${text(options)}`);
  }
  if (typeof stallLimit !== "number" || !(stallLimit > 0 && stallLimit < 2 ** 31)) {
    throw new TypeError(`gocomm: attach: stallLimit is a number of milliseconds, not ${text(stallLimit)}`);
  }
  const url = new URL(wasm, document.baseURI).href;
  const hub = Hub.of(kernel);
  const program = new Program(hub, url, options, stallLimit);
  const arrived = hub.expect(program);
  try {
    await program.load(response);
    hub.install(program, mode === "replace");
  } catch (e) {
    program.halt(text(e));
    hub.bury(program);
    throw new Error(`gocomm: ${program.name} could not be loaded, the page's own comm manager stays: ${text(e)}`);
  } finally {
    arrived();
  }
  return /** @type {any} */ (program.manager);
}

/**
 * Takes all programs off a kernel, and leaves it as it was before.
 * @param {import("./gocomm.js").Kernel} kernel
 */
export function detach(kernel) {
  Hub.at(kernel)?.detach();
}
