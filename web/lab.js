// Go programs for comms in JupyterLab 4 and Notebook 7. lab.d.ts is the contract.
//
//   import { attach, labKernel } from "./lab.js";
//   await attach(labKernel(connection), { wasm: "./cookbook.wasm", mode: "beside" });
//
// gocomm.js and its programs are the same as everywhere: web/lab has what makes Lab's kernel connection
// a kernel object for them.
// @ts-check

import { attach, detach } from "./gocomm.js";
import { refuseOtherRelease } from "./comms/message-hook.js";
import { SUFFIX } from "./runtime/compressed.js";
import { LabKernel } from "./lab/lab-kernel.js";
import { isKnown } from "./lab/private-names.js";
import { PublicLabKernel } from "./lab/public-kernel.js";
import * as log from "./runtime/log.js";
import { statusEntry } from "./status.js";

export { attach, detach };

/** Where a connection's kernel object is found, also by another copy of this module, of the same release. */
const KERNEL = Symbol.for("gocomm.lab.kernel.1");

/** Where gocomm's extension of Lab is found. */
const PROGRAMS = Symbol.for("gocomm.lab.1");

let warned = false;

/**
 * @param {any} connection
 * @returns {LabKernel | PublicLabKernel}
 */
export function labKernel(connection) {
  if (connection?.handleComms !== true) {
    throw new Error(`gocomm: kernel ${connection?.id}: this connection has no comms: Lab gives them to the first connection that a page opens to a kernel, such as a console's; close that one, and reload the page`);
  }
  refuseOtherRelease(connection);
  if (connection[KERNEL]) return connection[KERNEL];
  const known = isKnown(connection);
  if (!known && !warned) {
    warned = true;
    log.warn("gocomm: this JupyterLab is of another make than those that gocomm knows: targets of Go work, but comms that are opened before their target is registered are lost");
  }
  const kernel = known ? new LabKernel(connection) : new PublicLabKernel(connection);
  Object.defineProperty(connection, KERNEL, { value: kernel, configurable: true, enumerable: false });
  connection.disposed.connect(() => {
    kernel.tell("kernel_killed"); // for this page: another kernel takes its place, or the notebook is closed
    detach(/** @type {any} */ (kernel));
  });
  return kernel;
}

/** The programs of a connection, by URL. @type {WeakMap<object, Map<string, Promise<any>>>} */
const running = new WeakMap();

/**
 * Starts a program on a connection, once, however many views there are of its notebook.
 * @param {any} connection @param {import("./lab.js").LabProgram} program
 */
export function run(connection, { wasm = new URL("commmgr.wasm", import.meta.url).href, started, ...more }) {
  const kernel = labKernel(connection);
  const url = new URL(wasm, document.baseURI).href;
  const programs = running.get(kernel) ?? new Map();
  running.set(kernel, programs);
  let manager = programs.get(url);
  if (manager === undefined) {
    const packed = new URL(url);
    packed.pathname += SUFFIX; // the query, such as a hash, stays
    const response = fetch(packed, { cache: "no-cache" }); // Lab's server lets browsers keep what was there before an update
    response.catch(() => {}); // reported by whoever awaits it
    manager = attach(/** @type {any} */ (kernel), { ...more, wasm: url, mode: "beside", response });
    programs.set(url, manager);
    manager.catch(() => programs.delete(url));
  }
  if (started) {
    manager.then((/** @type {any} */ comms) => started(comms, connection)).catch((/** @type {unknown} */ e) => {
      if (programs.has(url)) log.error(`gocomm: the function started of a program on kernel ${kernel.id} failed:`, e);
    });
  }
  return manager;
}

/** @param {any} connection @param {Omit<import("./lab.js").LabProgram, "wasm" | "started">} [options] */
export async function manager(connection, options) {
  const { enabled, stallLimit, maxSend } = await /** @type {any} */ (globalThis)[PROGRAMS]?.settings?.() ?? {};
  if (enabled === false) throw new Error("gocomm: manager: gocomm is switched off: switch it on in the Settings Editor");
  return run(connection, { stallLimit, maxSend, ...options });
}

/** The notebooks that have their entry. @type {WeakSet<object>} */
const shown = new WeakSet();

/**
 * Puts the status entry into a notebook's toolbar.
 * @param {any} panel @param {any} session its session context @param {any} scope the modules that Lab shares with extensions
 */
export async function showStatus(panel, session, scope) {
  if (shown.has(panel)) return;
  shown.add(panel);
  const [lumino] = Object.values(scope["@lumino/widgets"]);
  const { Widget } = (await lumino.get())();
  const kernel = () => session.session?.kernel?.[KERNEL];
  const entry = statusEntry({ kernel, own: "Lab's", leave: () => detach(kernel()) });
  panel.toolbar.addItem("gocomm", new Widget({ node: entry.node }));
  panel.disposed.connect(entry.dispose);
}
