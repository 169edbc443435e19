// Programs in the forms in which they travel: gzip, brotli where the browser has it, and as what is different in a
// program that the page has fetched before.
// @ts-check

import { apply } from "./delta.js";

/** @typedef {"gzip" | "brotli"} Format */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** Where the page has what it has fetched for comms, a Map by URL: deltas are for these. */
const KEPT = Symbol.for("gocomm.programs.1");
/** @type {{[KEPT]?: Map<string, {bytes: Bytes, format: Format}>}} */
const page = /** @type {any} */ (globalThis);

/** Whether a file is compressed: a server may have inflated it already, and MIME types are not relied on. @param {Bytes} bytes @param {Format} format */
export function compressed(bytes, format) {
  return format === "gzip" ? bytes[0] === 0x1f && bytes[1] === 0x8b : String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm";
}

/** @param {Bytes} bytes @param {Format} format @returns {Promise<Bytes>} */
export async function inflate(bytes, format) {
  const inflated = new Response(bytes).body?.pipeThrough(new DecompressionStream(/** @type {any} */ (format)));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** @param {string} url @param {Bytes} bytes a program, which stays as it is @param {Format} format */
export function keep(url, bytes, format) {
  if (compressed(bytes, format)) (page[KEPT] ??= new Map()).set(url, { bytes, format });
}

/** Leaves the page as it was: what comes later is fetched whole. */
export function forget() {
  delete page[KEPT];
}

/** What is put to a program's URL: Firefox and Safari inflate brotli. */
export const SUFFIX = (() => {
  try {
    new DecompressionStream(/** @type {any} */ ("brotli"));
    return ".br";
  } catch {
    return ".gz";
  }
})();

/**
 * Finds a program that the page has fetched by the end of its gzip file: the checksum and the length of what is in it.
 * @param {string} end in hexadecimal digits @returns {Promise<Bytes | undefined>} inflated
 */
export async function known(end) {
  for (const { bytes, format } of page[KEPT]?.values() ?? []) {
    if (format === "gzip") {
      if (hex(bytes.subarray(-8)) === end) return inflate(bytes, format);
      continue;
    }
    const program = await inflate(bytes, format);
    if (hex(new Uint8Array(Uint32Array.of(crc32(program), program.length).buffer)) === end) return program;
  }
  return undefined;
}

/** @param {Bytes} base @param {Bytes} delta compressed, with the base's end before it */
export async function fromDelta(base, delta) {
  return apply(base, await inflate(delta.subarray(8), "gzip"));
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** As in gzip files (RFC 1952, section 8). @param {Uint8Array} bytes */
function crc32(bytes) {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  let sum = ~0;
  for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}
