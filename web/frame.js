// Messages in the form in which the kernel object sends them.
// @ts-check

/** Without the binary buffers. @param {string | ArrayBuffer} data @returns {any} */
export function parsed(data) {
  if (typeof data === "string") return JSON.parse(data);
  const view = new DataView(data); // a count, that many offsets, and the message's JSON at the first
  const n = view.getUint32(0);
  return JSON.parse(new TextDecoder().decode(data.slice(view.getUint32(4), n > 1 ? view.getUint32(8) : undefined)));
}

/** The comm id of a message, if it is one of a comm. @param {string | ArrayBuffer} data @returns {string | undefined} */
export function commOf(data) {
  let msg;
  try {
    msg = parsed(data);
  } catch {
    return undefined; // another script's, in a form of its own
  }
  return ["comm_open", "comm_msg", "comm_close"].includes(msg.header?.msg_type) ? msg.content?.comm_id ?? "" : undefined;
}

/** Whether the kernel waits for a message in the middle of its work. @param {string | ArrayBuffer} data */
export function urgent(data) {
  try {
    return parsed(data).channel === "stdin";
  } catch {
    return false;
  }
}
