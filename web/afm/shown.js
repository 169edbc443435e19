// A view of another widget that Go shows in its own: the page's widget manager makes it. It is a Lumino (or Phosphor) widget,
// which wants to be told when it gets onto the page, leaves it, and gets another size.
// @ts-check

import { modelOf } from "./widget-manager.js";

/** An element that says when it gets onto the page, and when it leaves it. */
const TAG = "gocomm-shown";

/** @returns {HTMLElement & {moved?: () => void}} */
function place() {
  if (!customElements.get(TAG)) { // another copy of this module may have it
    customElements.define(TAG, class extends HTMLElement {
      connectedCallback() { /** @type {any} */ (this).moved?.(); }
      disconnectedCallback() { /** @type {any} */ (this).moved?.(); }
    });
  }
  const e = document.createElement(TAG);
  e.style.display = "block";
  return e;
}

export class Shown {
  /** @param {Element} parent the place is its last child */
  constructor(parent) {
    this.place = place();
    this.place.moved = () => this.settle();
    /** The page's view. @type {any} */
    this.view = null;
    this.ended = false;
    this.sizes = new ResizeObserver(() => this.resized());
    parent.append(this.place);
  }

  /** Has a manager make a view. @param {any} manager @param {string} id of the widget's model */
  async show(manager, id) {
    if (typeof manager.create_view !== "function") throw new Error("this page's host has no views of other widgets");
    const model = /** @type {any} */ (await modelOf(manager, id));
    if (model._closed) throw new Error(`the widget is closed: ${id}`); // ipywidgets may have its model still
    const none = () => new Error(`the widget is one without a view: ${id}, ${model.get("_model_name")}`);
    if (!model.get("_view_name")) throw none();
    const view = await manager.create_view(model, {});
    const { error } = view.model === model ? {} : view.model?.attributes ?? {}; // ipywidgets 8 gives a view of what went wrong
    if (error) {
      view.remove();
      throw error;
    }
    if (this.ended || !widgetOf(view)) view.remove();
    if (this.ended) return;
    if (!widgetOf(view)) throw none(); // a style's view is none to look at
    view.once("remove", () => { // the widget was closed
      this.view = null;
      this.end();
    });
    this.view = view;
    this.settle();
    this.sizes.observe(this.place);
  }

  /** Tells the view whether it is on the page. */
  settle() {
    const widget = widgetOf(this.view);
    const here = this.place.isConnected;
    if (!widget || widget.isDisposed || widget.isAttached === here) return;
    const Widget = widget.constructor; // which has what belongs to Lumino's class
    if (here) return Widget.attach(widget, this.place);
    widget.processMessage(Widget.Msg.BeforeDetach); // Widget.detach takes none that has left
    widget.node.remove();
    widget.processMessage(Widget.Msg.AfterDetach);
  }

  resized() {
    const widget = widgetOf(this.view);
    if (widget?.isAttached) widget.processMessage(widget.constructor.ResizeMessage.UnknownSize);
  }

  end() {
    if (this.ended) return;
    this.ended = true;
    this.sizes.disconnect();
    this.view?.remove();
    this.place.remove();
  }
}

/** The Lumino widget of a view; ipywidgets 7 calls it so. @param {any} view @returns {any} */
const widgetOf = (view) => view?.luminoWidget ?? view?.pWidget;
