// A Go program for the widgets of a page: its loading, its end, and who takes its place.
// What of it runs is an instance (afm/instance.js).
// @ts-check

import { AfmInstance } from "./instance.js";
import { text } from "../runtime/abi.js";
import * as log from "../runtime/log.js";

/**
 * @typedef {import("../afm.js").AnyModel} AnyModel
 * @typedef {import("./model.js").Model} Model
 */

export class AfmProgram {
  /** @param {import("../afm.js").Source} source */
  constructor(source) {
    this.source = source;
    this.name = source.name;
    this.hash = source.hash;
    this.dev = source.dev ?? false;
    /** @type {{ module: WebAssembly.Module, Go: new () => any } | null} */
    this.image = null;
    /** @type {AfmInstance | null} */
    this.instance = null;
    /** Settled when it has started; null when it has not begun to, or is no more. @type {Promise<void> | null} */
    this.starting = null;
    /** Why it is no more, or has not come, or "". */
    this.dead = "";
    /** @type {Set<Model>} */
    this.models = new Set();
  }

  /** @param {Model} model */
  add(model) {
    this.models.add(model);
    this.want(model);
  }

  /** @param {Model} model that has ended */
  remove(model) {
    this.models.delete(model);
  }

  /** Sees to it that the program is there. @param {Model} model */
  want(model) {
    if (this.dead) this.show();
    else void this.start(model.afm).catch(() => {}); // is shown
  }

  /** @param {Model} model that has something to take */
  ring(model) {
    this.instance?.ring(model);
  }

  /** @param {Model} model that ends, or one of its views @param {number} view its number, or 0 @param {string} [refused] see AfmInstance.ending */
  ending(model, view, refused) {
    this.instance?.ending(model, view, refused);
  }

  /** @param {AnyModel} afm for the delivery @returns {Promise<void>} */
  start(afm) {
    return (this.starting ??= this.run(afm).catch((e) => {
      this.die(`${this.name} cannot be loaded: ${text(e)}`);
      throw e;
    }));
  }

  /** @param {AnyModel} afm */
  async run(afm) {
    const image = this.image ?? (await this.source.load(afm));
    if (!image?.module || !image.Go) throw new Error("its load function gave no program");
    this.instance = new AfmInstance(this);
    await this.instance.run(image);
    this.image = image; // one that does not start is loaded again
    for (const model of this.models) this.ring(model);
  }

  /** @param {string} why */
  die(why) {
    this.halt();
    this.dead = why;
    log.error(why);
    this.show();
  }

  /** Shows why there is no program. Reload, in any view, starts it again for all. */
  show() {
    for (const model of this.models) for (const view of model.views) view.fail(this.dead, () => this.restart(model));
  }

  /** Nothing of it runs from here on. */
  halt() {
    this.instance?.halt("it was replaced");
    this.instance = null;
    this.starting = null;
  }

  /** @param {Model} model */
  restart(model) {
    this.dead = "";
    for (const m of this.models) m.begin();
    this.want(model);
  }

  /** Takes over the widgets of another build. @param {AfmProgram} old */
  succeed(old) {
    const models = [...old.models];
    old.halt();
    old.models.clear();
    for (const model of models) {
      model.unbind();
      model.program = this;
      this.models.add(model);
      model.begin();
    }
  }
}
