// A host's connection to its kernel that was lost and is back. Front-end modules have no event for that: it is
// what the managers of Jupyter's pages have, and elsewhere nothing.
// @ts-check

/** What classic Notebook says when the connection is lost, and when it is given up with the kernel. */
const LOST = "kernel_disconnected.Kernel kernel_reconnecting.Kernel";
const OVER = "kernel_restarting.Kernel kernel_killed.Kernel";
const BACK = "kernel_connected.Kernel";

/**
 * Calls back each time that the connection is back and the kernel is the same. The function returned ends that.
 * @param {any} manager a model's widget_manager, or undefined @param {() => void} back
 * @returns {() => void}
 */
export function watchConnection(manager, back) {
  let gone = false, over = false;
  const lost = () => { gone = true; };
  const end = () => { over = true; };
  const here = () => {
    if (gone && !over) back();
    gone = false;
  };
  const { kernel, notebook } = manager ?? {};
  if (kernel?.connectionStatusChanged) { // JupyterLab, Notebook 7
    const changed = (/** @type {unknown} */ _, /** @type {string} */ status) => {
      if (kernel.status === "restarting" || kernel.isDisposed) end();
      (status === "connected" ? here : lost)();
    };
    kernel.connectionStatusChanged.connect(changed);
    return () => kernel.connectionStatusChanged.disconnect(changed);
  }
  const events = notebook?.events;
  if (!events?.on) return () => {};
  const soon = () => setTimeout(here); // others make the connection ready to be used
  const handlers = Object.entries({ [LOST]: lost, [OVER]: end, [BACK]: soon });
  for (const [names, f] of handlers) events.on(names, f);
  return () => {
    for (const [names, f] of handlers) events.off(names, f);
  };
}
