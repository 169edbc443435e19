// Where a program's files are: what attach takes as wasm.
// @ts-check

/**
 * @typedef {object} Files
 * @property {string} name what the program is called in messages
 * @property {string} url of the .wasm where Go is not given, else of the program itself
 * @property {new () => any} [Go]
 */

/** @param {any} wasm @returns {Files} */
export function programFiles(wasm) {
  const given = typeof wasm === "string" ? { url: wasm } : wasm;
  const url = given?.url;
  if (!(typeof url === "string" || url instanceof URL) || !URL.canParse(url, document.baseURI)) {
    throw new TypeError(`gocomm: attach: wasm is the URL of a program, or an object with url and Go, not ${JSON.stringify(wasm)}`);
  }
  const { href } = new URL(url, document.baseURI);
  const name = given.name ?? href.slice(href.lastIndexOf("/") + 1).replace(/\?.*/, "");
  if (given === wasm && typeof given.Go !== "function") {
    throw new TypeError(`gocomm: attach: wasm.Go is the default export of the program's .wasm.js, not ${JSON.stringify(given.Go)}`);
  }
  return { name, url: href, Go: given.Go };
}
