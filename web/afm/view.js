// A view of a widget: the element that Go draws in, or a text that says why there is none.
// @ts-check

import { REMOVE, RENDER, UNTIL_RELOAD } from "./model.js";
import { Shown } from "./shown.js";

/** How long a program may load before a view says so, in ms. */
const SOON = 400;

/** @typedef {import("./model.js").Model} Model */

export class View {
  /** @param {{ views: Map<number, View>, lastView: number, reports: Map<string, string> }} page @param {Model} model @param {HTMLElement} el */
  constructor(page, model, el) {
    this.page = page;
    this.model = model;
    this.number = ++page.lastView;
    page.views.set(this.number, this);
    model.views.add(this);
    this.el = el;
    /** Go's element. @type {HTMLElement} */
    this.root = element("div", "gocomm-view");
    /** Views of other widgets in it, by the numbers of their places. @type {Map<number, Shown>} */
    this.shown = new Map();
    this.lastShown = 0;
    /** What is shown instead. @type {HTMLElement | null} */
    this.box = null;
    /** What is shown above. @type {HTMLElement | null} */
    this.reported = null;
    /** Go has been given it. */
    this.taken = false;
    /** Go's view has ended with a failure. */
    this.lost = false;
    /** How long that is shown. */
    this.until = UNTIL_RELOAD;
    this.ended = false;
    this.begin();
    this.report(page.reports.get(model.program.name) ?? "");
    if (model.failed) this.fail(model.failed, () => model.begin());
    else model.push({ kind: RENDER, view: this });
    this.model.program.want(model);
  }

  /** An empty element, for Go to draw in. */
  begin() {
    clearTimeout(this.loading);
    this.box?.remove();
    this.box = null;
    this.root.remove();
    this.hideAll();
    this.root = element("div", "gocomm-view");
    this.el.append(this.root);
    this.taken = this.lost = false;
    this.loading = setTimeout(() => this.root.append(element("span", "gocomm-loading", `Loading ${this.model.program.name} …`)), SOON);
  }

  /** Go takes it. */
  take() {
    clearTimeout(this.loading);
    this.root.replaceChildren();
    this.taken = true;
  }

  /** Makes a place for a view of another widget, and gives its number. @param {Element} parent of which it is the last child */
  placeIn(parent) {
    this.shown.set(++this.lastShown, new Shown(parent));
    return this.lastShown;
  }

  /** @param {number} place */
  hide(place) {
    this.shown.get(place)?.end();
    this.shown.delete(place);
  }

  hideAll() {
    for (const place of this.shown.keys()) this.hide(place);
  }

  /** @param {string} text @param {() => void} reload */
  fail(text, reload) {
    if (this.ended) return;
    clearTimeout(this.loading);
    this.root.remove();
    this.box?.remove();
    this.box = element("div", "gocomm-error");
    this.box.setAttribute("role", "alert");
    const button = /** @type {HTMLButtonElement} */ (element("button", "", "Reload"));
    button.type = "button";
    button.onclick = reload;
    this.box.append(note(text), button);
    this.el.append(this.box);
  }

  /** Go's view has ended. @param {string} text why @param {number} until */
  lose(text, until) {
    this.fail(text, () => this.retry());
    this.lost = true;
    this.until = until;
  }

  /** Shows it again, after its model's failure. */
  mend() {
    if (this.lost || !this.taken) return this.retry();
    this.box?.remove();
    this.box = null;
    this.el.append(this.root);
  }

  /** Draws it anew, after its own failure. */
  retry() {
    this.begin();
    this.model.push({ kind: RENDER, view: this });
  }

  /** @param {string} text */
  report(text) {
    this.reported?.remove();
    this.reported = null;
    if (!text) return;
    this.reported = element("div", "gocomm-report");
    this.reported.setAttribute("role", "status");
    this.reported.append(note(text));
    this.el.prepend(this.reported);
  }

  end() {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.loading);
    this.hideAll();
    for (const e of [this.root, this.box, this.reported]) e?.remove();
    this.page.views.delete(this.number);
    this.model.views.delete(this);
    if (this.taken) {
      this.model.push({ kind: REMOVE, view: this });
      this.model.program.ending(this.model, this.number);
    } else this.model.queue = this.model.queue.filter((e) => e.view !== this);
  }
}

/** @param {string} tag @param {string} className @param {string} [text] */
function element(tag, className, text = "") {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.textContent = text;
  return e;
}

/** A text with its line breaks, readable on any background. @param {string} text */
function note(text) {
  const e = element("div", "", text);
  e.style.cssText = "white-space: pre-wrap; overflow-wrap: anywhere; max-height: 20em; overflow: auto; padding: 0.5em; margin: 0 0 0.5em; " +
    "border-left: 3px solid #c62828; font-family: monospace; font-size: 0.9em; background: color-mix(in srgb, #c62828 8%, transparent);";
  return e;
}
