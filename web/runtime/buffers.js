// Binary buffers, of this frame or of another.
// @ts-check

/** @param {any} b @returns {b is ArrayBuffer | ArrayBufferView} */
export const isBuffer = (b) => ArrayBuffer.isView(b) || Object.prototype.toString.call(b) === "[object ArrayBuffer]";

/** The bytes of a buffer, not copied. @param {ArrayBuffer | ArrayBufferView} b */
export const bytesOf = (b) => (ArrayBuffer.isView(b) ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b));
