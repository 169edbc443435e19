package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A restart that is long ago does not count any more.
func TestRestartsAreCountedWithinATime(t *testing.T) {
	p := newPage(t, 1)
	p.run(`
		let passed = 0;
		const clock = performance.now.bind(performance);
		performance.now = () => clock() + passed;
		await attach("probe");
		for (let n = 0; n < 3; n++) await kill();
		passed = 5 * 60_000 + 1;
		for (let n = 0; n < 3; n++) await kill();
		if (!hub()) throw new Error("it was not started again");
		await kill();
		if (hub()) throw new Error("it was started again");`)
}

// What happens to a program that cannot start again is said once, and the stock
// manager gets what was held.
func TestAProgramThatCannotStartAgain(t *testing.T) {
	for _, start := range []struct {
		option string
		lines  int
		why    string
	}{
		{"fail", 4, "has ended: commmgr: "},
		{"die", 4, "has ended: it exited with code 2. It is not started again, after 3 times within 5 minutes"},
		{"never", 2, "has ended: it has not started within 5 s. It is not started again, after 1 times within 5 minutes"},
	} {
		t.Run(start.option, func(t *testing.T) {
			p := newPage(t, 20)
			var got struct {
				Errors, Log []string
				JS          []int
			}
			p.get(&got, `
				const options = {}, js = [];
				const manager = await attach("probe", options);
				manager.register_target("js", (comm) => comm.on_msg((m) => { js.push(m.content.data); }));
				await deliver(commOpen("js1", "js"));
				options.start = "`+start.option+`";
				const died = kill();
				for (let n = 0; n < 100; n++) { deliver(commMsg("js1", n)); if (n % 10 === 0) await task(); }
				await died;
				deliver(commMsg("js1", 100));
				await until(() => js.length === 101);
				if (kernel.comm_manager !== stock || hub()) throw new Error("it is still there");
				return { js, errors: errors().filter((l) => l.startsWith("gocomm: ")), log: stock.log.slice(-1) };`)
			require.Len(t, got.JS, 101)
			require.IsIncreasing(t, got.JS)
			require.Len(t, got.Errors, start.lines)
			require.Contains(t, got.Errors[len(got.Errors)-1], start.why)
			require.Equal(t, []string{"msg js1 100"}, got.Log)
		})
	}
}

// A comm whose target is still to come is not lost with a program that dies, and its
// messages keep their order, whatever their dates are.
func TestHeldCommsOutliveTheProgram(t *testing.T) {
	for name, date := range map[string]string{
		"dates":         `new Date(1e12 + Number(msg.header.msg_id.slice(7))).toISOString()`,
		"no dates":      `undefined`,
		"whole seconds": `"2026-01-01T00:00:0" + (Number(msg.header.msg_id.slice(7)) % 2 ? "0Z" : "0.000001Z")`,
	} {
		t.Run(name, func(t *testing.T) { testHeldCommsOutliveTheProgram(t, date) })
	}
}

func testHeldCommsOutliveTheProgram(t *testing.T, date string) {
	p := newPage(t, 1)
	var got []string
	p.get(&got, `
		const manager = await attach("probe"), log = [];
		const dated = (msg) => (msg.header.date = `+date+`, msg);
		const order = [];
		for (let n = 0; n < 30; n++) now(dated(commOpen("held" + n, "late.target", n)));
		for (let n = 29; n >= 0; n--) for (const m of [1, 2, 3]) now(dated(commMsg("held" + n, n + "." + m)));
		now(dated(commClose("held7")));
		for (let n = 0; n < 3; n++) await kill();
		manager.register_target("late.target", (comm, m) => {
			const mine = [m.content.data];
			comm.on_msg((m) => { mine.push(m.content.data); if (mine.length === 4) log.push(mine.join(" ")); });
			comm.on_close(() => { order.push("closed " + mine.join(" ")); });
		});
		await until(() => log.length === 30);
		if (kernel.sent.some((m) => m.content.comm_id.startsWith("held"))) throw new Error("closed towards the kernel");
		return [...log.sort(), ...order];`)
	require.Len(t, got, 31)
	require.Contains(t, got, "0 0.1 0.2 0.3")
	require.Contains(t, got, "29 29.1 29.2 29.3")
	require.Equal(t, "closed 7 7.1 7.2 7.3", got[30])
}

// The order of messages is that in which they came, whatever their dates say: not all kernels
// give dates, or fractions of seconds.
func TestHeldMessagesKeepTheirOrder(t *testing.T) {
	for name, date := range map[string]string{"none": `undefined`, "seconds": `"2026-01-01T00:00:0" + (n >> 2) + (n % 4 ? ".00000" + n % 4 : "") + "Z"`} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, 1)
			var got []int
			p.get(&got, `
				const manager = await attach("probe"), log = [];
				now(commOpen("c1", "probe.ignore"));
				for (let n = 0; n < 20; n++) now(commMsg("c1", n)); // their slots are used again, the last one first
				await until(() => left(program("probe")).slots === 0);
				const dated = (n, msg) => (msg.header.date = `+date+`, msg);
				now(dated(0, commOpen("held", "late.target", 0)));
				for (let n = 1; n < 20; n++) now(dated(n, commMsg("held", n)));
				await kill();
				manager.register_target("late.target", (comm, m) => {
					log.push(m.content.data);
					comm.on_msg((m) => { log.push(m.content.data); });
				});
				await until(() => log.length === 20);
				return log;`)
			require.IsIncreasing(t, got)
		})
	}
}

// Several objects for a comm, one whose target is slow to open, one that is closed
// meanwhile: all of them as they were.
func TestJavaScriptCommsOutliveTheProgram(t *testing.T) {
	for _, mode := range []string{"replace", "beside"} {
		t.Run(mode, func(t *testing.T) {
			p := newPage(t, 1)
			var got struct {
				Log, Later []string
				Left       struct{ Slots, Lost, Routes int }
				Same       bool
			}
			p.get(&got, `
				const manager = await attach("probe", {}, { mode: "`+mode+`" }), log = [];
				const f = (comm) => { comm.on_msg((m) => { log.push(comm.comm_id + " " + m.content.data); comm.send("got it"); }); };
				let opened;
				manager.register_target("js", f);
				manager.register_target("slow", (comm) => (f(comm), new Promise((resolve) => { opened = resolve; })));
				now(commOpen("slow", "slow"));
				now(commMsg("slow", "before"));
				await deliver(commOpen("closed", "js"));
				await deliver(commOpen("shared", "js"));
				const second = new StockComm("js", "shared");
				second.on_msg((m) => { log.push("second " + m.content.data); });
				manager.register_comm(second);
				const closed = await manager.comms.closed;
				const { done } = await dying();
				closed.close();
				now(commMsg("slow", "while it starts"));
				now(commMsg("shared", "while it starts"));
				now(commOpen("new", "js"));
				now(commMsg("new", "while it starts"));
				const mine = manager.new_comm("kernel-side");
				await done;
				now(commMsg("slow", "after"));
				now(commMsg("shared", "after"));
				now(commMsg(mine.comm_id, "nobody listens"));
				opened();
				await until(() => log.length === 8);
				const result = { log, left: left([...hub().programs][0]), same: manager === (kernel.comm_manager === stock ? manager : kernel.comm_manager) };
				manager.unregister_comm(second);
				now(commMsg("shared", "one"));
				now(commClose("shared"));
				now(commMsg("shared", "none"));
				return { ...result, later: log.slice(8) };`)
			require.ElementsMatch(t, []string{"shared while it starts", "second while it starts", "new while it starts", "shared after", "second after",
				"slow before", "slow while it starts", "slow after"}, got.Log[:8])
			require.Equal(t, []string{"slow before", "slow while it starts", "slow after"}, only(got.Log, "slow"))
			require.Equal(t, []string{"shared one"}, got.Later)
			require.Equal(t, 4, got.Left.Routes, "slow, shared, new, and the one that the page has opened meanwhile")
			require.True(t, got.Same)
		})
	}
}

func only(lines []string, prefix string) []string {
	var found []string
	for _, l := range lines {
		if len(l) > len(prefix) && l[:len(prefix)] == prefix {
			found = append(found, l)
		}
	}
	return found
}

// A program that is started again does not concern what JavaScript registers meanwhile.
func TestRegisteringWhileAProgramStartsAgain(t *testing.T) {
	for _, mode := range []string{"replace", "beside"} {
		t.Run(mode, func(t *testing.T) {
			p := newPage(t, 1)
			var got []any
			p.get(&got, `
				const manager = await attach("probe", {}, { mode: "`+mode+`" }), log = [];
				const { done } = await dying();
				if (kernel.comm_manager !== (manager === stock || "`+mode+`" === "beside" ? stock : manager)) throw new Error("the page's manager is back");
				const comm = manager.new_comm("kernel-side");
				comm.on_msg((m) => { log.push(m.content.data); });
				manager.register_target("js", (comm) => comm.on_msg((m) => { log.push(m.content.data); }));
				let taken = "";
				try { manager.register_target("probe.echo", () => {}); } catch (e) { taken = e.message; }
				comm.send("at once");
				await done;
				deliver(commMsg(comm.comm_id, "of the page's comm"));
				deliver(commOpen("js1", "js"));
				await deliver(commMsg("js1", "of the kernel's comm"));
				if (await manager.comms[comm.comm_id] !== comm) throw new Error("it is lost");
				deliver(commOpen("go", "probe.echo"));
				deliver(commMsg("go", "Go's"));
				await until(() => sent("go").length === 1);
				return [...log, taken, sent(comm.comm_id).length];`)
			require.Equal(t, []any{"of the page's comm", "of the kernel's comm", `gocomm: register_target: "probe.echo" is a target of probe.wasm`, 1.0}, got)
		})
	}
}

func TestDetachWhileAProgramStartsAgain(t *testing.T) {
	p := newPage(t, 1)
	p.run(snapshot + `
		const log = [];
		stock.register_target("js", (comm) => comm.on_msg((m) => { log.push(m.content.data); }));
		const before = picture();
		await attach("probe");
		await deliver(commOpen("js1", "js"));
		const { done } = await dying();
		now(commMsg("js1", 1));
		detach();
		same(before, picture());
		await deliver(commMsg("js1", 2));
		await until(() => log.join() === "1,2", "nothing is lost: " + log);
		await done;
		same(before, picture());`)
}

// What waits for a target to open is not overtaken by what the stock manager gets.
func TestALeftCommKeepsItsOrder(t *testing.T) {
	p := newPage(t, 1)
	var got []string
	p.get(&got, `
		const manager = await attach("probe"), log = [];
		let opened;
		manager.register_target("slow", (comm) => {
			comm.on_msg(async (m) => {
				log.push(m.content.data);
				for (let n = 0; n < 5; n++) await task();
			});
			return new Promise((resolve) => { opened = resolve; });
		});
		now(commOpen("slow", "slow"));
		for (const n of ["1", "2", "3"]) now(commMsg("slow", n));
		for (let n = 0; n < 4; n++) await kill();
		now(commMsg("slow", "4"));
		await task();
		opened();
		await until(() => log.length === 4);
		return [...log, stock.log.at(-1)];`)
	require.Equal(t, []string{"1", "2", "3", "4", `msg slow "4"`}, got)
}

// Another program on the page is not concerned.
func TestAProgramThatDiesBesideAnother(t *testing.T) {
	p := newPage(t, 1)
	var got []string
	p.get(&got, `
		const manager = await attach("commmgr"), log = [];
		await attach("probe", {}, { mode: "beside" });
		manager.register_target("js", (comm) => comm.on_msg((m) => { log.push(m.content.data); }));
		now(commOpen("js1", "js"));
		const main = program("commmgr");
		for (let n = 1; n <= 3; n++) {
			const { done } = await dying();
			now(commMsg("js1", "held " + n));
			now(commOpen("c" + n, "probe.echo"));
			now(commMsg("c" + n, n));
			await done;
			await until(() => sent("c" + n).length === 1);
			now(commMsg("js1", "after " + n));
		}
		await kill();
		now(commMsg("js1", "the end"));
		now(commOpen("c4", "probe.echo"));
		if (main.dead || hub().main !== main || kernel.comm_manager !== manager) throw new Error("commmgr is not what it was");
		if (left(main).routes !== 1 || pending() !== 1) throw new Error("c4 does not wait for a target: " + JSON.stringify(left(main)));
		return log;`)
	require.Equal(t, []string{"held 1", "after 1", "held 2", "after 2", "held 3", "after 3", "the end"}, got)
}

// A kernel that ends while the program is started again takes its comms along.
func TestTheKernelsEndWhileAProgramStartsAgain(t *testing.T) {
	p := newPage(t, 1)
	var got []string
	p.get(&got, `
		const manager = await attach("probe"), log = [];
		let comm;
		manager.register_target("js", (c) => { comm = c; c.on_msg((m) => { log.push(m.content.data); }); c.on_close(() => { log.push("closed"); }); }, { closeWithKernel: true });
		await deliver(commOpen("js1", "js"));
		const { done } = await dying();
		now(commMsg("js1", "of the kernel that ends"));
		hub().epoch.end();
		await done;
		try { comm.send("late"); } catch (e) { log.push(e.message); }
		await deliver(commOpen("js1", "js"));
		await deliver(commMsg("js1", "of the next"));
		hub().epoch.over = false;
		hub().epoch.end();
		await until(() => log.length === 4);
		return log;`)
	require.Equal(t, []string{"closed", "gocomm: comm_msg: comm js1 (target js): its kernel was restarted, changed or shut down; open a new comm",
		"of the next", "closed"}, got)
}
