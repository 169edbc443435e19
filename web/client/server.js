// The REST API of a Jupyter server for kernels and sessions, and the address of a kernel's websocket.
// @ts-check

/** There is no such kernel. */
export class Gone extends Error {}

export class Server {
  /** Private: whoever sees the object must not see it. */
  #token;

  /**
   * @param {URL} base it may have the token as Jupyter prints it: http://127.0.0.1:8888/?token=…
   * @param {string} token "" for none
   */
  constructor(base, token) {
    this.#token = token || (base.searchParams.get("token") ?? "");
    base.search = base.hash = ""; // error texts have the address, and must not have the token
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    this.base = base;
  }

  /** @returns {Record<string, string>} */
  headers() {
    if (this.#token) return { Authorization: `token ${this.#token}` };
    const xsrf = /\b_xsrf=([^;]*)/.exec(cookies()); // a page that the server itself serves
    return xsrf ? { "X-XSRFToken": xsrf[1] } : {};
  }

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async request(method, path, body) {
    const url = new URL(path, this.base).href;
    const failed = (/** @type {unknown} */ why, status = 0) => Object.assign(new Error(`gocomm: ${method} ${url}: ${why}`), { status });
    const headers = this.headers();
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body), cache: "no-store" }).catch((e) => {
      throw failed(`${e}; is the server there, does its setting allow_origin allow ${location.origin}, and is the token right?`);
    });
    if (response.status === 401 || response.status === 403) throw failed(`the server answered ${response.status}; is the token right, or, without one, was a page of the server's opened before?`, response.status);
    if (!response.ok) throw failed(`the server answered ${response.status} ${response.statusText}`, response.status);
    return response.status === 204 ? undefined : response.json();
  }

  // Jupyter servers send no CORS headers with a 404, so that a page of another origin cannot read it.
  // Lists of kernels and specs tell what does not exist.

  /** Starts a kernel. @param {string} [name] of its spec */
  async start(name) {
    return this.request("POST", "api/kernels", await this.spec(name));
  }

  /**
   * The kernel of the session with this path; one is started where there is none, or it has ended.
   * @param {string} path @param {string} [name] of the kernel's spec @returns {Promise<{id: string, name: string}>}
   */
  async session(path, name) {
    const asked = { path, name: path, type: "page", kernel: await this.spec(name) };
    let session = await this.request("POST", "api/sessions", asked);
    // The server looks for the path before it starts a kernel, which takes a while: of two requests at once, such as
    // those of a page that is loaded again meanwhile, each has started one. The first in the list is everybody's then.
    const all = await this.request("GET", "api/sessions").catch(() => []); // a server may refuse
    const first = all.find((/** @type {any} */ s) => s.path === path) ?? session;
    if (first.id !== session.id) {
      await this.request("DELETE", `api/sessions/${encodeURIComponent(session.id)}`);
      session = first;
    }
    const { kernel } = session;
    if (name !== undefined && kernel.name !== name) {
      throw new Error(`gocomm: the session ${path} at ${this.base.href} has a kernel ${kernel.name}, not ${name}; shut it down, or choose another path`);
    }
    return kernel;
  }

  /** What a request for a new kernel says of its spec. @param {string} [name] */
  async spec(name) {
    if (name === undefined) return {};
    const names = Object.keys((await this.request("GET", "api/kernelspecs")).kernelspecs);
    if (!names.includes(name)) throw new Error(`gocomm: there is no kernel spec ${name} at ${this.base.href}; it has ${names.join(", ")}`);
    return { name };
  }

  /**
   * A kernel's model. A server may refuse to list kernels, as kernel gateways do by default, and is asked for the one then.
   * @param {string} id @returns {Promise<{id: string, name: string}>}
   */
  async kernel(id) {
    const gone = () => new Gone(`gocomm: there is no kernel ${id} at ${this.base.href}; start another`);
    /** @type {{id: string, name: string}[]} */
    let kernels;
    try {
      kernels = await this.request("GET", "api/kernels");
    } catch (refused) {
      return this.request("GET", `api/kernels/${encodeURIComponent(id)}`).catch((e) => {
        throw e.status === 404 ? gone() : refused;
      });
    }
    const model = kernels.find((k) => k.id === id);
    if (!model) throw gone();
    return model;
  }

  /** @param {string} id @param {string} session */
  socket(id, session) {
    const url = new URL(`api/kernels/${encodeURIComponent(id)}/channels`, this.base);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("session_id", session);
    if (this.#token) url.searchParams.set("token", this.#token); // a browser gives a websocket no headers
    return new WebSocket(url);
  }
}

/** The page's cookies: "" for one that may have none, as in a sandbox. */
function cookies() {
  try {
    return document.cookie;
  } catch {
    return "";
  }
}
