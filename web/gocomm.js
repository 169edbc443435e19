// gocomm: Jupyter comms handled by Go programs, compiled to WebAssembly.
//
//   import { attach } from "./gocomm.js";
//   const manager = await attach(kernel, { wasm: "./commmgr.wasm" });
//
// This module is the same in every host; gocomm.d.ts is its contract. It owns
// what must be JavaScript: the hook on the kernel and what it holds (comms/message-hook.js), the
// index of comms (comms/hub.js), the programs (comms/program.js), the targets and comms that are
// JavaScript's own (comms/js-comms.js, comms/js-route.js), the objects by which other scripts use
// them (comms/comm-manager.js, comms/comm.js), all that is sent (comms/outgoing.js), and the signs of
// a kernel's end and of a lost connection (comms/kernel-epoch.js, comms/reconnect.js). Policy for
// comms in Go is in Go.
// @ts-check

import { DEFAULT_MAX_SEND } from "./messaging/send-limit.js";
import { text } from "./runtime/abi.js";
import { programFiles } from "./runtime/program-files.js";
import { Hub } from "./comms/hub.js";
import { JSComms } from "./comms/js-comms.js";
import { withoutProgram } from "./comms/message-hook.js";
import { removeDeadProgram } from "./comms/restart-program.js";
import { handOverToStock } from "./comms/stock-manager.js";
import { Program } from "./comms/program.js";

export { statusEntry } from "./status.js";

/** How long the promise of a JavaScript handler holds messages of the same request, where nothing else is said. */
const STALLED = 10000; // ms

/**
 * @param {import("./gocomm.js").Kernel} kernel
 * @param {import("./gocomm.js").AttachOptions} options
 * @returns {Promise<import("./gocomm.js").CommManager>}
 */
export async function attach(kernel, {
  wasm, mode = "replace", options = {}, stallLimit = STALLED, maxSend = DEFAULT_MAX_SEND, overrideTargets = false, response, since,
}) {
  if (mode !== "replace" && mode !== "beside") {
    throw new TypeError(`gocomm: attach: mode is "replace" or "beside", not ${JSON.stringify(mode)}`);
  }
  const files = programFiles(wasm);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`gocomm: attach: options is an object, not ${text(options)}`);
  }
  if (typeof stallLimit !== "number" || !(stallLimit > 0 && stallLimit < 2 ** 31)) {
    throw new TypeError(`gocomm: attach: stallLimit is a number of milliseconds, not ${text(stallLimit)}`);
  }
  if (typeof maxSend !== "number" || !(maxSend > 0)) {
    throw new TypeError(`gocomm: attach: maxSend is a number of bytes, not ${text(maxSend)}`);
  }
  const hub = Hub.of(kernel);
  const program = new Program(hub, files, options, new JSComms(hub, { stallLimit, maxSend, overrideTargets }));
  const arrived = hub.expect(program, since);
  try {
    await program.load(response);
    hub.install(program, mode === "replace");
  } catch (e) {
    program.halt(text(e));
    removeDeadProgram(program);
    handOverToStock(program);
    throw new Error(`gocomm: ${program.name} could not be loaded, ${withoutProgram(kernel.comm_manager, "stays")}: ${text(e)}`, { cause: e });
  } finally {
    arrived();
  }
  return /** @type {any} */ (program.js.manager);
}

/**
 * Takes all programs off a kernel, and leaves it as it was before.
 * @param {import("./gocomm.js").Kernel} kernel
 */
export function detach(kernel) {
  Hub.at(kernel)?.detach();
}
