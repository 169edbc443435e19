// Fetching and compiling a program: NAME.wasm.gz, or NAME.wasm.br, which travels compressed
// since Jupyter servers do not compress it, and NAME.wasm.js, the Go runtime's JavaScript of
// the Go release that built it.
// @ts-check

import { compressed, inflate, keep, SUFFIX } from "./compressed.js";

/**
 * @param {import("./program-files.js").Files} files @param {Promise<Response>} [response] of its .br or .gz
 * @param {(loaded: number) => void} [progress] called with how much of it is there, of 1, or NaN
 * @returns {Promise<{Go: any, module: WebAssembly.Module}>}
 */
export async function fetchProgram({ url, Go }, response, progress = () => {}) {
  if (Go) {
    if (!response && url.includes("/.vite/deps/")) {
      throw new Error(`${url}: Vite before version 8 bundles a package for its development server without such files; set optimizeDeps: { exclude: ["gocomm"] } in vite.config.js`);
    }
    return { Go, module: await compile(response ?? fetch(url), url, progress) };
  }
  const trusted = [location.origin, new URL(import.meta.url).origin];
  if (!trusted.includes(new URL(url).origin)) {
    throw new Error(`${url} is neither of the page's origin nor of gocomm.js's; serve it from one of them`);
  }
  const suffixed = (/** @type {string} */ suffix) => {
    const u = new URL(url);
    u.pathname += suffix;
    return u.href;
  };
  const runtime = import(/* webpackIgnore: true */ /* @vite-ignore */ suffixed(".js")).then((m) => {
    if (typeof m.default !== "function") throw new Error("this is not the runtime of a Go program");
    return m.default;
  });
  runtime.catch(() => {}); // what the program's own file says comes first
  const module = await compile(response ?? fetch(suffixed(SUFFIX)), suffixed(".gz"), progress);
  return {
    module,
    Go: await runtime.catch((e) => {
      throw new Error(`${suffixed(".js")}: ${e}; ${ADVICE}`);
    }),
  };
}

const ADVICE = "reload the page, or build and install again";

/** @param {Promise<Response>} fetched @param {string} url @param {(loaded: number) => void} progress */
async function compile(fetched, url, progress) {
  const lost = (/** @type {unknown} */ e) => {
    throw new Error(`${url}: ${e}; is the server there? Reload the page`);
  };
  let response = await fetched.catch(lost);
  // It was built without one. Servers for one page answer with that page where there is no such file.
  const none = !response.ok || /^text\/html/.test(response.headers.get("content-type") ?? "");
  if (none && /\.br(\?|$)/.test(response.url)) response = await fetch(url).catch(lost);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status} ${response.statusText}; ${ADVICE}`);
  const bytes = await read(response, progress).catch(lost);
  const format = /\.br(\?|$)/.test(response.url) ? "brotli" : "gzip";
  const module = await compileBytes(bytes, url, response.headers.get("content-type"), format);
  keep(url, bytes, format);
  return module;
}

/** @param {Response} response @param {(loaded: number) => void} progress @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function read(response, progress) {
  const whole = Number(response.headers.get("content-length") ?? NaN);
  const parts = [];
  let length = 0;
  for (const reader = response.body?.getReader(); ; ) {
    const { value } = (await reader?.read()) ?? {};
    if (!value) break;
    parts.push(value);
    length += value.length;
    progress(length <= whole ? length / whole : NaN); // a server that compresses says how much travels
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * Compiles a program, compressed or not.
 * @param {Uint8Array<ArrayBuffer>} bytes @param {string} from for errors @param {string | null} [type] its MIME type
 * @param {import("./compressed.js").Format} [format]
 */
export async function compileBytes(bytes, from, type, format = "gzip") {
  if (compressed(bytes, format)) {
    try {
      bytes = await inflate(bytes, format);
    } catch (e) {
      throw new Error(`${from}: it is damaged or cut off: ${e}; ${ADVICE}`, { cause: e });
    }
  }
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm") {
    throw new Error(`${from}: this is not WebAssembly${type ? ` (${type})` : ""}; is it a login page? Otherwise ${ADVICE}`);
  }
  return WebAssembly.compile(bytes).catch((e) => {
    const forbidden = /content security policy/i.test(String(e));
    throw new Error(`${from}: ${e}; ${forbidden ? "have the server allow 'wasm-unsafe-eval' in its script-src" : ADVICE}`);
  });
}
