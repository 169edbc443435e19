// Connects a page without Jupyter to a kernel of a Jupyter server. kernel.d.ts is the contract.
//
//   import { connect } from "./kernel.js";
//   const kernel = await connect({ baseUrl: "http://127.0.0.1:8888", token: "…" });
// @ts-check

import { KernelConnection } from "./client/kernel-connection.js";
import { Server } from "./client/server.js";

export { KernelConnection };

/** @param {import("./kernel.js").ConnectOptions} options @returns {Promise<KernelConnection>} */
export async function connect({ baseUrl = "/", token = "", id, name }) {
  const server = new Server(new URL(baseUrl, document.baseURI), token);
  const model = id === undefined ? await server.start(name) : await server.kernel(id);
  const kernel = new KernelConnection(model, server);
  await kernel.open();
  return kernel;
}
