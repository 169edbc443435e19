// The end of a kernel: comms do not outlive it, and what is still to be sent on them
// must not reach the next one.
// @ts-check

/** @typedef {import("./hub.js").Hub} Hub */

/** What a kernel object of classic Notebook says when its kernel ends; often more than one of them. */
const ENDS = "kernel_restarting.Kernel kernel_dead.Kernel kernel_killed.Kernel kernel_killed.Session";

/**
 * Watches for the end of the hub's kernel. The function returned ends that.
 * @param {Hub} hub
 */
export function watch(hub) {
  const kernel = /** @type {any} */ (hub.kernel);
  /** @param {unknown} event @param {{kernel?: object}} [data] */
  const ended = (event, data) => {
    if (data?.kernel === kernel) end(hub);
  };
  kernel.events?.on(ENDS, ended);
  return () => kernel.events?.off(ENDS, ended);
}

/** @param {Hub} hub */
function end(hub) {
  const n = hub.routes.size;
  for (const program of hub.programs) program.call(program.exports.gocomm_epoch);
  if (n > 0) console.warn(`gocomm: the kernel has ended, or is restarted: ${n} comms have ended with it`);
  const pending = /** @type {any} */ (hub.kernel)._pending_messages ?? [];
  for (let i = pending.length; i-- > 0;) if (ofComm(pending[i])) pending.splice(i, 1);
}

/** Tells whether a message, as it would be sent, is one of a comm. @param {string | ArrayBuffer} data */
function ofComm(data) {
  let json = data;
  if (typeof json !== "string") {
    const view = new DataView(json); // a count, that many offsets, and the message's JSON at the first
    const n = view.getUint32(0);
    json = new TextDecoder().decode(json.slice(view.getUint32(4), n > 1 ? view.getUint32(8) : undefined));
  }
  return ["comm_open", "comm_msg", "comm_close"].includes(JSON.parse(json).header.msg_type);
}
