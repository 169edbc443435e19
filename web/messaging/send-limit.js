// How large a message to the kernel may be. A server closes the connection on a larger one, so that the message and
// whatever else is under way are lost: it is refused before.
// @ts-check

/**
 * The limit where none is set, in bytes of what travels. Jupyter servers take 10 MiB where tornado_settings has no
 * websocket_max_message_size, and no server tells a page what it takes. Package commmgr has the same (host.DefaultMaxSend).
 */
export const DEFAULT_MAX_SEND = 8 << 20;

/** A message is larger than allowed. */
export class TooLarge extends Error {
  /** @param {number} size @param {number} limit both in bytes */
  constructor(size, limit) {
    super(`the message has ${tooLarge(size, limit)}; ${SMALLER}`);
    this.size = size;
    this.limit = limit;
  }
}

/** What is wrong with a message's size. @param {number} size @param {number} limit both in bytes */
export const tooLarge = (size, limit) => `${size} bytes, more than the ${limit} of the setting maxSend`;

/** The way out. Package commmgr says the same. */
export const SMALLER = "send it in parts, or raise maxSend and the server's websocket_max_message_size (in its tornado_settings)";
