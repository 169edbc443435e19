// Counting of messages that are numbered, from 1 on.

export class Tally {
  /** @param {number} n how many there will be */
  constructor(n) {
    this.n = n;
    this.seen = new Uint8Array(n + 1);
    this.got = this.doubled = this.reordered = this.last = 0;
  }

  /** @param {number} k */
  add(k) {
    if (!(k >= 1 && k <= this.n)) throw new Error(`faults: there is no message ${k}`);
    if (this.seen[k]) this.doubled++;
    else this.got++;
    this.seen[k] = 1;
    if (k < this.last) this.reordered++;
    else this.last = k;
  }

  sum() {
    return { Lost: this.n - this.got, Doubled: this.doubled, Reordered: this.reordered };
  }
}

/** @param {{Lost: number, Doubled: number, Reordered: number}[]} sums */
export const total = (sums) => {
  const all = { Lost: 0, Doubled: 0, Reordered: 0 };
  for (const sum of sums) for (const name of Object.keys(all)) all[name] += sum[name];
  return all;
};

/** One task of the page. */
export const task = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (port1.close(), resolve());
  port2.postMessage(null);
});

export const until = async (condition, what, ms = 30_000) => {
  for (const end = performance.now() + ms; ;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`faults: waited ${ms / 1000} s in vain for ${what}`);
    await task();
  }
};

/** Has what a kernel's websocket would send call f first; where that is true, it does not leave the page. */
export function watch(kernel, f) {
  const { ws } = kernel;
  const { send } = ws;
  ws.send = (data) => {
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    const at = text.indexOf("{");
    let msg;
    try {
      msg = JSON.parse(typeof data === "string" ? data : text.slice(at, text.lastIndexOf("}") + 1));
    } catch {
      msg = {};
    }
    if (!f(msg, data)) send.call(ws, data);
  };
}

/**
 * Asks the probe's comms what they have counted of n messages each.
 * @param {any} kernel @param {(msg: any) => void} feed @param {string[]} ids @param {(id: string, data: any) => any} message @param {number} n
 */
export async function askGo(kernel, feed, ids, message, n) {
  const answers = new Map();
  watch(kernel, ({ header, content }) => {
    if (header?.msg_type !== "comm_msg" || !ids.includes(content.comm_id)) return false;
    answers.set(content.comm_id, content.data);
    return true;
  });
  for (const id of ids) feed(message(id, "sum"));
  await until(() => answers.size === ids.length, `the answers of ${ids.length} comms, of which ${answers.size} have come`).catch((e) => console.error(e));
  return ids.map((id) => answers.get(id) ?? { Got: 0, Doubled: 0, Reordered: 0 })
    .map(({ Got, Doubled, Reordered }) => ({ Lost: n - Got, Doubled, Reordered }));
}
