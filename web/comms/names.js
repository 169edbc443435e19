// The names that a comm id and a target may have. Package commmgr has the same rules for
// comms whose handlers are Go (commmgr/check.go); internal/nametest holds both to them.
// @ts-check

const MAX_NAME = 128;

/** The names that every JavaScript object has: `targets` and `comms` are plain objects. */
const INHERITED = new Set([
  "__proto__", "constructor", "prototype",
  "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
  "toLocaleString", "toString", "valueOf",
  "__defineGetter__", "__defineSetter__",
  "__lookupGetter__", "__lookupSetter__",
]);
const LONGEST_INHERITED = "propertyIsEnumerable".length;

/**
 * Says why a name may not be used, or "".
 * @param {string} what it names @param {string} name
 */
export function nameFault(what, name) {
  const { length } = name;
  if (length === 0) return `bad name: ${what} is missing`;
  if (length > MAX_NAME) return `bad name: ${what} is longer than ${MAX_NAME} characters`;
  if (length <= LONGEST_INHERITED && INHERITED.has(name)) return `bad name: ${what} is a name that every JavaScript object has`;
  for (let i = 0; i < length; i++) { // a regular expression would cost a multiple
    if (((name.charCodeAt(i) - 0x20) >>> 0) > 0x5e) return `bad name: ${what} is not printable ASCII`;
  }
  return "";
}

/** A name for a line of the console: in quotes, and no longer than that bears. @param {string} name */
export const quote = (name) => (name.length > 64 ? `${JSON.stringify(name.slice(0, 64))}…` : JSON.stringify(name));
