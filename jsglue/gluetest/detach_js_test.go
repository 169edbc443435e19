package gluetest

import "testing"

// snapshot is JavaScript that lists the own properties of an object, symbols included.
const snapshot = `
	stock.register_target("js", () => {}); // so that nothing of what is held is in error
	const picture = () => new Map([["kernel", kernel], ["stock", stock], ["handlers", kernel.handlers]].map(([name, o]) => [name, Object.getOwnPropertyDescriptors(o)]));
	const same = (a, b) => {
		for (const [name, before] of a) {
			const after = b.get(name);
			for (const k of new Set([...Reflect.ownKeys(before), ...Reflect.ownKeys(after)])) {
				if (name === "kernel" && k === "queue") continue; // deliver's own
				const x = before[k], y = after[k];
				if (!x || !y || x.value !== y.value || x.enumerable !== y.enumerable || x.writable !== y.writable) {
					throw new Error(name + "." + String(k) + " differs: " + JSON.stringify([x ?? "was not there", y ?? "is gone"]));
				}
			}
		}
	};
`

func TestDetachLeavesEverythingAsItWas(t *testing.T) {
	p := newPage(t, 1)
	p.run(snapshot + `
		const patched = stock.register_target = function (name, f) { this.targets[name] = f; }; // as other extensions do
		const before = picture();
		const f = () => {};
		const manager = await attach("probe");
		await attach("cookbook", {}, { mode: "beside" });
		deliver(commOpen("c1", "probe.echo"));
		deliver(commMsg("c1"));
		deliver(commOpen("held", "nobody"));
		await until(() => sent("c1").length === 1);
		manager.register_target("js", f);
		await deliver(commOpen("js1", "js"));
		detach();
		same(before, picture());
		if (stock.register_target !== patched || stock.targets.js !== f) throw new Error("the stock manager was not put back");
		detach(); // once more is harmless
		deliver(commOpen("c2", "js"));
		await until(() => stock.log.at(-1) === "open c2");
		await attach("probe"); // and so is a second life
		deliver(commOpen("c3", "probe.echo"));
		deliver(commMsg("c3"));
		await until(() => sent("c3").length === 1);
		detach();
		same(before, picture());`)
}

func TestJavaScriptCommsLiveOnAfterDetach(t *testing.T) {
	p := newPage(t, 1)
	p.run(`
		const manager = await attach("probe");
		let comm, got = 0;
		manager.register_target("js", (c) => { comm = c; c.on_msg(() => got++); });
		await deliver(commOpen("js1", "js"));
		const opened = manager.new_comm("kernel-side");
		opened.on_msg(() => got++);
		detach();
		deliver(commMsg("js1"));
		deliver(commMsg(opened.comm_id));
		await until(() => got === 2, "the stock manager passes messages on", 3000);
		comm.send("still open");
		if (sent("js1").length !== 1) throw new Error("not sent");`)
}

func TestDetachWhileAProgramLoads(t *testing.T) {
	p := newPage(t, 1)
	p.run(snapshot + `
		const before = picture();
		` + withSlowProgram + `
		deliver(commOpen("c1", "js"));
		await kernel.queue;
		detach();
		if (stock.log.join() !== "open c1") throw new Error("what was held is lost: " + stock.log);
		state.come();
		const rejected = await attached.then(() => "", (e) => e.message);
		if (!/detached/.test(rejected)) throw new Error("attach: " + (rejected || "has not rejected"));
		same(before, picture());`)
}
