package e2e

// contractSending are the items about messages to the kernel.
var contractSending = []check{
	{"14", "open, send and close return the msg_id of what they send", `
		const comm = new stock.Comm("py.target"), mine = [];
		manager.register_comm(comm);
		const ids = [], sent = frames(() => {
			const comm = manager.new_comm("py.target");
			ids.push(comm.send({ a: 1 }), comm.close());
			mine.push(typeof ids[0]);
		});
		return [mine, sent.map((f) => f.header.msg_type), sent.slice(1).map((f, i) => f.header.msg_id === ids[i])];`,
		`[["string"], ["comm_open", "comm_msg", "comm_close"], [true, true]]`, "", ""},
	{"14", "data may be a string; falsy data becomes {}", `
		const comm = manager.new_comm("py.target", "opened");
		const data = ["text", { a: [1] }, 7, null, undefined, "", 0, false];
		const sent = frames(() => data.forEach((d) => comm.send(d)), true);
		return sent.map((f) => f.content.data);`,
		`["text", {"a": [1]}, 7, {}, {}, {}, {}, {}]`, "", ""},
	{"14", "callbacks are called for what the kernel does on a message's account, and given up then", `
		const seen = [], id = newID();
		const comm = manager.new_comm("py.target", {}, undefined, undefined, id);
		await value("comms['" + id + "'].on_msg(lambda msg: print('on its account'))");
		const sent = comm.send({}, { iopub: { output: (m) => { seen.push(m.content.text.trim()); }, status: (m) => { seen.push(m.content.execution_state); } } });
		await until(() => seen.includes("idle"));
		await until(() => !(sent in kernel._msg_callbacks));
		return seen.filter((s) => s);`,
		`["busy", "on its account", "idle"]`, "", ""},
	{"14", "send and close on a comm that has ended throw nothing: closed here, closed by the kernel, of either kind", `
		let there;
		const id = await opened((c) => { there = c; });
		await feed(close(id));
		const here = manager.new_comm("py.target"), foreign = new stock.Comm("py.target", newID());
		manager.register_comm(foreign);
		foreign.open();
		here.close();
		foreign.close();
		return [here, there, foreign].map((comm) => {
			let ids;
			const sent = frames(() => { ids = [comm.send("late"), comm.close()]; }, true);
			return sent.map((f, i) => [f.header.msg_type, f.content.comm_id === comm.comm_id, f.header.msg_id === ids[i]]);
		});`,
		`[[["comm_msg", true, true], ["comm_close", true, true]], [["comm_msg", true, true], ["comm_close", true, true]], [["comm_msg", true, true], ["comm_close", true, true]]]`, "", ""},
	{"14", "the console has one line for a comm that is sent on after its end", `
		const comm = manager.new_comm("py.target");
		comm.close();
		const written = await lines(() => { frames(() => { comm.send(1); comm.send(2); comm.close(); }, true); });
		return written.filter((line) => line.includes(comm.comm_id) && line.includes("open a new comm")).length;`,
		`1`, `0`, "nothing tells of it"},
	{"9", "new_comm under the id of a live comm gives one more, which is comms[id] and alone gets the messages; the kernel hears it", `
		const id = newID(), got = [];
		const make = (name) => {
			const comm = manager.new_comm("py.target", { name }, undefined, undefined, id);
			comm.on_msg((m) => { got.push(name + " " + m.content.data); });
			return comm;
		};
		const a = make("a");
		await until(() => value("'" + id + "' in comms"));
		await python("first = comms['" + id + "']"); // ipykernel closes a comm that is collected
		const b = make("b");
		b.send("x");
		a.send("y");
		const heard = await until(() => value("seen['" + id + "']").then((s) => s.length === 4 && s));
		await python("comms['" + id + "'].send('back')");
		await until(() => got.length);
		return [heard.map((s) => s.slice(0, 2)), got, a !== b, await manager.comms[id] === b];`,
		`[[["open", {"name": "a"}], ["open", {"name": "b"}], ["msg", "x"], ["msg", "y"]], ["b back"], true, true]`, "", ""},
	{"14", "data with a BigInt are refused with a clear error", `
		const comm = manager.new_comm("py.target");
		` + refused + `() => comm.send({ n: 1n }, callbacks), comm);`,
		`["comm_msg", "its id", "py.target", "BigInt", "only JSON", 0, 0]`,
		`["BigInt", 0, 1]`, "the error names no comm; the callbacks stay in the kernel object"},
	{"14", "data with a cycle are refused with a clear error", `
		const comm = manager.new_comm("py.target"), data = {};
		data.self = data;
		` + refused + `() => comm.send(data, callbacks), comm);`,
		`["comm_msg", "its id", "py.target", "circular", "only JSON", 0, 0]`,
		`["circular", 0, 1]`, "the error names no comm; the callbacks stay in the kernel object"},
	{"14", "a comm that cannot be opened is refused, and not registered", `
		const comm = { comm_id: newID(), target_name: "py.target" };
		const result = await (async () => { ` + refused + `() => manager.new_comm("py.target", { n: 1n }, callbacks, {}, comm.comm_id), comm); })();
		return [...result, comm.comm_id in manager.comms];`,
		`["comm_open", "its id", "py.target", "BigInt", "only JSON", 0, 0, false]`,
		`["BigInt", 0, 1, true]`, "it stays registered"},
	{"14", "comms of services/kernels/comm refuse the same: not JSON, too large", `
		const live = new stock.Comm("py.target", newID());
		manager.register_comm(live);
		live.open();
		const callbacks = { iopub: { status() {} } };
		return [() => live.send({ n: 1n }, callbacks), () => live.send("x".repeat(9 << 20), callbacks)].map((f) => {
			let text;
			const before = new Set(Object.keys(kernel._msg_callbacks)), sent = frames(() => { text = thrown(f); }, true).length;
			const left = Object.keys(kernel._msg_callbacks).filter((id) => !before.has(id));
			for (const id of left) delete kernel._msg_callbacks[id];
			return [/^gocomm: comm_msg: .*(only JSON|send it in parts)/.test(text), sent, left.length];
		});`,
		`[[true, 0, 0], [true, 0, 0]]`,
		`[[false, 0, 1], [false, 1, 1]]`, "they are transmitted, or leave callbacks behind"},
	{"17", "comms of services/kernels/comm send views as what they show, and leave no empty shell", `
		const comm = new stock.Comm("py.target", newID());
		manager.register_comm(comm);
		comm.open();
		let sent;
		const [f] = frames(() => { sent = comm.send("s", { shell: {}, iopub: {} }, { m: 1 }, [new Uint8Array(1000).subarray(10, 14)]); }, true);
		const kept = kernel._msg_callbacks[sent];
		delete kernel._msg_callbacks[sent];
		return [f.sizes, kept.shell_done, f.header.msg_id === sent, f.content.data, f.metadata];`,
		`[[4], true, true, "s", {"m": 1}]`, `[[1000], false, true, "s", {"m": 1}]`, "the whole buffer is sent, and the callbacks are kept"},
	{"15", "close does not call the page's own on_close", `
		const seen = [];
		const comm = manager.new_comm("py.target");
		comm.on_close(() => { seen.push("on_close"); });
		comm.close({ bye: 1 });
		return [seen, await until(() => value("seen['" + comm.comm_id + "'][-1]").then((s) => s[0] === "close" && s))];`,
		`[[], ["close", {"bye": 1}, []]]`, "", ""},
	{"16", "an empty shell among the callbacks, as ipywidgets passes it, is dropped", `
		const states = [], comm = manager.new_comm("py.target");
		const sent = comm.send({}, { shell: {}, iopub: { status: (m) => { states.push(m.content.execution_state); } } });
		await until(() => states.includes("idle"));
		await value("1"); // whatever was to come for it has come
		return [states, sent in kernel._msg_callbacks];`,
		`[["busy", "idle"], false]`, `[["busy", "idle"], true]`, "each such send leaks an entry"},
	{"16", "the other callbacks have classic's form: a reply and its payload, input, clear_on_done", `
		const comm = manager.new_comm("py.target"), callbacks = { shell: { reply() {}, payload: {} }, iopub: {}, input() {}, clear_on_done: false };
		let sent;
		frames(() => { sent = comm.send({}, callbacks); }, true);
		const kept = kernel._msg_callbacks[sent];
		delete kernel._msg_callbacks[sent];
		return ["shell", "iopub", "input", "clear_on_done"].map((name) => kept[name] === callbacks[name]);`,
		`[true, true, true, true]`, "", ""},
	{"17", "a view is sent as what it shows, exactly", `
		const large = Uint8Array.from({ length: 1000 }, (_, i) => i).buffer;
		const comm = manager.new_comm("py.target");
		const views = [new Uint8Array(large, 10, 4), new DataView(large, 300, 0), new Uint16Array(large, 2, 3), large.slice(0, 5), new Uint8Array(large).subarray(998)];
		const [f] = frames(() => comm.send({}, undefined, undefined, views), true);
		return [f.sizes, f.bytes.slice(0, 1)];`,
		`[[4, 0, 6, 5, 2], [[10, 11, 12, 13]]]`, `[[1000, 1000, 1000, 5, 1000], [[0, 1, 2, 3, 4, 5, 6, 7]]]`, "the whole buffer under each view is sent"},
	{"17", "the kernel gets buffers byte for byte", `
		const comm = manager.new_comm("py.target");
		comm.send("bytes", undefined, undefined, [Uint8Array.of(1, 2, 3).buffer, new ArrayBuffer(0), new Uint8Array(70000).buffer]);
		return until(() => value("seen['" + comm.comm_id + "'][-1]").then((s) => s[0] === "msg" && s));`,
		`["msg", "bytes", [3, 0, 70000]]`, "", ""},
	{"18", "a message of more than 8 MiB is refused: the server would drop the connection", `
		const comm = manager.new_comm("py.target");
		` + refused + `() => comm.send("x".repeat(9 << 20), callbacks), comm);`,
		`["comm_msg", "its id", "py.target", "more than the 8388608", "send it in parts", 0, 0]`,
		`["nothing thrown", 1, 1]`, "it is transmitted"},
	{"18", "binary buffers count, and bytes, not characters", `
		const comm = manager.new_comm("py.target");
		return [() => comm.send({}, {}, {}, [new ArrayBuffer(5 << 20), new ArrayBuffer(4 << 20)]), () => comm.send("\u20ac".repeat(3 << 20))].map((f) => {
			let why;
			return [frames(() => { why = thrown(f); }, true).length, why.includes("more than the 8388608")];
		});`,
		`[[0, true], [0, true]]`, `[[1, false], [1, false]]`, "they are transmitted"},
	{"18", "a message of 7 MiB is sent", `
		const comm = manager.new_comm("py.target");
		comm.send("large", undefined, undefined, [new ArrayBuffer(7 << 20)]);
		return until(() => value("seen['" + comm.comm_id + "'][-1]").then((s) => s[0] === "msg" && s));`,
		`["msg", "large", [7340032]]`, "", ""},
}

// refused begins a call that lists what of a clear error is in the text thrown, how
// many frames were sent, and how many callbacks are left in the kernel object.
const refused = `
		const callbacks = { iopub: { status() {} } };
		return ((f, comm) => {
			let text = "";
			const last = kernel.last_msg_id, before = new Set(Object.keys(kernel._msg_callbacks));
			const sent = frames(() => { text = thrown(f); }, true);
			const words = { comm_open: "comm_open", comm_msg: "comm_msg", "its id": comm.comm_id, "py.target": "py.target", "its target": comm.target_name === "py.target" ? "\0" : comm.target_name,
				BigInt: "BigInt", circular: "circular", "more than the 8388608": "more than the 8388608", "only JSON": "only JSON", "send it in parts": "send it in parts" };
			const found = Object.keys(words).filter((word) => text.includes(words[word]));
			const left = Object.keys(kernel._msg_callbacks).filter((id) => !before.has(id));
			for (const id of left) delete kernel._msg_callbacks[id];
			if (text && kernel.last_msg_id !== last) found.length || found.push("last_msg_id has changed");
			return [...(text ? found : ["nothing thrown"]), sent.length, left.length];
		})(`
