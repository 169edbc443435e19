// A kernel that ends while the page connects to it: web/kernel.js and web/client/kernel-connection.js.

import { assert } from "chai";

import { describe, it } from "./testing.js";
import { hurry, until, web } from "./window.js";

/** @type {any} */
const page = globalThis;

/**
 * A Jupyter server that lists `kernels`, and takes the websocket of none but the `good` ones, nor refuses it: as one
 * does for a kernel that it is ending.
 */
const server = {
  /** @type {string[]} */
  kernels: [],
  good: "",
  /** How many kernels its session has had. */
  started: 0,
  /** @type {Socket[]} */
  sockets: [],

  /** @param {string} method @param {string} path */
  answer(method, path) {
    if (path.endsWith("/api/kernels")) {
      return method === "POST" ? this.start() : this.kernels.map((id) => ({ id, name: "python3" }));
    }
    if (method === "POST") return { id: "s", path: "a page", kernel: this.kernels.length > 0 ? { id: this.kernels[0], name: "python3" } : this.start() };
    return [{ id: "s", path: "a page", kernel: {} }];
  },
  start() {
    const id = `kernel${++this.started}`;
    this.kernels = [id];
    return { id, name: "python3" };
  },
};

class Socket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  readyState = Socket.CONNECTING;
  /** @type {any} */
  onopen;
  /** @type {any} */
  onclose;

  /** @param {URL} url */
  constructor(url) {
    super();
    server.sockets.push(this);
    if (server.good !== "" && url.pathname.includes(server.good)) queueMicrotask(() => (this.readyState = Socket.OPEN, this.onopen()));
  }
  send() {}
  close() {
    this.readyState = 3;
    queueMicrotask(() => this.onclose());
  }
}

/** @param {object} options @returns {Promise<any>} */
async function connect(options) {
  page.WebSocket = Socket;
  page.fetch = async (/** @type {string} */ url, { method } = { method: "GET" }) => Response.json(server.answer(method, new URL(url).pathname));
  hurry(1000);
  return (await import(`${web}/kernel.js`)).connect({ baseUrl: "http://127.0.0.1:1/", ...options });
}

const message = (/** @type {any} */ e) => e.message;

describe("a kernel that ends while the page connects to it", () => {
  it("is not waited for: the session gets another", async () => {
    server.start();
    server.good = "kernel2";
    const connecting = connect({ path: "a page" });
    await until(() => server.sockets.length === 1);
    server.kernels = []; // culled
    const kernel = await connecting;
    assert.equal(kernel.id, "kernel2");
    assert.isTrue(kernel.is_connected());
    assert.equal(server.sockets[0].readyState, 3);
  });

  it("is told of, where the page wants no other", async () => {
    server.start();
    const connecting = connect({ id: "kernel1" }).then(() => "connected", message);
    await until(() => server.sockets.length === 1);
    server.kernels = [];
    assert.match(await connecting, /^gocomm: there is no kernel kernel1 at .*; start another$/);
  });

  it("is told of, where each of a session's kernels ends", async () => {
    const connecting = connect({ path: "a page" }).then(() => "connected", message);
    for (let n = 1; n <= 3; n++) {
      await until(() => server.sockets.length === n);
      server.kernels = [];
    }
    assert.match(await connecting, /^gocomm: there is no kernel kernel3 at /);
  });

  it("is given up where the server lists it and never answers", async () => {
    server.start();
    assert.match(await connect({ id: "kernel1" }).then(() => "connected", message), /^gocomm: kernel kernel1: the server .* did not take its websocket/);
  });
});
