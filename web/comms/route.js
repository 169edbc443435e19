// The index entry of a comm whose handlers are Go. JSRoute is that of one whose handlers are JavaScript.
// @ts-check

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./program.js").Program} Program
 */

export class Route {
  /**
   * @param {string} id @param {string} target @param {Program} program
   * @param {number} index the comm's number in the program
   * @param {boolean} own the comm was opened on behalf of this page
   */
  constructor(id, target, program, index, own) {
    this.id = id;
    this.target = target;
    this.program = program;
    this.index = index;
    this.own = own;
    /** Why the comm has ended, or "". */
    this.ended = "";
  }

  /** @param {number} type @param {Message} msg */
  receive(type, msg) {
    return this.program.deliverTo(this, type, msg);
  }
}
