// Frames of classic Notebook's websocket.

export const textFrame = (msg) => JSON.stringify(msg);

/** The form of services/kernels/serialize.js, with one buffer. */
export function binaryFrame(msg, buffer) {
  const { buffers: _, ...rest } = msg;
  const json = new TextEncoder().encode(JSON.stringify(rest));
  const head = 4 * 3; // the number of parts, and where each begins
  const frame = new Uint8Array(head + json.length + buffer.length);
  const view = new DataView(frame.buffer);
  [2, head, head + json.length].forEach((v, i) => view.setUint32(4 * i, v));
  frame.set(json, head);
  frame.set(buffer, head + json.length);
  return frame.buffer;
}
