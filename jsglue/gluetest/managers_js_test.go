package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAManagerBesideThePages(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Log, Stock     []string
		Manager, Other bool
		Taken          string
		Targets, Comms []string
	}
	p.get(&got, `
		const first = await attach("commmgr", {}, { mode: "beside" });
		const second = await attach("probe", {}, { mode: "beside" });
		const log = [];
		const f = (who) => (comm) => { log.push(who + " opened"); comm.on_msg((m) => { log.push(who + " " + m.content.data); comm.send("back"); }); };
		stock.register_target("t", f("stock"));
		first.register_target("t", f("first"));
		first.register_target("t", f("again"));
		let taken = "";
		try { second.register_target("t", f("second")); } catch (e) { taken = e.message; }
		second.unregister_target("t"); // is not its own
		await deliver(commOpen("c1", "t"));
		await deliver(commMsg("c1", 1));
		const comm = first.new_comm("kernel-side");
		const result = { targets: Object.keys(first.targets), comms: Object.keys(first.comms).sort(), manager: kernel.comm_manager === stock, other: first !== second };
		if (sent("c1").length !== 1 || sent(comm.comm_id, "comm_open").length !== 1 || "c1" in stock.comms) throw new Error("not where they belong");
		first.unregister_target("t");
		await deliver(commOpen("c2", "t"));
		return { ...result, taken, log, stock: stock.log, comms: result.comms.map((id) => id === comm.comm_id ? "new" : id).sort() };`)
	require.True(t, got.Manager && got.Other)
	require.Equal(t, `gocomm: register_target: "t" is a target of commmgr.wasm`, got.Taken)
	require.Equal(t, []string{"t"}, got.Targets)
	require.Equal(t, []string{"c1", "new"}, got.Comms)
	require.Equal(t, []string{"again opened", "again 1", "stock opened"}, got.Log)
	require.Equal(t, []string{"open c2"}, got.Stock)
}

func TestAGoTargetIsNotForItsOwnManagersScripts(t *testing.T) {
	p := newPage(t, 1)
	thrown := p.run(`
		const manager = await attach("probe", {}, { mode: "beside" });
		try { manager.register_target("probe.echo", () => {}); } catch (e) { return e.message; }`)
	require.Equal(t, `gocomm: register_target: "probe.echo" is a target of probe.wasm`, thrown)
}

// What scripts have with a manager of their own goes on with the page's when the
// program ends, whichever way.
func TestAManagersEnd(t *testing.T) {
	for _, end := range []string{
		`detach();`,
		`for (let n = 0; n < 4; n++) await kill(); if (hub()) throw new Error("it was started a fourth time");`,
	} {
		p := newPage(t, 1)
		var got []any
		p.get(&got, `
			const log = [];
			const manager = await attach("probe", {}, { mode: "beside" });
			let comm;
			manager.register_target("t", (c) => { comm = c; c.on_msg((m) => { log.push(m.content.data); }); });
			await deliver(commOpen("c1", "t"));
			const opened = manager.new_comm("kernel-side");
			opened.on_msg((m) => { log.push(m.content.data); });
			`+end+`
			await deliver(commMsg("c1", 1));
			await deliver(commMsg(opened.comm_id, 2));
			await deliver(commOpen("c2", "t"));
			await deliver(commMsg("c2", 3));
			comm.send("still open");
			manager.new_comm("kernel-side").send("and new ones");
			return [...log, manager.comms === stock.comms, manager.targets === stock.targets, kernel.sent.slice(-3).map((m) => m.type).join()];`)
		require.Equal(t, []any{1.0, 2.0, 3.0, true, true, "comm_msg,comm_open,comm_msg"}, got)
	}
}

func TestObjectsThatShareAComm(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Log     []string
		Newest  []int
		Refused string
		Left    struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		const manager = await attach("commmgr");
		const log = [], objects = [1, 2, 3].map((n) => {
			const comm = new StockComm("theirs", "c1");
			comm.handle_msg = (m) => { log.push(n + " " + m.content.data); if (n === 2) throw new Error("the second's own"); };
			comm.on_close(() => { log.push(n + " closed"); });
			return comm;
		});
		const newest = [];
		const note = async () => newest.push(objects.indexOf(await stock.comms.c1));
		for (const comm of [...objects, objects[1]]) { manager.register_comm(comm); await note(); }
		let refused = "";
		try { manager.new_comm("theirs", {}, undefined, undefined, "c1"); } catch (e) { refused = e.message; }
		await deliver(commMsg("c1", "all"));
		manager.unregister_comm(objects[2]); await note();
		manager.unregister_comm(new StockComm("theirs", "another"));
		await deliver(commMsg("c1", "two"));
		manager.unregister_comm(objects[0]); await note();
		await deliver(commMsg("c1", "one"));
		manager.register_comm(objects[0]);
		await deliver(commClose("c1"));
		return { log, newest, refused, left: left(program("commmgr")) };`)
	require.Equal(t, []string{"1 all", "2 all", "3 all", "1 two", "2 two", "2 one", "2 closed", "1 closed"}, got.Log)
	require.Equal(t, []int{0, 1, 2, 1, 1, 1}, got.Newest)
	require.Contains(t, got.Refused, "the comm id is in use")
	require.Zero(t, got.Left)
}

// A comm whose target nobody has registered is taken up by who registers it by id.
func TestAHeldCommIsTakenUp(t *testing.T) {
	p := newPage(t, 1)
	var got []any
	p.get(&got, `
		const manager = await attach("commmgr"), log = [];
		await deliver(commOpen("c1", "nobody"));
		await deliver(commMsg("c1", "held"));
		const comm = new StockComm("nobody", "c1");
		comm.on_msg((m) => { log.push(m.content.data); });
		manager.register_comm(comm);
		await deliver(commMsg("c1", "then"));
		const { slots, routes } = left(program("commmgr"));
		return [...log, kernel.sent.length, slots, routes];`)
	require.Equal(t, []any{"then", 0.0, 0.0, 1.0}, got)
}

func TestStallLimit(t *testing.T) {
	p := newPage(t, 1)
	var got struct{ Thrown, Errors []string }
	p.get(&got, `
		const thrown = [];
		for (const stallLimit of [0, -1, "10", NaN, Infinity, 1e10]) {
			thrown.push(await attach("commmgr", {}, { stallLimit }).then(() => "nothing", (e) => e.message));
		}
		const manager = await attach("commmgr", {}, { stallLimit: 50 });
		manager.register_target("js", (comm) => comm.on_msg(() => new Promise(() => {})));
		await deliver(commOpen("c1", "js"));
		await deliver(commMsg("c1"));
		return { thrown, errors: errors() };`)
	require.Len(t, got.Thrown, 6)
	for _, e := range got.Thrown {
		require.Contains(t, e, "gocomm: attach: stallLimit is a number of milliseconds, not ")
	}
	require.Equal(t, []string{"gocomm: comm c1 (target js): its handler's promise has not settled for 0.05 s; other messages go on without it"}, got.Errors)
}
