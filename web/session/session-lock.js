// Which page of the browser has a session: one at a time, or the server would have them throw each other out. A tab that
// was duplicated has a copy of what the first one has stored.
// @ts-check

import { newID } from "../messaging/ids.js";

/** How long another page has to answer that it has a session. */
const ANSWER_MS = 100;
/** How long the lock of a page that goes away is waited for. */
const LOCK_MS = 1000;
/** In how many turns: while a page is loaded its thread is busy, and a timer would be over before the answer is looked at. */
const TURNS = 5;

const NAME = "gocomm.session";

/**
 * Takes a session for this page, until the page ends.
 * @param {string} id @returns {Promise<boolean>} false: another page has it
 */
export function lockSession(id) {
  const locks = /** @type {LockManager | undefined} */ (globalThis.navigator?.locks); // a page on plain HTTP has none
  return locks ? byLock(locks, id) : byChannel(id);
}

/** @param {number} ms */
const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {LockManager} locks @param {string} id @returns {Promise<boolean>} */
function byLock(locks, id) {
  return new Promise((resolve) => {
    const late = new AbortController();
    let taken = false;
    const wait = async () => {
      for (let i = 0; i < TURNS && !taken; i++) await turn(LOCK_MS / TURNS);
      late.abort();
    };
    void wait();
    locks.request(`${NAME}:${id}`, { signal: late.signal }, () => {
      taken = true;
      resolve(true);
      return new Promise(() => {}); // for as long as there is the page
    }).catch(() => resolve(false));
  });
}

/** @param {string} id @returns {Promise<boolean>} */
async function byChannel(id) {
  if (typeof BroadcastChannel !== "function") return true;
  const channel = new BroadcastChannel(NAME); // stays open: it answers others
  const mine = newID();
  let has = false, lost = false;
  channel.onmessage = ({ data }) => {
    if (data?.id !== id || lost) return;
    if (data.refuses === mine) lost = !has; // another has it
    else if (data.asks && (has || mine < data.asks)) channel.postMessage({ id, refuses: data.asks });
    else if (data.asks) lost = true; // of those that ask at once, the first by name gets it
  };
  channel.postMessage({ id, asks: mine });
  for (let i = 0; i < TURNS && !lost; i++) await turn(ANSWER_MS / TURNS);
  has = !lost;
  if (lost) channel.close();
  return has;
}
