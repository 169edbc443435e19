// Connects a page without Jupyter to a kernel of a Jupyter server. kernel.d.ts is the contract.
//
//   import { connect } from "./kernel.js";
//   const kernel = await connect({ baseUrl: "http://127.0.0.1:8888", token: "…" });
// @ts-check

import { KernelConnection } from "./client/kernel-connection.js";
import { Gone, Server } from "./client/server.js";

export { KernelConnection };

/** How many kernels of a session may end while the page connects to them. */
const TRIES = 3;

/** @param {import("./kernel.js").ConnectOptions} options @returns {Promise<KernelConnection>} */
export async function connect({ baseUrl = "/", token = "", path, id, name }) {
  if (path !== undefined && id !== undefined) throw new TypeError("gocomm: connect: give path or id, the session whose kernel it is, or the kernel");
  if (path !== undefined && (typeof path !== "string" || path === "")) {
    throw new TypeError(`gocomm: connect: path is the name of a session, not ${JSON.stringify(path)}`);
  }
  const server = new Server(new URL(baseUrl, document.baseURI), token);
  for (let tries = 1; ; tries++) {
    const model = await (path !== undefined ? server.session(path, name) : id !== undefined ? server.kernel(id) : server.start(name));
    const kernel = new KernelConnection(model, server);
    try {
      await kernel.open();
      return kernel;
    } catch (e) {
      // The server may have been about to end the session's kernel, which no page used: it starts another.
      if (!(e instanceof Gone) || path === undefined || tries === TRIES) throw e;
    }
  }
}
