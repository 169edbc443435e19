// Opens that try to have the page run code, or to change what all objects have.

import { gocommSide, stockSide, message, commID } from "/nbextensions/bench/sides.js";
import { task } from "./tally.js";

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "load_class", "requirejs", "eval", "\ud800\udfff\ud800", "<img src=x onerror=evil()>", "x"];
const MODULES = ["evil-module", "https://evil.invalid/x.js", "data:text/javascript,evil()", "base/js/utils", "../evil", undefined, null, {}];
const EVIL = "<img src=x onerror='window.evil = true'><script>window.evil = true</script>";
const DATA = [{}, JSON.parse('{"__proto__": {"polluted": true}}'), { constructor: { prototype: { polluted: true } } }, EVIL, { html: EVIL, code: "window.evil = true" }];

/** @param {{gocomm: boolean, n: number}} o */
export async function run({ gocomm, n }) {
  const s = gocomm ? await gocommSide() : await stockSide();
  const { kernel } = s;
  const { comm_manager } = kernel;
  const seen = { Loads: 0, Evals: 0, HTML: 0, Violations: 0, Uncaught: 0 };
  const count = (name) => () => { seen[name]++; };
  const undo = [];
  const trap = (object, name, f) => {
    const before = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, f(before));
    undo.push(() => Object.defineProperty(object, name, before));
  };
  // Nothing is loaded: it is counted, and refused.
  for (const name of ["requirejs", "require"]) {
    trap(window, name, (before) => ({ ...before, value: Object.assign((names, done, failed) => { seen.Loads++; failed?.(new Error("not loaded")); }, before.value) }));
  }
  for (const name of ["eval", "Function"]) {
    trap(window, name, (before) => ({ ...before, value: new Proxy(before.value, { apply: count("Evals"), construct: () => (seen.Evals++, () => {}) }) }));
  }
  for (const [object, name] of [[Element.prototype, "innerHTML"], [Element.prototype, "outerHTML"]]) {
    trap(object, name, (before) => ({ ...before, set(html) { if (String(html).includes("evil")) seen.HTML++; else before.set.call(this, html); } }));
  }
  trap(Node.prototype, "appendChild", (before) => ({ ...before, value(node) { if (node.tagName === "SCRIPT") seen.Loads++; return before.value.call(this, node); } }));
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "script-src 'self' 'wasm-unsafe-eval'; img-src 'self'";
  document.head.append(policy);
  const listeners = [["securitypolicyviolation", count("Violations")], ["error", count("Uncaught")], ["unhandledrejection", count("Uncaught")]];
  for (const [type, f] of listeners) addEventListener(type, f);
  const { log, warn, error } = console;
  console.log = console.warn = console.error = () => {};

  const shape = (object) => Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]).flatMap(([key, d]) => [key, d.value, d.get, d.set]);
  const objects = [Object.prototype, Array.prototype, Function.prototype, Promise.prototype, Map.prototype];
  const before = objects.map(shape);
  const tables = [comm_manager.comms, comm_manager.targets];
  const parents = tables.map((t) => Object.getPrototypeOf(t));
  let opened = 0;
  comm_manager.register_target("known", () => { opened++; });
  const give = async (msg) => {
    try {
      await kernel.get_iopub_handler("comm_open")(msg);
    } catch { /* the kernel object's queue reports it */ }
  };
  for (let i = 0; i < n; i++) {
    const id = i % 3 ? commID(i) : NAMES[i % NAMES.length], target = i % 7 ? NAMES[(i >> 2) % NAMES.length] : "known";
    const done = give(message(s, "comm_open", { comm_id: id, target_name: target, target_module: MODULES[i % MODULES.length], data: DATA[i % DATA.length] }));
    if (gocomm) await done; // the stock manager's may never settle
    if (i % 100 === 0) await task();
  }
  for (let i = 0; i < 10; i++) await task();
  const changed = objects.filter((object, i) => { const now = shape(object); return now.length !== before[i].length || now.some((v, k) => v !== before[i][k]); }).length +
    tables.filter((t, i) => Object.getPrototypeOf(t) !== parents[i]).length + ("polluted" in {} ? 1 : 0);
  tables.forEach((t, i) => Object.setPrototypeOf(t, parents[i]));
  // Let through as comms: names that every object has.
  const strange = NAMES.slice(0, 4).filter((name) => Object.hasOwn(comm_manager.comms, name)).length;
  undo.forEach((f) => f());
  for (const [type, f] of listeners) removeEventListener(type, f);
  Object.assign(console, { log, warn, error });
  return { ...seen, Changed: changed, Strange: strange, Opened: opened, Evil: window.evil ? 1 : 0 };
}
