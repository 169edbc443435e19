package e2e

// contractReceiving are the items about messages from the kernel.
var contractReceiving = []check{
	{"19", "comm_open, comm_msg and comm_close are public, and give promises", `
		const got = [], id = newID(), target = newID();
		manager.register_target(target, (comm) => { got.push("opened"); comm.on_msg(() => { got.push("msg"); }); comm.on_close(() => { got.push("closed"); }); });
		const answers = [];
		for (const m of [["comm_open", open(id, target)], ["comm_msg", msg(id, 1)], ["comm_close", close(id)]]) {
			const answer = manager[m[0]](m[1]);
			const comm = await answer;
			answers.push([typeof answer.then, comm && comm.comm_id === id]);
		}
		return [got, answers.slice(0, 2), answers[2][0]];`,
		`[["opened", "msg", "closed"], [["function", true], ["function", true]], "function"]`, "", ""},
	{"19", "a message with an unknown id is named on the console, and gives undefined", `
		const answers = [], id = newID();
		const written = await lines(() => { answers.push(manager.comm_msg(msg(id, 1)), manager.comm_close(close(id))); });
		return [answers.map(String), written.filter((line) => line.includes(id)).length > 0];`,
		`[["undefined", "undefined"], true]`, "", ""},
	{"20", "handlers get the whole message", `
		let got;
		manager.register_target("whole", (comm) => comm.on_msg((m) => { got = m; }));
		const parent = await python("whole = Comm(target_name='whole'); whole.send({'a': 1}, metadata={'version': '2.1'}); print(get_ipython().kernel.get_parent()['header']['msg_id'])");
		await until(() => got);
		return [got.parent_header.msg_id === parent, got.metadata.version, got.content.data, got.header.msg_type];`,
		`[true, "2.1", {"a": 1}, "comm_msg"]`, "", ""},
	{"20", "buffers is always an array, of views with an exact buffer each", `
		const got = [];
		manager.register_target("binary", (comm, open) => { got.push(open); comm.on_msg((m) => { got.push(m); }); });
		await python("binary = Comm(target_name='binary')\nbinary.send({})\nbinary.send({}, buffers=[b'abc', b'', bytes(1000)])");
		await until(() => got.length === 3);
		return got.map((m) => [Array.isArray(m.buffers), m.buffers.map((b) => [b instanceof DataView, b.byteLength, b.buffer.byteLength === b.byteLength])]);`,
		`[[true, []], [true, []], [true, [[true, 3, true], [true, 0, true], [true, 1000, true]]]]`, "", ""},
	{"21", "opens that other pages have caused reach registered targets, and so do their messages", `
		const got = [], id = newID(), target = newID();
		manager.register_target(target, (comm) => { got.push("opened"); comm.on_msg((m) => { got.push(m.content.data); }); comm.on_close(() => { got.push("closed"); }); });
		for (const m of [open(id, target, {}, false), msg(id, 1, false), close(id, false)]) await feed(m);
		return got;`,
		`["opened", 1, "closed"]`, "", ""},
	{"21", "a comm of another page is not closed, whatever becomes of it here", `
		const id = newID(), target = newID(), sent = [];
		manager.register_target(target, () => { throw new Error("the check's own"); });
		const send = kernel.send_shell_message;
		kernel.send_shell_message = function (type, content) { sent.push(type + " " + content.comm_id); return send.apply(this, arguments); };
		await feed(open(id, target, {}, false));
		delete kernel.send_shell_message;
		return [sent.filter((s) => s.includes(id)).length];`,
		`[0]`, `[1]`, "a target that throws closes the other page's comm"},
	{"21", "comms that another client of the kernel causes are served here, under its session, and left to it", `
		const other = await another(), got = [];
		manager.register_target("shared", (comm, open) => {
			got.push("opened", open.parent_header.session === other.session);
			comm.on_msg((m) => { got.push(m.content.data, m.parent_header.session === other.session); });
			comm.on_close(() => { got.push("closed"); });
		});
		manager.register_target("throws here", () => { throw new Error("the check's own"); });
		await other.run("shared, refused = [listen(Comm(target_name=name)) for name in ('shared', 'throws here')]; shared.send('sent')");
		await until(() => got.length === 4);
		const closed = await value("[[kind for kind, *_ in seen.get(c.comm_id, [])] for c in (shared, refused)]");
		await other.run("shared.close()");
		await until(() => got.length === 5);
		other.close();
		return [got, closed];`,
		`[["opened", true, "sent", true, "closed"], [[], []]]`, `[["opened", true, "sent", true, "closed"], [[], ["close"]]]`,
		"a target that throws closes the other client's comm"},
	{"22", "comm sends and executions keep their order", `
		const comm = manager.new_comm("py.target");
		const sent = frames(() => { comm.send(1); kernel.execute("1"); comm.send(2); kernel.execute("2"); comm.close(); }, true);
		return sent.map((f) => [f.header.msg_type, f.content.data || f.content.code]).map(([type, what]) => type + " " + JSON.stringify(what));`,
		`["comm_msg 1", "execute_request \"1\"", "comm_msg 2", "execute_request \"2\"", "comm_close {}"]`, "", ""},
	{"22", "while the socket is down they wait, in order, in the kernel object's own queue, and arrive", `
		const comm = manager.new_comm("py.target");
		await until(() => value("'" + comm.comm_id + "' in comms"));
		` + disconnect + `
		comm.send("a");
		kernel.execute("seen['" + comm.comm_id + "'].append(['executed', 'b', []])");
		comm.send("c");
		const waits = kernel._pending_messages.slice(-3).map((text) => JSON.parse(text).header.msg_type);
		` + reconnected + `
		return [waits, await until(() => value("seen['" + comm.comm_id + "'][1:]").then((s) => s.length === 3 && s.map((m) => m[1])))];`,
		`[["comm_msg", "execute_request", "comm_msg"], ["a", "b", "c"]]`, "", ""},
	{"14", "a status callback whose idle was lost with the connection is released after it is back", `
		const states = [], comm = manager.new_comm("py.target");
		await until(() => value("'" + comm.comm_id + "' in comms"));
		let sent;
		const through = kernel.ws.onmessage;
		kernel.ws.onmessage = (e) => { // from here on, what comes on the message's account is lost
			const m = typeof e.data === "string" ? JSON.parse(e.data) : {};
			if (sent && m.parent_header && m.parent_header.msg_id === sent && m.content.execution_state === "idle") return kernel.ws.lost();
			through(e);
		};
		const lost = new Promise((resolve) => { kernel.ws.lost = resolve; });
		sent = comm.send({}, { iopub: { status: (m) => { states.push(m.content.execution_state); } } });
		await lost;
		` + disconnect + reconnected + `
		await value("1"); // the kernel has answered what was sent before
		await within(until(() => states.includes("idle"), 3000).catch(() => {}), 4000);
		const kept = sent in kernel._msg_callbacks;
		delete kernel._msg_callbacks[sent];
		return [states, kept];`,
		`[["busy", "idle"], false]`, `[["busy"], true]`, "it waits for ever"},
	{"14", "a status callback whose message is still being handled when the connection is back waits for the kernel", `
		const states = [], comm = manager.new_comm("py.target");
		await until(() => value("'" + comm.comm_id + "' in comms"));
		await python("import time; comms['" + comm.comm_id + "'].on_msg(lambda msg: (time.sleep(3), keep('msg', msg)))");
		const sent = comm.send("slow", { iopub: { status: (m) => { states.push(m.content.execution_state); } } });
		await until(() => states.includes("busy"));
		` + disconnect + reconnected + `
		const before = states.includes("idle");
		await until(() => states.includes("idle"));
		return [before, states, await value("seen['" + comm.comm_id + "'][-1][1]")];`,
		`[false, ["busy", "idle"], "slow"]`, "", ""},
}

// disconnect loses the connection, as a server does that restarts or a laptop that
// sleeps; reconnected waits until the kernel object has another.
const (
	disconnect  = `kernel.ws.close(); await until(() => !kernel.is_connected());`
	reconnected = `await until(() => kernel.is_connected(), 20000);`
)
