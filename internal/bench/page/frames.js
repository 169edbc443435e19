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

/** A message of either kind of frame, whose buffers stay where they are. */
export function parse(frame) {
  if (typeof frame === "string") return JSON.parse(frame);
  const view = new DataView(frame);
  const [head, ...offsets] = Array.from({ length: view.getUint32(0) }, (_, i) => view.getUint32(4 + 4 * i));
  const msg = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, head, offsets[0] - head)));
  msg.buffers = offsets.map((at, i) => new DataView(frame, at, (offsets[i + 1] ?? frame.byteLength) - at));
  return msg;
}
