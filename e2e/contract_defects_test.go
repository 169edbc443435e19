package e2e

// contractDefects are what the stock manager does wrong.
var contractDefects = []check{
	{"D1", "a comm opened to an unknown target is closed towards the kernel, with the reason, and nothing of it stays", `
		await python("unknown = listen(Comm(target_name='never.there'))");
		const id = await value("unknown.comm_id");
		await within(until(() => value("seen.get('" + id + "', [])").then((s) => s.length), 12000).catch(() => {}), 13000);
		const [closed] = await value("seen.get('" + id + "', [])");
		return [closed ? closed[0] : "not told", !!closed && JSON.stringify(closed[1]).includes("no such target"), id in manager.comms];`,
		`["close", true, false]`, `["not told", false, true]`, "the kernel is not told; a rejected promise stays in comms"},
	{"D2", "a handler that rejects once does not cost its comm the messages after it", `
		const got = [];
		const id = await opened((comm) => comm.on_msg((m) => { got.push(m.content.data); return m.content.data === 1 ? Promise.reject(new Error("the check's own")) : undefined; }));
		await feed(msg(id, 1));
		await feed(msg(id, 2));
		await feed(msg(id, 3));
		return got;`,
		`[1, 2, 3]`, `[1]`, "the comm gets nothing any more"},
	{"D3", "a handler whose promise never resolves does not stop the cells' output", `
		let free;
		const id = await opened((comm) => comm.on_msg(() => new Promise((resolve) => { free = resolve; })));
		let output;
		const written = await lines(async (sofar) => {
			feed(msg(id, 1));
			output = await within(python("print('output')"), 6000);
			await until(() => sofar.some((line) => line.includes("has not settled")), 3000).catch(() => {}); // the limit is 1.5 s
		});
		free();
		await kernel._msg_queue;
		return [output, written.some((line) => line.includes(id) && line.includes("has not settled"))];`,
		`["output", true]`, `["not within 6000 ms", false]`, "no output of any cell arrives"},
	{"D4", "close takes the comm out of comms", `
		const got = [], comm = manager.new_comm("py.target");
		comm.on_msg(() => { got.push("late"); });
		comm.close();
		const there = comm.comm_id in manager.comms;
		await feed(msg(comm.comm_id, 1));
		return [there, got];`,
		`[false, []]`, `[true, ["late"]]`, "it stays registered, and gets messages"},
	{"D5", "a comm id __proto__ changes nothing", `
		const before = Object.getPrototypeOf(manager.comms);
		manager.register_target("proto", () => {});
		await feed(open("__proto__", "proto"));
		const same = Object.getPrototypeOf(manager.comms) === before;
		Object.setPrototypeOf(manager.comms, before);
		return [same, "polluted" in {}];`,
		`[true, false]`, `[false, false]`, "the prototype of comms is replaced"},
	{"D5", "targets that nobody has registered do not open: constructor, toString", `
		const ids = [];
		for (const target of ["constructor", "toString"]) {
			const id = newID();
			await feed(open(id, target));
			const comm = await Promise.resolve(manager.comms[id]).catch(() => undefined);
			ids.push(comm !== undefined);
		}
		return ids;`,
		`[false, false]`, `[true, true]`, "they open"},
	{"D6", "a second open with the id of a live comm does not take its place", `
		const got = [], id = newID(), target = newID();
		let n = 0;
		manager.register_target(target, (comm) => { const name = ++n; comm.on_msg((m) => { got.push(name + " " + m.content.data); }); });
		const written = await lines(async () => {
			await feed(open(id, target));
			await feed(open(id, target));
		});
		await feed(msg(id, "hello"));
		return [n, got, written.some((line) => line.includes(id))];`,
		`[1, ["1 hello"], true]`, `[2, ["2 hello"], false]`, "the first comm is replaced, silently"},
	{"D7", "target_module is not loaded, with a target that is registered or not", `
		let loaded = 0;
		define("contract-module", [], () => { loaded++; return { "module-target": () => {} }; });
		const got = [];
		manager.register_target("module-target", () => { got.push("registered"); });
		await feed(open(newID(), "module-target", { target_module: "contract-module" }));
		manager.unregister_target("module-target");
		await within(feed(open(newID(), "another", { target_module: "contract-module" })), 2000);
		return [loaded, got];`,
		`[0, ["registered"]]`, `[1, []]`, "the kernel has the page load a module, in the place of its own target"},
	{"D8", "after a restart, what is sent on comms of the kernel before does not reach the new kernel, also what was waiting; nothing throws, and on_close is not called", `
		const comm = manager.new_comm("py.target"), called = [];
		comm.on_close(() => { called.push("on_close"); });
		await until(() => value("'" + comm.comm_id + "' in comms"));
		kernel._schedule_reconnect = () => {}; // by itself it connects in the middle of a restart that takes long, and loses that connection
		` + disconnect + `
		delete kernel._schedule_reconnect;
		comm.send("stale");
		comm.send("stale", undefined, undefined, [new ArrayBuffer(8)]);
		kernel.kernel_info();
		const restarted = new Promise((resolve, reject) => kernel.restart(resolve, () => reject(new Error("not restarted"))));
		const waiting = kernel._pending_messages.map((data) => (typeof data === "string" ? data : new TextDecoder().decode(data)).match(/"msg_type":"(\w+)"/)[1]);
		await restarted;
		await until(() => kernel.is_connected() && within(new Promise((resolve) => kernel.kernel_info(() => resolve(true))), 3000).then((v) => v === true), 30000);
		let why;
		const sent = frames(() => { why = thrown(() => comm.send("late")); }, true);
		const closing = frames(() => { comm.close(); }, true); // as widgets do that are removed from the page
		return [waiting, sent.length, why, closing.length, called, comm.comm_id in manager.comms];`,
		`[["kernel_info_request"], 0, "", 0, [], false]`, `[["comm_msg", "comm_msg", "kernel_info_request"], 1, "", 1, [], true]`,
		"they reach the new kernel"},
	{"10", "under an id of before the restart a comm can be registered, and gets the messages", `
		const id = newID(), before = new stock.Comm("any", id), got = [];
		manager.register_comm(before);
		const restarting = new Promise((resolve, reject) => kernel.restart(resolve, () => reject(new Error("not restarted"))));
		const comm = new stock.Comm("any", id);
		manager.register_comm(comm);
		before.on_msg(() => { got.push("before"); });
		comm.on_msg((m) => { got.push(m.content.data); });
		await restarting;
		await until(() => kernel.is_connected(), 30000);
		await feed(msg(id, "hello"));
		return [got, (await manager.comms[id]) === comm];`,
		`[["hello"], true]`, "", ""},
}
