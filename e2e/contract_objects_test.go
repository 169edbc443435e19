package e2e

// contractObjects are the items about the manager and its comms as objects.
var contractObjects = []check{
	{"1", "the manager has the kernel's handlers of the three message types", `
		return ["comm_open", "comm_msg", "comm_close"].map((type) => typeof kernel.get_iopub_handler(type));`,
		`["function", "function", "function"]`, "", ""},
	{"1", "a handler registered later replaces the manager's, and can pass on and put it back", `
		const before = kernel.get_iopub_handler("comm_msg"), seen = [];
		const id = await opened((comm) => comm.on_msg((m) => { seen.push("manager " + m.content.data); }));
		kernel.register_iopub_handler("comm_msg", (m) => { seen.push("other " + m.content.data); return before.call(kernel, m); });
		await feed(msg(id, 1));
		kernel.register_iopub_handler("comm_msg", before);
		await feed(msg(id, 2));
		return seen;`,
		`["other 1", "manager 1", "manager 2"]`, "", ""},
	{"1", "a message of any type waits for the promise of the handler before it, of the same request", `
		const order = [];
		const end = probe(() => { order.push("next message"); });
		const id = await opened((comm) => comm.on_msg(() => new Promise((resolve) => setTimeout(() => { order.push("handler done"); resolve(); }, 50))));
		feed(msg(id, 1));
		await feed(message("contract_probe", {}));
		await until(() => order.length === 2);
		end();
		return order;`,
		`["handler done", "next message"]`, "", ""},
	{"2", "a manager taken hold of before registers with the one in charge, and shares its tables", `
		const seen = [];
		captured.register_target("by-captured", (comm, m) => { seen.push(m.content.data); });
		const id = newID();
		await feed(open(id, "by-captured", { data: "opened" }));
		await feed(open(newID(), "early", { data: "early" }));
		const comm = captured.new_comm("py.target", {});
		return [seen, early, captured.targets === manager.targets, captured.comms === manager.comms, (await manager.comms[comm.comm_id]) === comm];`,
		`[["opened"], ["early"], true, true, true]`, "", ""},
	{"2", "what the one in charge registers is seen by who took hold of the manager before", `
		manager.register_target("by-live", () => {});
		const there = "by-live" in captured.targets;
		captured.unregister_target("by-live");
		return [there, "by-live" in manager.targets];`,
		`[true, false]`, "", ""},
	{"3", "window.comm_manager is the page's to set, and preferred by who looks there", `
		const unset = !("comm_manager" in window);
		window.comm_manager = captured; // as a page for Panel does
		const seen = [], target = newID();
		(window.comm_manager || kernel.comm_manager).register_target(target, () => { seen.push("opened"); });
		delete window.comm_manager;
		await feed(open(newID(), target));
		return [unset, seen];`,
		`[true, ["opened"]]`, "", ""},
	{"4", "comm_manager.kernel is the real kernel object", `
		return [manager.kernel === kernel, kernel.comm_manager === manager, kernel instanceof manager.kernel.constructor && kernel === Jupyter.notebook.kernel];`,
		`[true, true, true]`, "", ""},
	{"4", "init_kernel(kernel) connects the manager", `
		const seen = [];
		const answer = manager.init_kernel(kernel);
		await opened(() => { seen.push("opened"); });
		return [answer === undefined, manager.kernel === kernel, seen];`,
		`[true, true, ["opened"]]`, "", ""},
	{"5", "comms is a plain object of promises by comm id, through which others send", `
		const id = await opened(() => {});
		const comm = await manager.comms[id];
		const sent = frames(() => comm.send("found"), true);
		return [Object.getPrototypeOf(manager.comms) === Object.prototype, Object.keys(manager.comms).includes(id), typeof manager.comms[id].then,
			comm.comm_id === id, sent.map((f) => [f.header.msg_type, f.content.comm_id === id, f.content.data])];`,
		`[true, true, "function", true, [["comm_msg", true, "found"]]]`, "", ""},
	{"6", "targets is a plain object of functions by name", `
		const f = () => {};
		manager.register_target("a-target", f);
		const names = ["a-target" in manager.targets, "nobody's" in manager.targets];
		manager.unregister_target("a-target");
		return [Object.getPrototypeOf(manager.targets) === Object.prototype, ...names, "a-target" in manager.targets, "jupyter.widget" in manager.targets];`,
		`[true, true, false, false, true]`, "", ""},
	{"7", "register_target overwrites, and returns undefined", `
		const seen = [], target = newID();
		const answers = ["first", "second"].map((name) => manager.register_target(target, () => { seen.push(name); }));
		await feed(open(newID(), target));
		return [answers.map(String), seen];`,
		`[["undefined", "undefined"], ["second"]]`, "", ""},
	{"7", "messages wait for the promise of their comm's target", `
		const order = [], id = newID(), target = newID();
		manager.register_target(target, async (comm) => {
			await new Promise((resolve) => setTimeout(resolve, 50));
			comm.on_msg((m) => { order.push(m.content.data); });
			order.push("opened");
		});
		feed(open(id, target));
		feed(msg(id, 1));
		await feed(msg(id, 2));
		return order;`,
		`["opened", 1, 2]`, "", ""},
	{"8", "unregister_target takes one argument, and a name that is not there", `
		const seen = [], target = newID();
		manager.register_target(target, () => { seen.push("opened"); });
		const errors = [thrown(() => manager.unregister_target("nobody's")), thrown(() => manager.unregister_target(target))];
		return [errors, target in manager.targets];`,
		`[["", ""], false]`, "", ""},
	{"9", "new_comm gives an open comm at once", `
		let comm;
		const sent = frames(() => { comm = manager.new_comm("py.target", { a: 1 }, undefined, { m: 2 }); });
		const [f] = sent;
		return [sent.length, f.header.msg_type, f.content, f.metadata, comm.comm_id === f.content.comm_id, comm.target_name, (await manager.comms[comm.comm_id]) === comm]
			.map((v) => v && v.comm_id ? { ...v, comm_id: v.comm_id.length } : v);`,
		`[1, "comm_open", {"comm_id": 32, "target_name": "py.target", "data": {"a": 1}}, {"m": 2}, true, "py.target", true]`, "", ""},
	{"9", "new_comm has six parameters, as ipywidgets tests, and the comm id and buffers are its last", `
		let comm;
		const id = newID();
		const sent = frames(() => { comm = manager.new_comm("py.target", {}, {}, {}, id, [new ArrayBuffer(3)]); });
		return [manager.new_comm.length >= 6, comm.comm_id === id, sent[0].sizes];`,
		`[true, true, [3]]`, "", ""},
	{"10", "register_comm takes Comms of services/kernels/comm, sets their kernel, and sends nothing", `
		const comm = new stock.Comm("py.target", newID()), got = [];
		let answer;
		const sent = frames(() => { answer = manager.register_comm(comm); });
		comm.on_msg((m) => { got.push(m.content.data); });
		comm.on_close(() => { got.push("closed"); });
		await feed(msg(comm.comm_id, "hello"));
		await feed(close(comm.comm_id));
		return [answer === comm.comm_id, sent.length, comm.kernel === kernel, got, comm.comm_id in manager.comms];`,
		`[true, 0, true, ["hello", "closed"], false]`, "", ""},
	{"10", "foreign comms are given messages through their handle_msg and handle_close", `
		const got = [];
		const comm = { comm_id: newID(), target_name: "any", handle_msg: (m) => { got.push(m.content.data); }, handle_close: () => { got.push("closed"); } };
		manager.register_comm(comm);
		await feed(msg(comm.comm_id, "hello"));
		await feed(close(comm.comm_id));
		return [got, comm.kernel === kernel];`,
		`[["hello", "closed"], true]`, "", ""},
	{"10", "registered under the id of a live comm, the newest is comms[id], and both get the messages", `
		const got = [];
		const id = await opened((comm) => {
			comm.on_msg((m) => { got.push("first " + m.content.data); });
			comm.on_close(() => { got.push("first closed"); });
		});
		const second = new stock.Comm("any", id);
		second.on_msg((m) => { got.push("second " + m.content.data); });
		second.on_close(() => { got.push("second closed"); });
		const answer = manager.register_comm(second);
		const newest = (await manager.comms[id]) === second;
		await feed(msg(id, 1));
		await feed(close(id));
		return [answer === id, newest, got, id in manager.comms];`,
		`[true, true, ["first 1", "second 1", "first closed", "second closed"], false]`,
		`[true, true, ["second 1", "second closed"], false]`, "the first comm is cut off"},
	{"10", "registered before the kernel's open of it comes, as ipywidgets may, both objects get the messages", `
		const got = [], id = newID(), target = newID();
		const listen = (comm, name) => {
			comm.on_msg((m) => { got.push(name + " " + m.content.data); });
			comm.on_close(() => { got.push(name + " closed"); });
		};
		manager.register_target(target, (comm) => listen(comm, "second"));
		const restored = new stock.Comm(target, id);
		await new Promise((resolve) => requirejs(["services/kernels/kernel"], resolve));
		manager.register_comm(restored);
		listen(restored, "first");
		await feed(open(id, target));
		await feed(msg(id, 1));
		await feed(close(id));
		return [got, id in manager.comms];`,
		`[["first 1", "second 1", "first closed", "second closed"], false]`,
		`[["second 1", "second closed"], false]`, "the first object is cut off"},
	{"11", "services/kernels/comm exports Comm and CommManager", `
		const other = new stock.CommManager();
		const comm = new stock.Comm("any");
		return [typeof stock.Comm, typeof stock.CommManager, Object.keys(other), comm.comm_id.length, stock === require("services/kernels/comm")];`,
		`["function", "function", ["comms", "targets"], 32, true]`, "", ""},
	{"11", "unregister_comm takes a comm of either kind out", `
		const got = [];
		const mine = manager.new_comm("py.target"), foreign = new stock.Comm("any", newID());
		manager.register_comm(foreign);
		const answers = [mine, foreign].map((comm) => {
			comm.on_msg(() => { got.push("late"); });
			return manager.unregister_comm(comm);
		});
		for (const comm of [mine, foreign]) await feed(msg(comm.comm_id, 1));
		return [answers.map(String), [mine, foreign].map((comm) => comm.comm_id in manager.comms), got];`,
		`[["undefined", "undefined"], [false, false], []]`, "", ""},
	{"12", "a comm has the fields that others read and set, and takes more", `
		let opened1;
		await opened((comm) => { opened1 = comm; });
		const fields = ["comm_id", "target_name", "kernel", "_msg_callback", "_close_callback"];
		return [opened1, manager.new_comm("py.target")].map((comm) => {
			const f = () => {};
			comm.on_msg(f);
			comm.extra = 1;
			return [fields.filter((name) => !(name in comm)), comm._msg_callback === f, comm._close_callback, Object.isExtensible(comm), comm.extra];
		});`,
		`[[[], true, null, true, 1], [[], true, null, true, 1]]`, "", ""},
	{"12", "a callback put into _msg_callback is called", `
		const got = [];
		const id = await opened((comm) => { comm._msg_callback = (m) => { got.push(m.content.data); }; });
		await feed(msg(id, "hello"));
		return got;`,
		`["hello"]`, "", ""},
	{"13", "comm.kernel is the real kernel object, with its methods and its websocket", `
		const comm = manager.new_comm("py.target");
		const methods = ["set_callbacks_for_msg", "output_callback_overrides_push", "output_callback_overrides_pop", "send_shell_message"];
		return [comm.kernel === kernel, methods.map((name) => typeof comm.kernel[name]), comm.kernel.ws instanceof WebSocket];`,
		`[true, ["function", "function", "function", "function"], true]`, "", ""},
	{"13", "what comms send has the form of the kernel object's own messages, with ids that are unique", `
		const comm = manager.new_comm("py.target");
		const sent = frames(() => { kernel.send_shell_message("any", { a: 1 }); for (let i = 0; i < 300; i++) comm.send({ a: 1 }); }, true);
		const form = (f) => JSON.stringify({ ...f, content: "", size: "", header: { ...f.header, msg_type: "", msg_id: f.header.msg_id.replace(/[0-9a-f]/g, "x"), date: f.header.date.replace(/\d/g, "0") } });
		return [new Set(sent.map(form)).size, new Set(sent.map((f) => f.header.msg_id)).size, sent.slice(-1)[0].header.session === kernel.session_id];`,
		`[1, 301, true]`, "", ""},
	{"13", "who has changed the kernel object's methods sees what comms send", `
		const seen = [], comm = manager.new_comm("py.target");
		const changed = { send_shell_message: kernel.send_shell_message, _get_msg: kernel._get_msg, _send: kernel._send };
		for (const [name, method] of Object.entries(changed)) {
			const own = Object.getOwnPropertyDescriptor(kernel, name);
			kernel[name] = function () { seen.push(name); return method.apply(this, arguments); };
			frames(() => comm.send(1), true);
			delete kernel[name];
			if (own) Object.defineProperty(kernel, name, own);
		}
		const prototype = Object.getPrototypeOf(kernel), stocks = prototype._get_msg;
		prototype._get_msg = function () { seen.push("prototype's _get_msg"); return stocks.apply(this, arguments); };
		frames(() => comm.send(1), true);
		prototype._get_msg = stocks;
		return seen;`,
		`["send_shell_message", "_get_msg", "_send", "prototype's _get_msg"]`, "", ""},
	{"13", "a handler that routes output, as the Output widget's does, has each message of it routed right", `
		const routed = [], callbacks = { iopub: { output: (m) => { routed.push(m.content.text); } } };
		manager.register_target("capture", (comm) => comm.on_msg(async (m) => {
			await new Promise((resolve) => setTimeout(resolve, 20));
			const parent = m.parent_header.msg_id;
			if (m.content.data) {
				comm.kernel.set_callbacks_for_msg("capture", callbacks, false);
				comm.kernel.output_callback_overrides_push(parent, "capture");
			} else {
				comm.kernel.output_callback_overrides_pop(parent);
			}
		}));
		const rest = await python("import sys\ncapture = Comm(target_name='capture')\nprint('before')\nsys.stdout.flush()\ncapture.send(1)\nprint('inside')\nsys.stdout.flush()\ncapture.send(0)\nprint('after')\nsys.stdout.flush()\ncapture.close()");
		return [routed.join(""), rest];`,
		`["inside\n", "before\nafter"]`, "", ""},
}
