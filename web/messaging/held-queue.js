// The queue for everything that must wait on a page: messages for a module, a program or a
// target that is still to come, and messages to a kernel that has not identified itself yet.
// Its limits are the same in each place; its owner says what becomes of a message for which
// there is no room.
// @ts-check

/** How many messages one queue holds, and how many bytes: as many as the queue of a comm in package commmgr. */
export const MAX_MESSAGES = 65_536;
export const MAX_BYTES = 64 << 20;
/** The limits, for a line on the console. */
export const LIMITS = `${MAX_MESSAGES} messages or ${MAX_BYTES >> 20} MiB`;

/** @template T */
export class HeldQueue {
  /** @type {({item: T, size: number} | undefined)[]} */
  #entries = [];
  /** How many of the entries have been taken from the front. */
  #taken = 0;
  /** The size of what waits, in bytes. */
  bytes = 0;

  get length() {
    return this.#entries.length - this.#taken;
  }

  /** Whether there is room for one more. One that is larger than the limit has room when nothing else waits. @param {number} size in bytes */
  hasRoom(size) {
    return this.length < MAX_MESSAGES && (this.length === 0 || this.bytes + size <= MAX_BYTES);
  }

  /** @param {T} item @param {number} size in bytes */
  push(item, size) {
    this.#entries.push({ item, size });
    this.bytes += size;
  }

  /** Takes the oldest. @returns {T | undefined} */
  shift() {
    const entry = this.#entries[this.#taken];
    if (entry === undefined) return undefined;
    this.#entries[this.#taken++] = undefined;
    this.bytes -= entry.size;
    if (this.#taken > 1000 && 2 * this.#taken > this.#entries.length) this.#compact(); // seldom: it moves all others
    return entry.item;
  }

  /** What waits, in order. @returns {T[]} */
  items() {
    return this.#compact().flatMap((entry) => (entry ? [entry.item] : []));
  }

  /**
   * Takes those that are wanted, in order.
   * @param {(item: T) => boolean} [wanted] all of them without it
   * @returns {T[]}
   */
  take(wanted = () => true) {
    /** @type {T[]} */
    const items = [];
    this.#entries = this.#compact().filter((entry) => {
      if (!entry || !wanted(entry.item)) return true;
      items.push(entry.item);
      this.bytes -= entry.size;
      return false;
    });
    return items;
  }

  /** Puts some before all others, where they were already. @param {T[]} items @param {(item: T) => number} sizeOf */
  putBack(items, sizeOf) {
    const entries = items.map((item) => ({ item, size: sizeOf(item) }));
    for (const { size } of entries) this.bytes += size;
    this.#entries = [...entries, ...this.#compact()];
  }

  #compact() {
    this.#entries.splice(0, this.#taken);
    this.#taken = 0;
    return this.#entries;
  }
}
