// A program that was fetched as what is different in another one. internal/delta in Go makes it, and describes the form.
// @ts-check

/**
 * Throws where the two do not belong together.
 * @param {Uint8Array} base the other program @param {Uint8Array} delta
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function apply(base, delta) {
  let at = 0;
  const number = () => {
    let n = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = delta[at++];
      n += (byte & 127) * unit;
      if (!(byte & 128)) return n; // also after the end
    }
  };
  const steps = number();
  const differences = number();
  const out = new Uint8Array(number());
  const end = at + steps;
  let difference = end;
  let fresh = end + differences;
  let from = 0;
  let to = 0;
  while (at < end) {
    const copied = number();
    const added = number();
    const moved = number();
    from += moved % 2 ? -(moved + 1) / 2 : moved / 2;
    for (const last = to + copied; to < last; ) out[to++] = base[from++] + delta[difference++];
    out.set(delta.subarray(fresh, fresh += added), to);
    to += added;
  }
  if (to !== out.length || fresh !== delta.length || from > base.length) throw new Error("it is damaged, or for another program");
  return out;
}
