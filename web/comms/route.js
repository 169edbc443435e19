// An entry of the index by which the hub finds the program and comm of a message.
// @ts-check

/** @typedef {import("./program.js").Program} Program */

/** Where the messages of a comm go. */
export class Route {
  /**
   * @param {string} id @param {Program} program
   * @param {number} index the comm's number among the program's that are handled in the same language
   * @param {boolean} own the comm was opened on behalf of this page
   */
  constructor(id, program, index, own) {
    this.id = id;
    this.program = program;
    this.index = index;
    this.own = own;
    /** The comm's object, if its handlers are JavaScript. @type {any} */
    this.comm = null;
    /** More objects for it, the newest last. @type {any[] | null} */
    this.others = null;
    /** The kernel has opened it. */
    this.opened = false;
    /** Settled when its target, and what came meanwhile, is done. @type {Promise<void> | null} */
    this.opening = null;
    /** Its handlers' promises take longer than a moment. */
    this.slow = false;
    /** How many of them have not settled in time, and not since. */
    this.stalled = 0;
    /** Why it is no more, or "". */
    this.ended = "";
  }
}
