// What happens to a kernel, in the form in which classic Notebook tells it.
// @ts-check

import * as log from "../runtime/log.js";

/** @typedef {(event: {type: string}, data: any) => void} Handler */

/** Events with names like "kernel_connected.Kernel": jQuery's on, off and trigger, as far as Notebook's kernels need them. */
export class Events {
  /** @type {Map<string, Set<Handler>>} */
  #handlers = new Map();

  /** @param {string} names separated by spaces @param {Handler} handler */
  on(names, handler) {
    for (const name of names.split(" ")) {
      const handlers = this.#handlers.get(name);
      if (handlers) handlers.add(handler);
      else this.#handlers.set(name, new Set([handler]));
    }
  }

  /** @param {string} names @param {Handler} handler */
  off(names, handler) {
    for (const name of names.split(" ")) this.#handlers.get(name)?.delete(handler);
  }

  /** Calls the handlers: one that fails is reported, and costs the others nothing. @param {string} name @param {any} data */
  trigger(name, data) {
    const event = { type: name.split(".")[0] };
    for (const handler of [...(this.#handlers.get(name) ?? [])]) {
      try {
        handler(event, data);
      } catch (e) {
        log.error(`gocomm: a handler of ${name} failed:`, e);
      }
    }
  }
}
