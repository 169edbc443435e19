// Handlers of a widget's program that wait for the end: of their widget, or of their view.

import { assert } from "chai";

import { errors, probe, task, until } from "./afm-page.js";
import { describe, it } from "./testing.js";

/** @type {Record<string, {op: string, end: (w: any) => void, says: string}>} */
const CASES = {
  "its widget": { op: "await the end", end: (w) => w.end(), says: "widget: closed by this program" },
  "its view": { op: "await the view's end", end: (w) => w.views[0].remove(), says: "view: the view has ended" },
  "its view's widget": { op: "await the view's end", end: (w) => w.end(), says: "view: the view has ended" },
};

describe("a handler that waits for the end", () => {
  for (const [name, { op, end, says }] of Object.entries(CASES)) {
    it(`of ${name} sees it at once, though messages wait behind it`, async () => {
      const w = await probe(), other = await probe();
      w.send({ op });
      for (let i = 0; i < 10; i++) await task();
      w.send({ op: "get" });
      end(w);
      const saw = () => /** @type {any} */ (globalThis).sawTheEnd;
      await until(saw, "the handler has seen the end", 3000);
      other.views[0].click("count");
      await until(() => other.views[0].text === "2 t", "the program goes on");
      assert.equal(saw(), says);
      assert.isEmpty(errors());
    });
  }
});
