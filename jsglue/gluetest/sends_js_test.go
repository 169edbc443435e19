package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/nametest"
)

// classicSends gives the page's kernel object the methods by which classic Notebook's sends, in the same form.
const classicSends = `
	const frames = []; // what travels
	const hex = () => Array.from({ length: 32 }, () => "0123456789abcdef"[Math.floor(16 * Math.random())]).join("");
	const serialize = (msg) => {
		if (!msg.buffers.length) return JSON.stringify(msg);
		const { buffers, ...rest } = msg;
		const parts = [new TextEncoder().encode(JSON.stringify(rest)), ...buffers.map((b) => new Uint8Array(b.buffer instanceof ArrayBuffer ? b.buffer : b))];
		const frame = new Uint8Array(parts.reduce((n, p) => n + p.length, 4 * (parts.length + 1))), view = new DataView(frame.buffer);
		view.setUint32(0, parts.length);
		let at = 4 * (parts.length + 1);
		parts.forEach((part, i) => { view.setUint32(4 * (i + 1), at); frame.set(part, at); at += part.length; });
		return frame.buffer;
	};
	Object.assign(Object.getPrototypeOf(kernel), {
		username: "username", _msg_callbacks: {},
		_get_msg(msg_type, content, metadata, buffers) {
			return {
				header: { date: new Date().toISOString(), msg_id: hex(), username: this.username, session: this.session_id, msg_type, version: "5.2" },
				metadata: metadata || {}, content, buffers: buffers || [], parent_header: {},
			};
		},
		_send(data) { frames.push(data); },
		set_callbacks_for_msg(id, callbacks) {
			this.last_msg_id = id;
			if (callbacks) this._msg_callbacks[id] = { ...callbacks, shell_done: !callbacks.shell, iopub_done: !callbacks.iopub };
		},
		send_shell_message(msg_type, content, callbacks, metadata, buffers) {
			const msg = this._get_msg(msg_type, content, metadata, buffers);
			msg.channel = "shell";
			this.set_callbacks_for_msg(msg.header.msg_id, callbacks);
			this._send(serialize(msg));
			return msg.header.msg_id;
		},
		_finish(id, which) {
			const kept = this._msg_callbacks[id];
			if (!kept) return;
			kept[which] = true;
			if (kept.shell_done && kept.iopub_done) delete this._msg_callbacks[id];
		},
		_finish_iopub(id) { this._finish(id, "iopub_done"); },
		states(id, execution_state) {
			this._msg_callbacks[id]?.iopub?.status?.(message("status", { execution_state }));
			if (execution_state === "idle") this._finish_iopub(id);
		},
		replies(id) {
			const kept = this._msg_callbacks[id];
			if (!kept?.shell) return;
			this._finish(id, "shell_done");
			kept.shell.reply?.(message("comm_reply", { status: "ok" }));
		},
	});
	const jsonOf = (frame) => {
		if (typeof frame === "string") return JSON.parse(frame);
		const view = new DataView(frame), end = view.getUint32(0) > 1 ? view.getUint32(8) : frame.byteLength;
		return JSON.parse(new TextDecoder().decode(new Uint8Array(frame, view.getUint32(4), end - view.getUint32(4))));
	};
	const sentOn = (id) => frames.map(jsonOf).filter((m) => m.content.comm_id === id);
`

// TestNames holds the names that JavaScript refuses to those that Go refuses.
func TestNames(t *testing.T) {
	p := newPage(t, 1)
	var wrong []string
	p.get(&wrong, `
		const { nameFault } = await import(web + "/comms/names.js");
		return `+nametest.JSON+`.map(({ name, fault }) => [name, nameFault("it", name), fault && "bad name: it " + fault])
			.filter(([, got, want]) => got !== want).map(String);`)
	require.Empty(t, wrong)
}

// TestGoSendsAsTheKernelObject: what Go sends is byte for byte what the kernel object makes of the same value.
func TestGoSendsAsTheKernelObject(t *testing.T) {
	p := newPage(t, 1)
	var got struct{ Wrong, Odd []string }
	p.get(&got, classicSends+`
		await attach("probe");
		deliver(commOpen("c1", "probe.echo"));
		const values = ["", "text", null, 0, -1.5e-7, 1e21, true, {}, [], [[]], { "": 1, a: { b: [null, "c"] } }, "\u007fdata\u007f", { data: "\u007fdata\u007f" }, '"\u007fdata\u007f"',
			"é\u{1F600}\u2028\u0000\u001f\"\\", "lone \ud800", { toJSON: 1, __proto_: 2, constructor: 3 }, JSON.parse('{"__proto__": {"a": 1}}'), { "10": 1, "2": 2, b: 3 }, "x".repeat(100000)];
		const buffers = [[], [new ArrayBuffer(0)], [Uint8Array.of(1, 2, 3).buffer, new ArrayBuffer(1000)]];
		const metadata = [{}, { m: "\u007fdata\u007f", version: "2.1.0" }];
		const bytes = (frame) => typeof frame === "string" ? frame : String.fromCharCode(...new Uint8Array(frame).subarray(0, 4000)) + frame.byteLength;
		const form = (frame) => typeof frame + bytes(frame).replace(/"date":"[^"]+"/, "").replace(/"msg_id":"[0-9a-f]{32}"/, "");
		const wrong = [];
		for (const value of values) for (const b of buffers) for (const m of metadata) {
			frames.length = 0;
			deliver(commMsg("c1", value, { metadata: m, buffers: b.map((b) => new DataView(b)) }));
			await until(() => frames.length === 1);
			kernel.send_shell_message("comm_msg", { comm_id: "c1", data: value }, undefined, m, b);
			if (form(frames[0]) !== form(frames[1])) wrong.push(form(frames[0]).slice(0, 500), form(frames[1]).slice(0, 500));
		}
		// What JavaScript's numbers cannot tell travels as Go has written it.
		deliver(commOpen("raw", "probe.raw"));
		frames.length = 0;
		const odd = ["9007199254740993", "1e20", "1.0", " [1 , 2] ", '{"a":1,"a":2}', "-0"];
		for (const text of odd) deliver(commMsg("raw", text));
		await until(() => frames.length === odd.length);
		return { wrong, odd: frames.map((f) => f.slice(f.indexOf('"data":') + 7, f.indexOf(',"buffers"') - 1)) };`)
	require.Empty(t, got.Wrong)
	require.Equal(t, []string{"9007199254740993", "1e20", "1.0", " [1 , 2] ", `{"a":1,"a":2}`, "-0"}, got.Odd)
}

// TestScriptsSeeWhatGoSends: who has changed the kernel object's methods, before gocomm came or since, gets messages
// with their data.
func TestScriptsSeeWhatGoSends(t *testing.T) {
	for name, js := range map[string]string{
		"before":         `const prototype = Object.getPrototypeOf(kernel), { send_shell_message } = prototype; prototype.send_shell_message = function (type, content, ...rest) { seen.push(content.data.a[0], { ...content }.data.a[0]); return send_shell_message.call(this, type, content, ...rest); }; await start();`,
		"since":          `await start(); const { send_shell_message } = kernel; kernel.send_shell_message = function (type, content, ...rest) { seen.push(JSON.parse(JSON.stringify(content)).data.a[0], content.data.a[0]); return send_shell_message.call(this, type, content, ...rest); };`,
		"_send":          `await start(); const { _send } = kernel; kernel._send = function (data) { seen.push(JSON.parse(data).content.data.a[0], 7); return _send.call(this, data); };`,
		"_send before":   `const prototype = Object.getPrototypeOf(kernel), { _send } = prototype; prototype._send = function (data) { seen.push(JSON.parse(data).content.data.a[0], 7); return _send.call(this, data); }; await start();`,
		"_get_msg":       `await start(); const { _get_msg } = kernel; kernel._get_msg = function (type, content, ...rest) { seen.push(JSON.parse(JSON.stringify(content)).data.a[0], content.data.a[0]); return _get_msg.call(this, type, content, ...rest); };`,
		"others of ours": `await start(); Object.getPrototypeOf(kernel).send_shell_message = ((send) => function (type, content, ...rest) { seen.push(JSON.parse(JSON.stringify(content)).data.a[0], content.data.a[0]); return send.call(this, type, content, ...rest); })(kernel.send_shell_message);`,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, 1)
			var got []any
			p.get(&got, classicSends+`
				const seen = [];
				const start = async () => {
					await attach("probe");
					deliver(commOpen("c1", "probe.raw"));
					deliver(commMsg("c1", '{"a":[7]}'));
					await until(() => frames.length === 1);
					seen.length = 0;
				};
				`+js+`
				deliver(commMsg("c1", '{"a":[7]}'));
				await until(() => frames.length === 2);
				return [...seen, jsonOf(frames[1]).content.data.a[0]];`)
			require.Equal(t, []any{7.0, 7.0, 7.0}, got)
		})
	}
}

// TestMaxSend: the limit is one of what travels, for Go and JavaScript alike.
func TestMaxSend(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Sizes  []int
		Errors []string
		Thrown []string
		Kept   int
	}
	p.get(&got, classicSends+`
		const thrown = [];
		for (const maxSend of [0, -1, "10", NaN]) thrown.push(await attach("commmgr", {}, { maxSend }).then(() => "nothing", (e) => e.message));
		const manager = await attach("probe");
		deliver(commOpen("c1", "probe.raw"));
		const numbers = (mib) => "[" + "1e20,".repeat(mib * (1 << 20) / 5) + "0]";
		const text = numbers(7.9); // JavaScript would write each as 100000000000000000000
		deliver(commMsg("c1", text));
		await until(() => frames.length + errors().length === 1);
		const sizes = frames.map((f) => f.length - text.length);
		const refused = async (text) => {
			const n = frames.length, m = errors().length;
			deliver(commMsg("c1", text));
			await until(() => frames.length > n || errors().length > m);
			sizes.push(frames.length - n);
		};
		await refused(numbers(8));
		await refused(JSON.stringify("x".repeat((8 << 20) - 100)));
		await refused(JSON.stringify("\u20ac".repeat(3 << 20)));
		await refused("nope");
		detach();
		const small = await attach("probe", {}, { maxSend: 1000 });
		deliver(commOpen("c1", "probe.raw"));
		await refused(JSON.stringify("x".repeat(1000)));
		const comm = small.new_comm("kernel-side");
		try { comm.send("x".repeat(1000)); } catch (e) { thrown.push(e.message); }
		// Where a script has changed the kernel object, the value travels, and that is judged.
		detach();
		const { send_shell_message } = kernel;
		kernel.send_shell_message = function (...args) { return send_shell_message.apply(this, args); };
		await attach("probe");
		deliver(commOpen("c1", "probe.raw"));
		await refused(numbers(1));
		await refused(numbers(7));
		return { sizes, errors: errors(), thrown, kept: Object.keys(kernel._msg_callbacks).length };`)
	require.Len(t, got.Sizes, 8)
	require.Less(t, got.Sizes[0], 1000, "bytes besides the data")
	require.Positive(t, got.Sizes[0])
	require.Equal(t, []int{0, 0, 0, 0, 0, 1, 0}, got.Sizes[1:])
	require.Len(t, got.Errors, 6)
	for _, i := range []int{0, 1, 2, 4, 5} {
		require.Regexp(t, `send: comm "c1" \(target "probe.raw"\): the message is too large: \d+ bytes, more than the (8388608|1000) that the server takes; send it in parts`, got.Errors[i])
	}
	require.Contains(t, got.Errors[3], `only JSON can be sent: the data are not JSON`)
	require.Len(t, got.Thrown, 5)
	for _, e := range got.Thrown[:4] {
		require.Contains(t, e, "gocomm: attach: maxSend is a number of bytes, not ")
	}
	require.Regexp(t, `gocomm: comm_msg: comm [0-9a-f]+ \(target kernel-side\): the message has \d+ bytes, more than the 1000 that the server takes; send it in parts`, got.Thrown[4])
	require.Zero(t, got.Kept)
}

// TestCallbacksAreFreedAtIdle: kernels do not reply to comm messages; who asks for a reply is not kept waiting.
func TestCallbacksAreFreedAtIdle(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Said        []any
		Kept, Ended int
		JS          []string
	}
	p.get(&got, classicSends+`
		const manager = await attach("probe"), js = [];
		let ended = 0;
		const p = program("probe"), event = p.exports.gocomm_event;
		p.exports.gocomm_event = (seq, number, kind, ...rest) => { if (kind === -1) ended++; return event(seq, number, kind, ...rest); };
		deliver(commOpen("c1", "probe.answered"));
		for (const reply of [false, true]) {
			deliver(commMsg("c1"));
			await until(() => sentOn("c1").some((m) => m.content.data === "ask" && m.header.msg_id in kernel._msg_callbacks));
			const [id] = Object.keys(kernel._msg_callbacks);
			kernel.states(id, "busy");
			if (reply) kernel.replies(id); // a kernel that does reply
			kernel.states(id, "idle");
			kernel.replies(id);
		}
		await until(() => sentOn("c1").length === 7);
		const comm = manager.new_comm("kernel-side");
		const callbacks = { shell: { reply() { js.push("reply"); } }, iopub: { status(m) { js.push(m.content.execution_state); } } };
		const id = comm.send(1, callbacks);
		const kept = kernel._msg_callbacks[id];
		if (kept.shell !== callbacks.shell || kept.iopub !== callbacks.iopub) throw new Error("they are others");
		kernel.states(id, "busy");
		kernel.states(id, "idle");
		return { said: sentOn("c1").map((m) => m.content.data), kept: Object.keys(kernel._msg_callbacks).length, ended, js };`)
	require.Equal(t, []any{"ask", `status {"execution_state":"busy"}`, `status {"execution_state":"idle"}`,
		"ask", `status {"execution_state":"busy"}`, `reply {"status":"ok"}`, `status {"execution_state":"idle"}`}, got.Said)
	require.Equal(t, 2, got.Ended)
	require.Equal(t, []string{"busy", "idle"}, got.JS)
	require.Zero(t, got.Kept)
}

// TestLostIdle: busy and idle that a lost connection took along are not waited for, by Go or by JavaScript.
func TestLostIdle(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Said []any
		JS   []string
		Kept int
	}
	p.get(&got, classicSends+lifecycle+`
		const js = [];
		deliver(commOpen("c1", "probe.answered"));
		deliver(commMsg("c1"));
		await until(() => sentOn("c1").length === 1);
		const comm = manager.new_comm("kernel-side");
		comm.send(1, { iopub: { status(m) { js.push(m.content.execution_state); } } });
		event("kernel_disconnected.Kernel");
		event("kernel_connected.Kernel");
		await until(() => frames.map(jsonOf).some((m) => m.header.msg_type === "kernel_info_request"));
		for (const m of frames.map(jsonOf)) {
			if (m.header.msg_type !== "kernel_info_request") continue;
			kernel.states(m.header.msg_id, "busy");
			kernel.states(m.header.msg_id, "idle");
		}
		await until(() => sentOn("c1").length === 2);
		deliver(commMsg("c1"));
		await until(() => sentOn("c1").length === 3);
		return { said: sentOn("c1").map((m) => m.content.data), js, kept: Object.keys(kernel._msg_callbacks).length };`)
	require.Equal(t, []any{"ask", `status {"execution_state":"idle"}`, "ask"}, got.Said)
	require.Equal(t, []string{"idle"}, got.JS)
	require.Equal(t, 1, got.Kept, "that of the message since")
}

// TestATargetOfJavaScript: Go does not take it, unless it is told to.
func TestATargetOfJavaScript(t *testing.T) {
	for _, c := range []struct{ name, js, want string }{
		{"replace", `stock.register_target("t", f); await attach("probe");`, "JavaScript"},
		{"beside, the page's manager", `stock.register_target("t", f); await attach("probe", {}, { mode: "beside" });`, "JavaScript"},
		{"beside, its own manager", `(await attach("probe", {}, { mode: "beside" })).register_target("t", f);`, "JavaScript"},
		{"beside, another's manager", `(await attach("commmgr", {}, { mode: "beside" })).register_target("t", f); await attach("probe", {}, { mode: "beside" });`, "program"},
		{"it may", `stock.register_target("t", f); await attach("probe", {}, { mode: "beside", overrideTargets: true });`, "Go"},
		{"nobody's", `await attach("probe");`, "Go"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPage(t, 1)
			var got struct {
				Opened int
				Errors []string
			}
			p.get(&got, `
				let opened = 0;
				const f = () => { opened++; };
				`+c.js+`
				deliver(commOpen("late", "probe.late"));
				deliver(commMsg("late", { Target: "t", Ms: 0 }));
				await until(() => errors().length > 0 || hub().claims.get("t")?.program.name === "probe.wasm");
				await deliver(commOpen("c1", "t"));
				await deliver(commMsg("c1", "hello"));
				await until(() => opened + sent("c1").length === 1);
				return { opened, errors: errors() };`)
			switch c.want {
			case "Go":
				require.Empty(t, got.Errors)
				require.Zero(t, got.Opened)
			case "JavaScript":
				require.Len(t, got.Errors, 1)
				require.Contains(t, got.Errors[0], `register_target (target "t"): the target is taken by the page's JavaScript`)
				require.Equal(t, 1, got.Opened)
			default:
				require.Len(t, got.Errors, 1)
				require.Contains(t, got.Errors[0], `register_target (target "t"): the target is taken by another program`)
				require.Equal(t, 1, got.Opened)
			}
		})
	}
}
