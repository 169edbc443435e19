// What a program's memory holds of widgets: each cell that is run again leaves a widget behind, which the kernel and the
// page keep. Go's memory is one for all of them, and is never given back.

import { assert } from "chai";

import { afm, ask, program, source, traits, until, widget } from "./afm-page.js";
import { describe, it } from "./testing.js";

const LARGE = 40_000_000;

describe("a widget with a large trait", () => {
  it("takes up Go's memory while it has views", async () => {
    const bytes = new DataView(new ArrayBuffer(LARGE));
    bytes.setUint8(0, 7);
    /** @type {import("./afm-page.js").Widget[]} */
    const shown = [];
    for (let n = 0; n < 60; n++) {
      const w = widget(afm.program(source("widgetprobe")), { ...traits, bytes, value: n });
      w.show();
      await until(() => w.views[0].text || w.views[0].error, `number ${n} is shown`);
      assert.equal(w.views[0].text, `${n} t`);
      shown.at(-1)?.views[0].remove();
      shown.push(w);
    }
    const { instance } = program("widgetprobe");
    const size = () => instance.memory().byteLength / 2 ** 20;
    assert.isBelow(size(), 600, "MB of Go's memory");
    assert.equal((await ask(shown[3], { op: "size" })).value, LARGE, "what was left behind has its state");
    shown[3].model.assign({ value: 50 });
    assert.equal((await ask(shown[3], { op: "size" })).value, LARGE);
    shown[5].show();
    await until(() => shown[5].views[1].text === "5 t", "one is shown again");
    shown[5].views[1].click("count");
    assert.equal(shown[5].model.kernel.value, 6);
    assert.equal(shown[5].model.kernel.bytes.byteLength, LARGE, "it was not changed");

    shown[5].views[1].click("exit");
    await until(() => shown[5].views[1].error);
    shown[5].views[1].reload();
    await until(() => shown[5].views[1].text === "6 t" && shown[59].views[0].text, "all begin again");
    // All begin in one burst, in which the collector frees less.
    assert.isBelow(program("widgetprobe").instance.memory().byteLength / 2 ** 20, 1200, "MB of Go's memory");
  });
});
