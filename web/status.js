// A status entry: a button that says what gocomm does on a notebook's kernel, and the details behind it. Notebook's
// extension and Lab's put it into their pages.
// @ts-check

import { statusOf } from "./comms/status.js";
import { last, observe } from "./runtime/log.js";

/** A program that loads longer is shown, in ms. */
const LONG = 500;
/** How often the details are made anew while they are open, in ms. */
const FRESH = 500;

const STYLE = `
:host { margin: 0 6px }
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 3px; padding: 0 6px; cursor: pointer; white-space: nowrap }
button:hover, button:focus-visible { border-color: currentColor }
[popover] { position: fixed; margin: 0; inset: auto; max-width: min(30em, 100vw - 50px); padding: 12px 16px; font: 13px/1.45 system-ui, sans-serif; border: 1px solid var(--jp-border-color1, #bbb);
  border-radius: 4px; box-shadow: 0 4px 12px #0004; color: var(--jp-ui-font-color1, #222); background: var(--jp-layout-color1, #fff) }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 4px 12px }
dt { color: var(--jp-ui-font-color2, #666) }
dd { margin: 0; overflow-wrap: anywhere }
[popover] button { border-color: currentColor; padding: 3px 10px; margin-top: 12px }
`;

/**
 * @param {{kernel: () => import("./gocomm.js").Kernel | null | undefined, own: string, leave: () => void}} page the notebook's
 *   kernel now, whose comm manager there is without gocomm, and what takes gocomm off
 * @returns {{node: HTMLElement, dispose: () => void}}
 */
export function statusEntry({ kernel, own, leave }) {
  const node = document.createElement("span");
  node.className = "gocomm-status";
  const root = node.attachShadow({ mode: "open" }); // the page's styles stay outside
  root.innerHTML = `<style>${STYLE}</style><button type="button" part="entry"></button><div popover></div>`;
  const [button, details] = /** @type {[HTMLButtonElement, HTMLElement]} */ (/** @type {unknown} */ (root.querySelectorAll("button, div")));
  button.popoverTargetElement = details;
  const list = document.createElement("dl");
  const off = document.createElement("button"); // stays in its place: it may have the focus
  off.textContent = `Use ${own} own comm manager`;
  off.onclick = () => {
    leave();
    changed();
  };
  details.append(list, off);
  let seen = last();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  let frame = 0;

  function show() {
    frame = 0;
    clearTimeout(later);
    const k = kernel();
    const status = k ? statusOf(k) : null;
    const loading = status?.programs.filter((p) => p.loading !== null) ?? [];
    const long = loading.find((p) => Number(p.loading) >= LONG);
    if (long) button.textContent = `gocomm: loading${percent(long.loaded)}`;
    else button.textContent = last() === seen ? "gocomm" : "gocomm: problem";
    button.title = status ? "What gocomm does on this page" : "gocomm is off on this page";
    if (loading.length > 0 && !long) later = setTimeout(changed, LONG);
    if (details.matches(":popover-open")) {
      later = setTimeout(changed, FRESH);
      fill(status);
      place();
    }
  }

  /** Below the button, within the page. */
  function place() {
    const at = button.getBoundingClientRect();
    details.style.top = `${at.bottom + 4}px`;
    details.style.left = "0"; // as wide as what they say
    details.style.left = `${Math.max(8, Math.min(at.left, innerWidth - details.offsetWidth - 8))}px`;
  }

  /** @param {ReturnType<typeof statusOf>} status */
  function fill(status) {
    const problem = last();
    /** @type {[string, string][]} */
    const rows = [["Comm manager", !status ? `${own} own; gocomm is off until the page is loaded again` : status.replaces ? `gocomm, in the place of ${own} own` : `${own} own; programs in Go run beside it`]];
    for (const { name, loading, loaded, comms } of status?.programs ?? []) {
      rows.push(["Program", `${name}: ${loading === null ? `running, ${comms} live ${comms === 1 ? "comm" : "comms"}` : `loading${percent(loaded)}`}`]);
    }
    rows.push(["Last problem", problem ? `${problem.text} (${problem.time.toLocaleTimeString()})` : "none"]);
    list.replaceChildren(...rows.flatMap(([name, value]) => {
      const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
      dt.textContent = name;
      dd.textContent = value;
      return [dt, dd];
    }));
    off.hidden = !status;
  }

  function changed() {
    frame ||= requestAnimationFrame(show);
  }

  details.addEventListener("toggle", () => {
    seen = last();
    show();
  });
  root.addEventListener("keydown", (e) => e.stopPropagation()); // they are no shortcuts of the notebook's
  const unobserve = observe(changed);
  show();
  return {
    node,
    dispose() {
      unobserve();
      clearTimeout(later);
      cancelAnimationFrame(frame);
      node.remove();
    },
  };
}

/** @param {number} fraction */
const percent = (fraction) => (Number.isFinite(fraction) ? ` ${Math.floor(fraction * 100)} %` : "");
