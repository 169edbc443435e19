package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// lifecycle gives a page's kernel object events and a handler of status messages, as
// classic Notebook's has them, and a program.
const lifecycle = `
	const handlers = [];
	kernel.events = {
		on: (names, f) => handlers.push(...names.split(" ").map((name) => ({ name, f }))),
		off: (names, f) => names.split(" ").forEach((name) => handlers.splice(handlers.findIndex((h) => h.name === name && h.f === f), 1)),
		trigger: (name, data) => handlers.filter((h) => h.name === name).forEach((h) => h.f({ type: name.split(".")[0] }, data)),
	};
	const event = (name, data) => kernel.events.trigger(name, { kernel, ...data });
	let stated = 0;
	kernel.register_iopub_handler("status", () => { stated++; });
	kernel.register_iopub_handler("shutdown_reply", () => { stated++; });
	kernel.id = "id 1";
	kernel._pending_messages = [];
	const manager = await attach("probe");
	const from = (session, msg) => ({ ...msg, header: { ...msg.header, session } });
	const status = (session, state = "busy") => deliver(from(session, message("status", { execution_state: state })));
	// The answer to the kernel_info_request sent last.
	const identify = (session) => deliver({ ...from(session, message("status", {})), parent_header: { msg_id: kernel.sent.findLast((m) => m.type === "kernel_info_request").msg_id } });
	const { epoch } = hub();
`

// TestEpochs: each kernel is one epoch, whatever tells of it, and in which order.
func TestEpochs(t *testing.T) {
	for _, c := range []struct {
		name, js string
		epochs   int
	}{
		{"a restart here", `await status("A"); event("kernel_restarting.Kernel"); event("kernel_killed.Session"); event("kernel_dead.Kernel");
			event("kernel_connected.Kernel"); await status("B", "starting"); event("kernel_ready.Kernel"); await status("B");`, 1},
		{"a restart elsewhere, known by the session alone", `await status("A"); await status("A"); await status("B", "starting");
			await identify("B"); await status("B");`, 1},
		{"a restart elsewhere, the one before still heard of", `await status("A"); await status("B", "starting"); await identify("B"); await status("A", "idle"); await status("B");
			await status("A", "idle"); await status("B");`, 1},
		{"a restart elsewhere, and another", `await status("A"); await status("B"); await identify("B"); await status("C"); await identify("C"); await status("C");`, 2},
		{"a restart elsewhere, announced", `await status("A"); await deliver(from("A", message("shutdown_reply", { restart: true })));
			if (epoch.count !== 1) throw new Error("not heard"); await status("A"); await status("B");`, 1},
		{"another kernel's shutdown", `await status("B"); await deliver(from("A", message("shutdown_reply", { restart: true })));`, 0},
		{"a death", `await status("A"); await status(kernel.session_id, "restarting"); event("kernel_restarting.Kernel"); event("kernel_autorestarting.Kernel");
			await status("B", "starting"); event("kernel_ready.Kernel");`, 1},
		{"two deaths", `await status("A"); event("kernel_restarting.Kernel"); await status("B"); event("kernel_restarting.Kernel"); await status("C");`, 2},
		{"two restarts, the first one's kernel connected only", `event("kernel_restarting.Kernel"); event("kernel_connected.Kernel"); event("kernel_restarting.Kernel");`, 2},
		{"a change while there is no connection", `await status("A"); event("kernel_created.Session", { session: { kernel_model: { id: "id 2" } } }); await status("B");`, 1},
		{"the same kernel again", `await status("A"); event("kernel_created.Session", { session: { kernel_model: { id: "id 1" } } }); event("kernel_connected.Kernel"); await status("A");`, 0},
		{"another kernel object's", `event("kernel_restarting.Kernel", { kernel: {} }); event("kernel_created.Session", { kernel: {}, session: { kernel_model: { id: "id 2" } } });`, 0},
		{"the server's own messages", `await status("A"); await status(kernel.session_id, "busy"); await status("A");`, 0},
		{"a kernel that copies the request's session", `for (const session of ["this page", "another page", "this page"])
			await deliver({ ...from(session, message("status", {})), parent_header: { session } });`, 0},
		{"a kernel with several sessions at once", `for (const session of ["A", "B", "A", "C", "B", "A", "C"]) await status(session);`, 0},
		{"one that says more in another session before it answers", `await status("A"); for (let n = 0; n < 9; n++) await status("B"); await identify("A"); await status("B");`, 0},
		{"messages without one", `await status("A"); await status(undefined); await deliver({ header: { msg_type: "status" }, content: {} });`, 0},
		{"an interrupt", `await status("A"); event("kernel_interrupting.Kernel"); await status("A", "idle");`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var epochs int
			newPage(t, 1).get(&epochs, lifecycle+c.js+` return epoch.count;`)
			require.Equal(t, c.epochs, epochs)
		})
	}
}

// TestLateOpen: what a kernel sent before its end is not the next one's.
func TestLateOpen(t *testing.T) {
	for _, c := range []struct {
		name, js string
		want     []string
	}{
		{"after a restart", `event("kernel_restarting.Kernel"); await opens("A", "late"); event("kernel_connected.Kernel"); await opens("A", "replayed");
			await status("A"); await opens("B", "next"); await status("B"); await opens("B", "more");`, []string{"next", "more"}},
		{"after a kernel was taken for dead that lives", `event("kernel_dead.Kernel"); await opens("A", "late"); event("kernel_connected.Kernel");
			event("kernel_ready.Kernel"); await opens("A", "lives"); await status("A");`, []string{"lives"}},
		{"while programs load", `const arrived = hub().expect("another"); await opens("A", "waits"); event("kernel_restarting.Kernel"); await opens("B", "next"); arrived();`,
			[]string{"next"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			newPage(t, 1).get(&got, lifecycle+`
				const got = [];
				manager.register_target("js", (comm) => { got.push(comm.comm_id); });
				const opens = (session, id) => deliver(from(session, commOpen(id, "js")));
				await status("A");`+c.js+` return got;`)
			require.Equal(t, c.want, got)
		})
	}
}

// TestCloseWithKernel: on_close is called for targets that ask for it, when the
// messages before are handled; whatever it does is its own affair.
func TestCloseWithKernel(t *testing.T) {
	var got struct {
		Closed  []string
		Reason  string
		Failed  []string
		Refused []string
		Again   []any
		Stale   string
	}
	newPage(t, 1).get(&got, lifecycle+`
		const closed = [], thrown = (f) => { try { return f(); } catch (e) { return e.message; } };
		let reason, opened;
		const target = (name, opening) => (comm) => { comm.on_close((msg) => { closed.push(name); reason = msg.content.data.reason; }); return opening; };
		manager.register_target("plain", target("plain"));
		manager.register_target("asks", target("asks"), { closeWithKernel: true });
		manager.register_target("opens slowly", target("opens slowly", new Promise((resolve) => { opened = resolve; })), { closeWithKernel: true });
		manager.register_target("asks no more", target("asks no more"), { closeWithKernel: true });
		manager.register_target("asks no more", target("asks no more"));
		manager.register_target("throws", (comm) => comm.on_close(() => { throw new Error("its own"); }), { closeWithKernel: true });
		manager.register_target("rejects", (comm) => comm.on_close(() => Promise.reject(new Error("its own"))), { closeWithKernel: true });
		for (const name of Object.keys(manager.targets)) now(commOpen(name, name));
		// Foreign objects: one more for a comm, one from before gocomm, one that the page has made.
		const foreign = [new StockComm("plain", "plain"), new StockComm("front", "before"), new StockComm("front", "front")];
		manager.register_comm(foreign[0]);
		stock.comms.before = Promise.resolve(foreign[1]);
		foreign[1].kernel = kernel;
		manager.register_comm(foreign[2]);
		event("kernel_restarting.Kernel");
		await until(() => closed.length === 1);
		opened();
		await until(() => closed.length === 2 && errors().length === 2);
		const before = kernel.sent.length;
		const refused = foreign.map((comm) => thrown(() => comm.send("late")));
		foreign.forEach((comm) => comm.close());
		if (kernel.sent.length !== before) throw new Error("sent");
		// Taken up again, it is as new.
		manager.register_comm(foreign[2]);
		foreign[2].open();
		foreign[2].on_msg((msg) => closed.push(msg.content.data));
		await deliver(commMsg("front", "again"));
		return { closed, reason, failed: errors(), refused, again: [kernel.sent.length - before, Object.keys(foreign[2]).includes("send")], stale: String(stock.comms.before) };`)
	require.Equal(t, []string{"asks", "opens slowly", "again"}, got.Closed)
	require.Contains(t, got.Reason, "its kernel was restarted, changed or shut down")
	require.Len(t, got.Failed, 2)
	require.Contains(t, got.Failed[0]+got.Failed[1], "comm throws (target throws)")
	require.Contains(t, got.Failed[0]+got.Failed[1], "comm rejects (target rejects)")
	for i, id := range []string{"plain", "before", "front"} {
		require.Contains(t, got.Refused[i], "gocomm: comm_msg: comm "+id+" (target ")
		require.Contains(t, got.Refused[i], "its kernel was restarted, changed or shut down; open a new comm")
	}
	require.Equal(t, []any{1.0, false}, got.Again)
	require.Equal(t, "undefined", got.Stale)
}

// TestPendingBeside: where the stock manager has kept its place, its messages are its own.
func TestPendingBeside(t *testing.T) {
	var got []string
	newPage(t, 1).get(&got, `
		const handlers = [];
		kernel.events = { on: (names, f) => names.includes("kernel_restarting") && handlers.push(f), off: () => {} };
		kernel._pending_messages = ["stock's", "ours", "closed"].map((comm_id) => JSON.stringify({ header: { msg_type: "comm_msg" }, content: { comm_id } }));
		stock.register_comm(new StockComm("t", "stock's"));
		const manager = await attach("probe", {}, { mode: "beside" });
		manager.register_comm(new StockComm("t", "ours"));
		handlers.forEach((f) => f({ type: "kernel_restarting" }, { kernel }));
		return kernel._pending_messages.map((m) => JSON.parse(m).content.comm_id);`)
	require.Equal(t, []string{"stock's"}, got)
}

// TestGaps: a lost connection is told where it was in the stream of messages.
func TestGaps(t *testing.T) {
	const js = lifecycle + `
		const got = [];
		kernel.events.on("comm_gap.Kernel", (event, gap) => { got.push(["gap", gap.kernel === kernel, gap.until - gap.since, Math.abs(gap.until - Date.now()) < 5000]); throw new Error("the page's own"); });
		let free;
		manager.register_target("js", (comm) => comm.on_msg((msg) => { got.push(msg.content.data); return msg.content.data === "slow" ? new Promise((resolve) => { free = resolve; }) : undefined; }));
		// As in classic's kernel.js, a promise of all messages.
		kernel._msg_queue = Promise.resolve();
		const feed = (msg) => { kernel._msg_queue = kernel._msg_queue.then(() => kernel.handlers[msg.header.msg_type](msg)).catch((e) => { got.push(String(e)); }); return kernel._msg_queue; };
		await feed(commOpen("js", "js"));
		await feed(commOpen("go", "probe.life"));
		const drop = async () => {
			event("kernel_disconnected.Kernel");
			const lost = performance.now();
			await until(() => performance.now() > lost + 1); // a gap that the page's clock can tell
			event("kernel_reconnecting.Kernel"); event("kernel_connected.Kernel");
		};
	`
	t.Run("in order", func(t *testing.T) {
		var got struct {
			Got    []any
			Go     []string
			Failed []string
			Heard  int
		}
		newPage(t, 1).get(&got, js+`
			feed(commMsg("js", "slow")); feed(commMsg("go", "before"));
			await until(() => free);
			await drop();
			feed(commMsg("js", "after")); feed(commMsg("go", "after"));
			for (let i = 0; i < 20; i++) await task();
			got.push("freed");
			free();
			await kernel._msg_queue;
			event("kernel_connected.Kernel"); // no loss before it
			await until(() => sent("go").length === 3);
			await kernel._msg_queue;
			const result = { got: got.map((g) => Array.isArray(g) ? [g[0], g[1], g[2] > 0, g[3]] : g), go: sent("go").map((m) => m.content.data), failed: errors() };
			detach();
			return { ...result, heard: handlers.length };`)
		require.Equal(t, []any{"slow", "freed", []any{"gap", true, true, true}, "after"}, got.Got)
		require.Equal(t, []string{"before", "gap", "after"}, got.Go)
		require.Len(t, got.Failed, 1)
		require.Contains(t, got.Failed[0], "gocomm: a handler of comm_gap.Kernel failed:")
		require.Equal(t, 1, got.Heard, "handlers left on kernel.events but the test's own")
	})
	for name, end := range map[string]string{
		"none across a restart":     `event("kernel_disconnected.Kernel"); event("kernel_restarting.Kernel"); event("kernel_connected.Kernel");`,
		"none after a kernel's end": `event("kernel_restarting.Kernel"); await drop();`,
		"none of another kernel":    `event("kernel_disconnected.Kernel", { kernel: {} }); event("kernel_connected.Kernel");`,
	} {
		t.Run(name, func(t *testing.T) {
			var got []any
			newPage(t, 1).get(&got, js+end+` await kernel._msg_queue; return got;`)
			require.Empty(t, got)
		})
	}
}
