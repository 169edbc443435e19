// What gocomm uses of a kernel connection of JupyterLab that is not public: checked in @jupyterlab/services of
// JupyterLab 4.6 and Notebook 7.6.
// @ts-check

const METHODS = ["_handleMessage", "_handleCommOpen", "_handleCommMsg", "_handleCommClose"];
const OBJECTS = ["_targetRegistry", "_msgChain", "_pendingMessages"];

/** @param {any} connection */
export function isKnown(connection) {
  return METHODS.every((name) => typeof connection[name] === "function")
    && OBJECTS.every((name) => typeof connection[name] === "object" && connection[name] !== null)
    && typeof connection._msgChain.then === "function" && Array.isArray(connection._pendingMessages);
}
