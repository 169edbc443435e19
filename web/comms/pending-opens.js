// Comms that the kernel opens before their target is registered with the page's own
// manager. That one refuses them at once, and a widget is blank; where a program stands
// in its place Go holds them, and where it is left in its place this does.
// @ts-check

/**
 * @typedef {import("../gocomm.js").Message} Message
 * @typedef {import("./hub.js").Hub} Hub
 * @typedef {[number, Message]} Entry
 */

/** How long they wait, and how many messages altogether; package commmgr has the same. */
const GRACE = 10_000; // ms
const MOST = 65_536;

const own = Object.prototype.hasOwnProperty;

export class Early {
  /** @param {Hub} hub */
  constructor(hub) {
    this.hub = hub;
    /** What waits, by comm id. @type {Map<string, {target: string, entries: Entry[], timer: ReturnType<typeof setTimeout>}>} */
    this.waiting = new Map();
    this.count = 0;
    /** What was in the place of the stock manager's register_target. @type {PropertyDescriptor | undefined} */
    this.before = undefined;
    /** @type {Function | null} */
    this.watched = null;
  }

  /** Holds an open whose target is not there. @param {any} content @param {Entry} entry */
  open(content, entry) {
    const { comm_id: id, target_name: target, target_module: module } = content ?? {};
    if (typeof id !== "string" || typeof target !== "string" || module) return false; // the stock manager loads modules
    if (own.call(this.hub.stock.targets, target) || this.waiting.has(id) || this.count >= MOST) return false;
    const timer = setTimeout(() => this.hub.pass(this.take((held) => held === this.waiting.get(id))), GRACE);
    this.waiting.set(id, { target, entries: [entry], timer });
    this.count++;
    this.watch();
    return true;
  }

  /** Holds a message of a comm that is held. @param {any} content @param {Entry} entry */
  more(content, entry) {
    const held = this.waiting.get(content?.comm_id);
    if (held === undefined) return false;
    held.entries.push(entry);
    if (++this.count > MOST) this.hub.pass(this.take(() => true));
    return true;
  }

  /**
   * Gives up what waits and is wanted, in the order of its comms' opens.
   * @param {(held: {target: string}) => boolean} wanted @returns {Entry[]}
   */
  take(wanted) {
    /** @type {Entry[]} */
    const entries = [];
    for (const [id, held] of this.waiting) {
      if (!wanted(held)) continue;
      clearTimeout(held.timer);
      this.waiting.delete(id);
      entries.push(...held.entries);
    }
    this.count -= entries.length;
    if (this.waiting.size === 0) this.unwatch();
    return entries;
  }

  /** Learns of the targets that are registered. */
  watch() {
    if (this.watched) return;
    const early = this;
    const { stock } = this.hub;
    const register = stock.register_target;
    this.before = Object.getOwnPropertyDescriptor(stock, "register_target");
    /** @this {any} @param {string} target @param {Function} f */
    this.watched = function (target, f) {
      register.call(this, target, f);
      early.hub.pass(early.take((held) => held.target === target));
    };
    stock.register_target = /** @type {any} */ (this.watched);
  }

  unwatch() {
    const stock = /** @type {any} */ (this.hub.stock);
    if (this.watched && stock.register_target === this.watched) {
      delete stock.register_target;
      if (this.before) Object.defineProperty(stock, "register_target", this.before);
    }
    this.watched = null;
  }
}
