// A Jupyter server, as far as kernels are concerned.
// @ts-check

/** There is no such kernel. */
export class Gone extends Error {}

export class Server {
  /** @param {URL} base @param {string} token "" for none */
  constructor(base, token) {
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    this.base = base;
    this.token = token;
  }

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async request(method, path, body) {
    const url = new URL(path, this.base).href;
    const failed = (/** @type {unknown} */ why) => new Error(`gocomm: ${method} ${url}: ${why}`);
    /** @type {Record<string, string>} */
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    const xsrf = /\b_xsrf=([^;]*)/.exec(document.cookie);
    if (this.token) headers.Authorization = `token ${this.token}`;
    else if (xsrf) headers["X-XSRFToken"] = xsrf[1]; // on a page of the server's own
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body), cache: "no-store" }).catch((e) => {
      throw failed(`${e}; is the server there, does its setting allow_origin allow ${location.origin}, and is the token right?`);
    });
    if (response.status === 401 || response.status === 403) throw failed(`the server answered ${response.status}; is the token right, or, without one, was a page of the server's opened before?`);
    if (!response.ok) throw failed(`the server answered ${response.status} ${response.statusText}`);
    return response.status === 204 ? undefined : response.json();
  }

  // What there is not is looked for in lists: a page of another origin is not shown the
  // answers that say so.

  /** Starts a kernel. @param {string} [name] of its spec */
  async start(name) {
    if (name === undefined) return this.request("POST", "api/kernels", {});
    const names = Object.keys((await this.request("GET", "api/kernelspecs")).kernelspecs);
    if (!names.includes(name)) throw new Error(`gocomm: there is no kernel spec ${name} at ${this.base.href}; it has ${names.join(", ")}`);
    return this.request("POST", "api/kernels", { name });
  }

  /** A kernel's model. @param {string} id */
  async kernel(id) {
    const kernels = await this.request("GET", "api/kernels");
    const model = kernels.find((/** @type {{id: string}} */ k) => k.id === id);
    if (!model) throw new Gone(`gocomm: there is no kernel ${id} at ${this.base.href}; start another`);
    return model;
  }

  /** @param {string} id @param {string} session */
  socket(id, session) {
    const url = new URL(`api/kernels/${encodeURIComponent(id)}/channels`, this.base);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("session_id", session);
    if (this.token) url.searchParams.set("token", this.token); // a websocket has no headers
    return new WebSocket(url);
  }
}
