// The session of a page with a kernel, over a reload of the page. A Jupyter server keeps what a kernel sends while no page
// is connected, for the session that was connected last; a page that is loaded again is another session, unless it goes on
// with that of the page before. What the page leaves behind is in the tab's sessionStorage while it is away: written when it
// goes, and taken out when it is back.
// @ts-check

import { lockSession } from "./session-lock.js";

/**
 * What a page leaves behind.
 * @typedef {object} Left
 * @property {1} version
 * @property {string} kernel its id
 * @property {string} session of the page
 * @property {string} kernelSession the session in the kernel's own messages, "" where it is not known
 * @property {number} at when it was left, in ms as of Date.now
 * @property {Record<string, {target: string, own: boolean}>} comms that were open, by id
 * @property {string[]} messages that the page had received and not handled yet, as they travel
 * @property {any} page what the host has left
 *
 * @typedef {Left & {busy?: boolean, back?: number, ended?: () => void}} Resumed with whether cells were at work, when the page was
 *   connected again, in ms, and what is to be done when its kernel turns out to have ended
 */

/** How many characters a page leaves behind at the most: browsers have room for 5 MB, of all pages of an origin. */
const MOST = 2_000_000;

const PREFIX = "gocomm.session:";

export class PageSession {
  /** @param {string} name of what the page shows, with its server: the same when it is loaded again */
  constructor(name) {
    this.key = "";
    this.rename(name);
    /** @type {Left | null} */
    this.left = read(this.key);
    /** Whether this page goes on with the session that was left. */
    this.granted = this.left ? lockSession(this.left.session) : Promise.resolve(false);
    /** The session that this page has taken. */
    this.taken = this.left?.session ?? "";
    /** @type {() => void} */
    this.stop = () => {};
  }

  /** @param {string} name */
  rename(name) {
    this.key = PREFIX + name;
  }

  /**
   * What is left of the page before, for this kernel, if this page goes on with its session. The entry is used up.
   * @param {string} kernel its id @returns {Promise<Left | null>}
   */
  async take(kernel) {
    const { left } = this;
    if (!(await this.granted)) return null; // and leaves the entry, which another page may have copied
    this.left = null;
    forget(this.key);
    return left?.kernel === kernel ? left : null;
  }

  /**
   * Leaves behind what state gives, whenever the page goes, or may be thrown away. Without any, nothing is left.
   * @param {string} session of this page, which others are kept from @param {(room: number) => Omit<Left, "version"> | null} state
   */
  keep(session, state) {
    if (session !== this.taken) void lockSession((this.taken = session));
    const write = () => {
      for (let room = MOST; room > 1000; room /= 4) {
        const left = state(room);
        if (left === null) return forget(this.key);
        const text = JSON.stringify({ version: 1, ...left });
        if (text.length > 2 * MOST) continue;
        try {
          return sessionStorage.setItem(this.key, text);
        } catch {
          // It is full: less is left.
        }
      }
      forget(this.key);
    };
    const back = () => forget(this.key); // what was written gets old
    const seen = () => (document.visibilityState === "hidden" ? write() : back());
    addEventListener("pagehide", write);
    addEventListener("pageshow", back);
    document.addEventListener("freeze", write);
    document.addEventListener("visibilitychange", seen);
    this.stop();
    this.stop = () => {
      removeEventListener("pagehide", write);
      removeEventListener("pageshow", back);
      document.removeEventListener("freeze", write);
      document.removeEventListener("visibilitychange", seen);
      forget(this.key);
    };
  }
}

/** @param {string} key @returns {Left | null} */
function read(key) {
  try {
    const left = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return left?.version === 1 ? left : null;
  } catch {
    return null; // there is no storage, or it is another release's
  }
}

/** @param {string} key */
function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // there is no storage
  }
}
