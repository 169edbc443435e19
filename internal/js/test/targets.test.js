// Whose a target is that Go registers: web/comms/hub.js.

import { assert } from "chai";

import { attach, commMsg, commOpen, deliver, errors, hub, sent, stock, until } from "./kernel-page.js";
import { describe, it } from "./testing.js";

describe("a target of JavaScript", () => {
  /** @typedef {"JavaScript" | "program" | "Go"} Owner */
  /** @type {Record<string, {owner: Owner, register: (f: () => void) => any}>} */
  const CASES = {
    "of the page's manager": { owner: "JavaScript", register: (f) => {
      stock.register_target("t", f);
      return attach("probe");
    } },
    "of the page's manager, beside it": { owner: "JavaScript", register: (f) => {
      stock.register_target("t", f);
      return attach("probe", {}, { mode: "beside" });
    } },
    "of its own manager": { owner: "JavaScript", register: async (f) => {
      (await attach("probe", {}, { mode: "beside" })).register_target("t", f);
    } },
    "of another program's manager": { owner: "program", register: async (f) => {
      (await attach("commmgr", {}, { mode: "beside" })).register_target("t", f);
      await attach("probe", {}, { mode: "beside" });
    } },
    "where Go may": { owner: "Go", register: (f) => {
      stock.register_target("t", f);
      return attach("probe", {}, { mode: "beside", overrideTargets: true });
    } },
    "that nobody has": { owner: "Go", register: () => attach("probe") },
  };
  for (const [name, { owner, register }] of Object.entries(CASES)) {
    it(`${name} is ${owner === "Go" ? "Go's when it registers it" : "not taken by Go"}`, async () => {
      let opened = 0;
      await register(() => void opened++);
      deliver(commOpen("late", "probe.late"));
      deliver(commMsg("late", { Target: "t", Ms: 0 }));
      await until(() => errors().length > 0 || hub().claims.get("t")?.program?.name === "probe.wasm");
      await deliver(commOpen("c1", "t"));
      await deliver(commMsg("c1", "hello"));
      await until(() => opened + sent("c1").length === 1);
      assert.equal(opened, owner === "Go" ? 0 : 1);
      if (owner === "Go") return assert.isEmpty(errors());
      assert.lengthOf(errors(), 1);
      const taken = owner === "program" ? "another program" : "the page's JavaScript";
      assert.include(errors()[0], `register_target (target "t"): the target is taken by ${taken}`);
    });
  }
});
