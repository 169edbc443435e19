// JupyterLab's kernel connection on a websocket of the bench's, for page/typed.js.

import { KernelConnection, ServerConnection } from "@jupyterlab/services";

/** A websocket that is connected to nothing: who calls its onmessage is the server. */
class Socket {
  static OPEN = 1;
  static last;
  constructor() {
    this.readyState = Socket.OPEN;
    this.protocol = ""; // JSON, and the default form of binary frames
    Socket.last = this;
    setTimeout(() => this.onopen({}));
  }
  send() {}
  close() {}
}

/** @returns {{kernel: KernelConnection, socket: Socket}} */
export function connect() {
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: location.origin,
    wsUrl: "ws://127.0.0.1/",
    WebSocket: Socket,
    fetch: async () => new Response("{}", { status: 200 }),
  });
  const kernel = new KernelConnection({ model: { id: "bench", name: "python3" }, serverSettings, handleComms: true });
  return { kernel, socket: Socket.last };
}
