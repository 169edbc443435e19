// What all sides of the border between JavaScript and Go name alike: its version, and texts of what was thrown.
// @ts-check

/** The version of the functions of the border, those of the hosts among them; package gocomm/internal/border has the same. */
export const ABI = 12;

/** The text of what was thrown. @param {unknown} e */
export function text(e) {
  try {
    return String(e instanceof Error ? e.message : e);
  } catch {
    return "an exception without a text";
  }
}
