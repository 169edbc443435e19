package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeldForATargetOfAProgramThatComesLater(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Answers  []int
		Reasons  []string
		StockLog []string
		Left     struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		await attach("commmgr");
		now(commOpen("c1", "probe.spin"));
		for (let n = 0; n < 50; n++) now(commMsg("c1", { N: n, Us: 0 }));
		now(commOpen("c2", "my_comm_target"));
		if (pending() !== 52) throw new Error("not held: " + pending());
		const attached = attach("probe", {}, { mode: "beside" });
		for (let n = 50; n < 60; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
		await attached;
		for (let n = 60; n < 70; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
		await attach("cookbook", {}, { mode: "beside" });
		await until(() => sent("c1").length === 70 && sent("c2").length === 1);
		return { answers: sent("c1").map((m) => m.content.data), stockLog: stock.log, left: left(program("commmgr")) };`)
	require.Len(t, got.Answers, 70)
	require.IsIncreasing(t, got.Answers)
	require.Empty(t, got.StockLog)
	require.Zero(t, got.Left)
}

func TestHeldForATargetOfJavaScriptThatComesLater(t *testing.T) {
	for _, through := range []string{"manager", "stock"} {
		t.Run(through, func(t *testing.T) {
			p := newPage(t, 1)
			var got []string
			p.get(&got, `
				const manager = await attach("commmgr");
				const got = [];
				now(commOpen("c1", "late", "first"));
				now(commOpen("c2", "late", "second"));
				for (const n of [1, 2, 3]) now(commMsg(n === 2 ? "c2" : "c1", n));
				`+through+`.register_target("late", async (comm, m) => {
					got.push(comm.comm_id + " " + m.content.data);
					comm.on_msg((m) => got.push(comm.comm_id + " " + m.content.data));
					await task();
					got.push(comm.comm_id + " is open");
				});
				now(commMsg("c1", 4));
				await until(() => got.length === 8);
				return got.sort((a, b) => a.slice(0, 2) < b.slice(0, 2) ? -1 : a.slice(0, 2) > b.slice(0, 2) ? 1 : 0);`)
			require.Equal(t, []string{"c1 first", "c1 is open", "c1 1", "c1 3", "c1 4", "c2 second", "c2 is open", "c2 2"}, got)
		})
	}
}

func TestHeldForATargetThatGoRegistersLater(t *testing.T) {
	p := newPage(t, 1)
	p.run(`
		await attach("probe");
		now(commOpen("c1", "later.echo"));
		for (let n = 0; n < 10; n++) now(commMsg("c1", n));
		now(commOpen("order", "probe.late"));
		now(commMsg("order", { Target: "later.echo", Ms: 1 }));
		await until(() => sent("c1").length === 10);
		const order = sent("c1").map((m) => m.content.data).join();
		if (order !== "0,1,2,3,4,5,6,7,8,9") throw new Error(order);`)
}

func TestATargetThatNeverComes(t *testing.T) {
	p := newPage(t, 20) // 10 s are 0.5 s
	var got struct {
		Reason string
		Closed []string
		Errors []string
		Left   struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		await attach("commmgr");
		now(commOpen("c1", "nobody"));
		now(commMsg("c1", 1));
		now(commOpen("c2", "nobody", {}, { own: false })); // another page may know it
		if (kernel.sent.length) throw new Error("closed at once");
		await until(() => pending() === 0);
		now(commMsg("c1", 2));
		return {
			reason: sent("c1", "comm_close")[0].content.data.reason, closed: kernel.sent.map((m) => m.content.comm_id),
			errors: [...errors(), ...errors("warn")], left: left(program("commmgr")),
		};`)
	require.Contains(t, got.Reason, `comm "c1" (target "nobody"): no such target; nobody registered it in time`)
	require.Equal(t, []string{"c1"}, got.Closed)
	require.Len(t, got.Errors, 2)
	require.Contains(t, got.Errors[0], "no such target")
	require.Contains(t, got.Errors[1], `comm_msg: comm "c1": no such comm`)
	require.Zero(t, got.Left)
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Errors []string
		Left   struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		await attach("probe");
		const bad = [undefined, null, "text", 5, {}, { comm_id: 5 }, { comm_id: "" }, { comm_id: "c\u00e9", target_name: "probe.echo" },
			{ comm_id: "__proto__", target_name: "probe.echo" }, { comm_id: "x".repeat(5000), target_name: "probe.echo" },
			{ comm_id: "x", target_name: "constructor" }, { comm_id: "x", target_name: {} }, { comm_id: "x", target_name: "y".repeat(1e6) }];
		for (const type of ["comm_open", "comm_msg", "comm_close"]) {
			for (const content of bad) await deliver(message(type, content));
		}
		await deliver(commOpen("c1", "probe.echo"));
		await deliver(commOpen("c1", "probe.echo")); // a duplicate
		await deliver(commMsg("c1", 1));
		await until(() => sent("c1").length === 1);
		if (kernel.failures.length) throw new Error(kernel.failures);
		await task();
		return { errors: errors(), left: left(program("probe")) };`)
	require.NotEmpty(t, got.Errors)
	require.Contains(t, got.Errors[0], "malformed message: content is not an object")
	require.Contains(t, got.Errors[len(got.Errors)-1], "the comm id is in use")
	require.Equal(t, 1, got.Left.Routes)
	require.Zero(t, got.Left.Slots)
}
