package gluetest

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// classic gives the kernel object the part of classic's that takes a message after the other
// from the websocket, and a log of what is handled.
const classic = `
	const log = [];
	kernel._msg_queue = Promise.resolve();
	kernel._finish_ws_message = (msg) => kernel.handlers[msg.header.msg_type]?.(msg);
	kernel.register_iopub_handler("stream", (msg) => { log.push(msg.content.text); });
	kernel.register_iopub_handler("status", (msg) => { log.push(msg.parent_header.msg_id + " " + msg.content.execution_state); });
	const feed = (parent, msg) => {
		msg.parent_header.msg_id = parent;
		return kernel._msg_queue = kernel._msg_queue.then(() => kernel._finish_ws_message(msg));
	};
	const print = (parent, text) => feed(parent, message("stream", { text }));
	const say = (parent, id, data) => feed(parent, commMsg(id, data));
	stock.register_target("js", (comm, msg) => {
		log.push("open " + comm.comm_id);
		comm.on_msg((m) => {
			log.push(comm.comm_id + " " + m.content.data);
			return m.content.data === "slow" ? new Promise((resolve) => setTimeout(() => { log.push("slow is done"); resolve(); }, 100)) : undefined;
		});
		return comm.comm_id === "slow" ? task().then(task) : undefined;
	});
	const before = kernel._finish_ws_message;
`

// cell is what a kernel sends for two cells: one that tells a comm where its output belongs.
const cell = `
	feed("A", commOpen("slow", "js")); feed("A", commOpen("c", "js")); say("A", "c", "begin"); print("A", "out 1"); say("A", "slow", "1"); say("A", "c", "end");
	print("B", "other"); say("B", "c", "later"); print("A", "out 2"); print("B", "out 3");
	feed("A", message("status", { execution_state: "idle" }));
	await kernel._msg_queue;
`

// TestOutputsWaitBehindHeldMessages: an output is not handled before a comm message of the
// same request; a handler's promise is waited for; other requests go on.
func TestOutputsWaitBehindHeldMessages(t *testing.T) {
	want := []string{"open slow", "open c", "c begin", "out 1", "slow 1", "c end", "c later", "out 2", "out 3", "A idle"}
	for _, c := range []struct{ name, js string }{
		{"a program loads", withSlowProgram + cell + `
			if (log.join() !== "other") throw new Error("while it loads: " + log);
			state.come();
			await attached;`},
		{"a program never comes", withSlowProgram + cell + `await until(() => errors("warn").length > 0);`},
		{"it cannot be loaded", `const attached = attach("nothing").catch(() => {});` + cell + `await attached;`},
		{"a program is started again", `const options = {}; await attach("probe", options); options.start = "wait"; const { done } = await dying();` + cell + `await done;`},
		{"detached meanwhile", withSlowProgram + cell + `detach(); attached.catch(() => {}); state.come();`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			newPage(t, 20).get(&got, classic+c.js+`
				await until(() => log.length >= 11, () => log.join());
				detach();
				await until(() => kernel._finish_ws_message === before);
				return log;`)
			require.Equal(t, "other", got[0])
			require.Equal(t, want, got[1:])
		})
	}
}

// TestHeldPromises: the promise of a handler counts for what was held as for any message.
func TestHeldPromises(t *testing.T) {
	var got []string
	newPage(t, 1).get(&got, classic+withSlowProgram+`
		feed("A", commOpen("c", "js")); say("A", "c", "slow"); print("A", "A"); say("B", "c", "2"); print("B", "B");
		await kernel._msg_queue;
		state.come();
		await attached;
		print("A", "A again"); print("C", "C");
		await until(() => log.length === 8, () => log.join());
		return log;`)
	require.Equal(t, []string{"open c", "c slow", "C", "slow is done"}, got[:4])
	require.ElementsMatch(t, []string{"A", "A again", "c 2", "B"}, got[4:])
	require.Less(t, indexOf(got, "A"), indexOf(got, "A again"))
	require.Less(t, indexOf(got, "c 2"), indexOf(got, "B"))
}

func indexOf(all []string, s string) int {
	for i, x := range all {
		if x == s {
			return i
		}
	}
	return -1
}

// TestDetachWithOpensOfTargetsToCome: what is held goes to the stock manager, whole and in
// order, which is left as it was.
func TestDetachWithOpensOfTargetsToCome(t *testing.T) {
	for _, kernel := range []string{`const put = deliver;`, classic + `const put = (msg) => feed("A", msg);`} {
		p := newPage(t, 1)
		var log []string
		p.get(&log, kernel+snapshot+`
			const picture0 = picture();
			`+withSlowProgram+`
			put(commOpen("late", "late")); put(commMsg("late", 1));
			await put(commOpen("c1", "js"));
			detach();
			put(commMsg("late", 2)); put(commMsg("late", 3));
			await until(() => stock.log.length === 5);
			await task();
			if (kernel._msg_queue) kernel._msg_queue = picture0.get("kernel")._msg_queue.value; // the test's own
			same(picture0, picture());
			stock.register_target("late", () => { throw new Error("opened once more"); });
			state.come();
			await attached.catch(() => {});
			return stock.log;`)
		require.Equal(t, []string{"open late", "msg late 1", "open c1", "msg late 2", "msg late 3"}, log)
	}
}

// TestEachProgramHasItsTime: the second program's five seconds are its own.
func TestEachProgramHasItsTime(t *testing.T) {
	var got struct{ Early, Log, Warnings []string }
	newPage(t, 10).get(&got, `
		let passed = 0;
		const clock = performance.now.bind(performance);
		performance.now = () => clock() + passed;
		`+withSlowProgram+`
		stock.register_target("js", () => {});
		deliver(commOpen("c1", "js"));
		for (const end = clock() + 200; clock() < end;) await task(); // of 500 ms, since timers are shortened
		passed = 4800 - 200;
		const never = attach("cookbook", {}, { mode: "beside", response: new Promise(() => {}) });
		await until(() => errors("warn").length === 1);
		await task();
		const early = [...stock.log];
		await until(() => errors("warn").length === 2);
		await task();
		return { early, log: stock.log, warnings: errors("warn") };`)
	require.Empty(t, got.Early)
	require.Equal(t, []string{"open c1"}, got.Log)
	require.Contains(t, got.Warnings[0], "probe.wasm has not answered for 5 s")
	require.Contains(t, got.Warnings[1], "cookbook.wasm has not answered for 5 s")
}

// TestTheQueuesAreBounded: in messages and in bytes, and what overflows is told.
func TestTheQueuesAreBounded(t *testing.T) {
	const large = `const large = (id, n) => ({ ...commMsg(id, n), buffers: [new ArrayBuffer(8 << 20)] });`
	for _, c := range []struct {
		name, js, want string
		n              int
	}{
		{"bytes, for a program", withSlowProgram + large + `now(commOpen("c", "js")); for (let n = 0; n < 10; n++) now(large("c", n));`, "wait for probe.wasm", 11},
		{"messages, for a program", withSlowProgram + `now(commOpen("c", "js")); for (let n = 0; n < 65_540; n++) now(commMsg("c", n));`, "wait for probe.wasm", 65_541},
		{"bytes, for a target", `await attach("probe", {}, { mode: "beside" });` + large + `now(commOpen("c", "nobody")); for (let n = 0; n < 10; n++) now(large("c", n));`,
			"wait for targets that nobody has registered", 11},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPage(t, 1)
			var got struct {
				Log    int
				Order  bool
				Errors []string
			}
			p.get(&got, `
				stock.register_target("js", () => {});
				`+c.js+`
				await until(() => stock.log.length >= `+strconv.Itoa(c.n)+`);
				const order = stock.log.every((line, i) => i === 0 || line === "msg c " + (i - 1));
				return { log: stock.log.length, order, errors: errors().filter((l) => l.includes("more than")) };`)
			require.Equal(t, c.n, got.Log)
			require.True(t, got.Order)
			require.Len(t, got.Errors, 1)
			require.Contains(t, got.Errors[0], "more than 65536 messages or 64 MiB "+c.want)
		})
	}
}

// TestTwoReleases: they share nothing on a kernel, and the second says so.
func TestTwoReleases(t *testing.T) {
	for _, name := range []string{"gocomm.hub", "gocomm.hold", "gocomm.hub.99", "gocomm.hook.99"} {
		var got []any
		newPage(t, 1).get(&got, `
			const theirs = { release() { throw new Error("it is another's"); } };
			kernel[Symbol.for("`+name+`")] = theirs;
			const handlers = { ...kernel.handlers };
			const why = await attach("probe").then(() => "", (e) => e.message);
			return [why, Object.keys(handlers).every((k) => kernel.handlers[k] === handlers[k]), Object.getOwnPropertySymbols(kernel).length];`)
		require.Contains(t, got[0], "gocomm: another release of gocomm has this kernel already")
		require.Equal(t, []any{true, 1.0}, got[1:])
	}
}

// amd loads nbextension/main.js, as classic Notebook's loader does.
const amd = `
	const folder = web + "/../nbextension/gocomm/", listeners = new Set();
	const load = async (name) => {
		let made;
		globalThis.define = (...args) => { made = args.at(-1); };
		await import(folder + name + ".js");
		return made;
	};
	const hook = (await load("hook"))();
	const events = { on: (names, f) => listeners.add(f), off: (names, f) => listeners.delete(f) };
	const main = (await load("main"))({ uri: folder + "main.js" }, { notebook: null }, events, {}, hook);
	const created = (kernel) => { for (const f of listeners) f({}, { kernel }); };
	const bare = (k) => Object.getOwnPropertySymbols(k).length === 0;
`

// TestAnotherKernelObject: a kernel object that is replaced by another leaves nothing behind.
func TestAnotherKernelObject(t *testing.T) {
	p := newPage(t, 1)
	p.run(amd + `
		const others = [1, 2, 3].map(() => new kernel.constructor()), stocks = others.map((k) => k.comm_manager);
		main.attach({ uri: folder + "main.js" }, "commmgr.wasm", "replace");
		main.attach({ uri: folder + "main.js" }, "cookbook.wasm", "beside");
		created(kernel);
		deliver(commOpen("c1", "late"));
		await until(() => hub()?.programs.size === 2 && hub().coming.size === 0);
		const programs = [...hub().programs];
		created(others[0]);
		created(others[1]); // while they load
		created(others[2]);
		await until(() => others[2].comm_manager !== stocks[2]);
		if (!programs.every((p) => p.dead)) throw new Error("programs are left");
		for (const k of [kernel, others[0], others[1]]) if (!bare(k)) throw new Error("a hook is left");
		if (kernel.comm_manager !== stock || others.slice(0, 2).some((k, n) => k.comm_manager !== stocks[n])) throw new Error("a manager is left");
		if (stock.log.join() !== "open c1") throw new Error("what was held is lost: " + stock.log);
		main.detach();
		if (!bare(others[2]) || others[2].comm_manager !== stocks[2] || listeners.size) throw new Error("not detached");
		if (errors().length !== 1 || !errors()[0].includes("comm_open that was held")) throw new Error(errors().join("\n"));`)
}

// TestBeforeTheModule: what comes before gocomm.js is there waits in the same queue.
func TestBeforeTheModule(t *testing.T) {
	var got struct{ Log, Errors []string }
	newPage(t, 1).get(&got, classic+amd+`
		main.attach({ uri: folder + "main.js" }, "commmgr.wasm", "replace");
		created(kernel);
		if (hub()) throw new Error("it is there already");
		feed("A", commOpen("c", "js")); say("A", "c", "1"); print("A", "out");
		await until(() => log.length === 3);
		if (kernel.comm_manager === stock) throw new Error("they did not wait");
		main.detach();
		if (!bare(kernel) || kernel._finish_ws_message !== before) throw new Error("not detached");
		kernel[Symbol.for("gocomm.hub.99")] = {};
		main.attach({ uri: folder + "main.js" }, "commmgr.wasm", "replace");
		created(kernel);
		return { log, errors: errors() };`)
	require.Equal(t, []string{"open c", "c 1", "out"}, got.Log)
	require.Len(t, got.Errors, 1)
	require.Contains(t, got.Errors[0], "another release of gocomm has this kernel already")
}

// TestOutgoingIsBounded: too much that waits for the kernel to identify itself is refused.
func TestOutgoingIsBounded(t *testing.T) {
	var got struct {
		Sent   int
		Thrown string
	}
	newPage(t, 1).get(&got, lifecycle+`
		const wire = [];
		let n = 0;
		kernel._send = (data) => { wire.push(data); };
		kernel.send_shell_message = (msg_type, content) => {
			kernel._send(JSON.stringify({ channel: "shell", header: { msg_id: String(++n), msg_type }, content }));
			return String(n);
		};
		await status("A");
		const comm = manager.new_comm("t");
		event("kernel_disconnected.Kernel");
		kernel._pending_messages = [JSON.stringify({ header: { msg_type: "comm_msg" }, content: { comm_id: comm.comm_id } })];
		event("kernel_connected.Kernel");
		let ok = 0, thrown = "";
		try { for (; ok < 20; ok++) comm.send("x".repeat(7 << 20)); } catch (e) { thrown = e.message; }
		kernel.send_shell_message("execute_request", { code: "1" }); // is the user's, and waits
		if (wire.length !== 2) throw new Error("sent: " + wire.length);
		return { sent: ok, thrown };`)
	require.Equal(t, 9, got.Sent)
	require.Contains(t, got.Thrown, "gocomm: nothing was sent: the connection was lost, and more than 65536 messages or 64 MiB wait for the kernel to identify itself")
}
