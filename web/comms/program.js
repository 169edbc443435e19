// A Go program for a kernel: its loading, and the messages that it gets.
// What every Go program on a page needs is in runtime/instance.js. The other side of the
// border is package jsglue.
// @ts-check

import { fetchProgram } from "../runtime/load.js";
import { imports } from "./imports.js";
import { Instance } from "../runtime/instance.js";
import { changed } from "../runtime/log.js";
import { isOwn, read, sizeOf, FAULTS, MSG, OPEN } from "../messaging/message-info.js";
import { Writer } from "../runtime/value-writer.js";
import { revive } from "./restart-program.js";

/** What ends a program that was still loading. */
export const DETACHED = "the kernel was detached meanwhile";

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {import("./route.js").Route} Route
 */

export class Program extends Instance {
  /**
   * @param {Hub} hub @param {import("../runtime/program-files.js").Files} files @param {object} options for the program
   * @param {import("./js-comms.js").JSComms} js what the page's JavaScript has with the program's manager
   */
  constructor(hub, files, options, js) {
    super(files.name, "gocomm.js");
    this.hub = hub;
    this.files = files;
    this.options = options;
    this.js = js;
    /** The targets that are Go's. @type {Set<string>} */
    this.goTargets = new Set();
    /** It has started, and has its place: its end is a loss. */
    this.running = false;
    /** When its loading began, and how much of it is there, of 1: for the status entry. */
    this.since = 0;
    this.loaded = NaN;
    /** @type {import("../runtime/instance.js").Image | null} */
    this.image = null;
    /** When it was started again. @type {number[]} */
    this.restarts = [];
    /** The plans by which Go reads messages. @type {ReturnType<typeof import("../runtime/value-writer.js").parsePlan>[]} */
    this.plans = [];
    this.writer = new Writer();
    /** The comms whose handlers are Go. @type {(Route | undefined)[]} */
    this.byIndex = [];
  }

  empty() {
    super.empty();
    this.plans = [];
    this.writer = new Writer();
    this.byIndex = [];
  }

  /** Fetches and starts the program. @param {Promise<Response> | undefined} response of its .br or .gz, where that is under way */
  async load(response) {
    this.image = await fetchProgram(this.files, response, (loaded) => {
      this.loaded = loaded;
      changed();
    });
    await this.run();
  }

  /** Starts an instance of the program that was fetched. */
  run() {
    if (!this.image) throw new Error("it has not been fetched");
    return this.start(this.image, { gocomm_comms: imports(this) });
  }

  begun() {
    if (this.hub.detached) throw new Error(DETACHED);
    this.hub.programs.add(this);
    this.js.program = this;
  }

  ended() {
    if (this.running) revive(this);
  }

  /** A program of the same code, which is not fetched or compiled again, for the place of this one. */
  successor() {
    const next = new Program(this.hub, this.files, this.options, this.js);
    next.image = this.image;
    next.restarts = this.restarts;
    return next;
  }

  detach() {
    this.call(this.exports.gocomm_detach);
    this.hub.programs.delete(this);
    this.halt("it was detached");
  }

  // Into Go.

  /**
   * Hands over a message that no comm in the index is for, or an open.
   * @param {number} type @param {Message} msg @param {Route | import("./js-route.js").JSRoute} [live] the comm that has its id
   * @returns {Promise<void> | undefined}
   */
  deliver(type, msg, live) {
    if (type === OPEN && !this.goTargets.has(msg?.content?.target_name) && this.js.mayOpen(msg?.content, live)) {
      return this.js.open(msg, live);
    }
    const m = read(type, msg);
    const ids = this.write(m.id, 0);
    const names = this.write(m.target, ids);
    const size = sizeOf(msg);
    this.hurry = true;
    this.call(this.exports.gocomm_deliver, type, this.keep(msg, size), size, this.isOwn(msg), FAULTS.indexOf(m.fault), ids, names);
    return undefined;
  }

  /**
   * Offers a comm of the page before this one to its target.
   * @param {Message} msg @param {{since: number, until: number}} away between the two pages
   * @returns {Promise<void> | undefined}
   */
  adopt(msg, { since, until }) {
    const { comm_id: id, target_name: target } = msg.content;
    if (!this.goTargets.has(target)) return this.js.adopt(msg);
    const ids = this.write(id, 0);
    this.call(this.exports.gocomm_adopt, this.isOwn(msg), since, until, ids, this.write(target, ids));
    return undefined;
  }

  /** @param {Route} route of a comm whose handlers are Go @param {number} type @param {Message} msg */
  deliverTo(route, type, msg) {
    const size = sizeOf(msg);
    this.call(type === MSG ? this.exports.gocomm_msg : this.exports.gocomm_close, route.index, this.keep(msg, size), size, this.isOwn(msg));
  }

  /** @param {Message} msg */
  isOwn(msg) {
    return isOwn(msg, this.hub.kernel) ? 1 : 0;
  }
}
