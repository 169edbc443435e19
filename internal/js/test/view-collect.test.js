// What a program's first garbage collection does to its views. It alone parks the goroutine that allocates, wherever that
// is; memory that is kept moves it. Clicks, changes, messages, and widgets that come and go: nothing is lost.

import { assert } from "chai";

import { afm, ask, registry, source, task, traits, until, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

const OFFSETS = 8;
const image = await source("widgetprobe").load(null);

describe("a program's first collection", () => {
  for (let n = 0; n < OFFSETS; n++) {
    const offset = Math.floor(((3000 << 10) * n) / OFFSETS);
    it(`harms no view with ${offset >> 10} KB kept before`, async () => {
      const hash = "first";
      const pair = () => afm.program({ name: hash, hash, load: async () => image });
      const fresh = (/** @type {Record<string, any>} */ more = {}) => widget(pair(), { ...traits, ...more });
      const w = fresh(), others = /** @type {ReturnType<typeof fresh>[]} */ ([]);
      w.show();
      w.show();
      await until(() => w.views.every((v) => v.text), "the views are there");
      await ask(w, { op: "keep", number: offset });
      w.model.messages.length = 0;
      const slow = Array.from({ length: 10 }, () => fresh());
      for (const s of slow) s.show();
      await until(() => slow.every((s) => s.views[0].text));
      let clicks = 0;
      for (let round = 0; round < 60; round++) {
        for (const s of slow) s.send({ op: "slow", number: round % 3 });
        for (let i = 0; i < 10; i++) {
          w.send({ op: "echo", text: "x".repeat(1000) + round });
          w.views[i % 2].click("count");
          slow[i].views[0].click("count");
          clicks++;
          slow[i].model.assign({ text: "t" + round });
          const o = fresh({ value: i });
          o.show();
          others.push(o);
        }
        w.model.assign({ text: "t" + round });
        w.send({ op: "child" });
        await task();
        for (const o of others.splice(0, 8)) o.end();
      }
      const answers = (/** @type {string} */ re) => w.model.messages.filter((m) => m.content.re === re).length;
      const p = registry().programs.get(hash);
      const busy = (/** @type {typeof w} */ s) => s.model.messages.length === 60 && s.views[0].text === "61 t59" && s.model.kernel.value === 61;
      const done = () => p.dead || (answers("echo") === 600 && answers("child") === 60 &&
        w.views.every((v) => v.text === `${1 + clicks} t59`) && slow.every(busy) && others.every((o) => o.views[0].text));
      await until(done, "all is done", 20_000).catch(() => {});
      const counts = [w, ...slow].map((x) => `${x.model.messages.length} messages, ${x.views.map((v) => v.text + v.error)}`);
      assert.isOk(done(), `not all is done: ${counts.join("; ")}`);
      assert.equal(p.dead, "");
    });
  }
});
