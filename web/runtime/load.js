// Fetching and compiling a program: NAME.wasm.gz, or NAME.wasm.br, which travels compressed
// since Jupyter servers do not compress it, and NAME.wasm.js, the Go runtime's JavaScript of
// the Go release that built it.
// @ts-check

import { compressed, inflate, keep, SUFFIX } from "./compressed.js";

/**
 * @param {string} url of the .wasm @param {Promise<Response>} [response] of its .br or .gz
 * @returns {Promise<{Go: any, module: WebAssembly.Module}>}
 */
export async function fetchProgram(url, response) {
  const trusted = [location.origin, new URL(import.meta.url).origin];
  if (!trusted.includes(new URL(url).origin)) {
    throw new Error(`${url} is neither of the page's origin nor of gocomm.js's; serve it from one of them`);
  }
  const suffixed = (/** @type {string} */ suffix) => {
    const u = new URL(url);
    u.pathname += suffix;
    return u.href;
  };
  const runtime = import(suffixed(".js")).then((m) => {
    if (typeof m.default !== "function") throw new Error("this is not the runtime of a Go program");
    return m.default;
  });
  runtime.catch(() => {}); // what the program's own file says comes first
  const module = await compile(response ?? fetch(suffixed(SUFFIX)), suffixed(".gz"));
  const Go = await runtime.catch((e) => {
    throw new Error(`${suffixed(".js")}: ${e}; ${ADVICE}`);
  });
  return { Go, module };
}

const ADVICE = "reload the page, or build and install again";

/** @param {Promise<Response>} fetched @param {string} url */
async function compile(fetched, url) {
  const lost = (/** @type {unknown} */ e) => {
    throw new Error(`${url}: ${e}; is the server there? Reload the page`);
  };
  let response = await fetched.catch(lost);
  if (!response.ok && /\.br(\?|$)/.test(response.url)) response = await fetch(url).catch(lost); // it was built without one
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status} ${response.statusText}; ${ADVICE}`);
  const bytes = new Uint8Array(await response.arrayBuffer().catch(lost));
  const format = /\.br(\?|$)/.test(response.url) ? "brotli" : "gzip";
  const module = await compileBytes(bytes, url, response.headers.get("content-type"), format);
  keep(url, bytes, format);
  return module;
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
