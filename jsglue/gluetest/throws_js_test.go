package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatJavaScriptThrowsIsContained(t *testing.T) {
	for _, thrown := range []struct{ name, expr, text string }{
		{"Error", `new Error("the test threw this")`, "the test threw this"},
		{"null", `null`, "null"},
		{"string", `"a thrown string"`, "a thrown string"},
		{"object without a text", `{ toString() { throw 1; } }`, "an exception without a text"},
		{"Error whose message throws", `Object.defineProperty(new Error(), "message", { get() { throw 1; } })`, "an exception without a text"},
	} {
		t.Run(thrown.name, func(t *testing.T) {
			p := newPage(t, 1)
			var got struct {
				Closed string
				Errors []string
				Left   struct{ Slots, Lost, Routes int }
			}
			p.get(&got, `
				const manager = await attach("probe");
				const bad = () => { throw `+thrown.expr+`; };
				manager.register_target("bad-open", bad);
				manager.register_target("bad-msg", (comm) => { comm.on_msg(bad); comm.on_close(bad); });
				deliver(commOpen("open", "bad-open"));
				deliver(commOpen("msg", "bad-msg"));
				deliver(commMsg("msg", 1));
				const foreign = new StockComm("bad-foreign", "foreign"); // throws into gocomm.js itself
				foreign.on_msg(bad);
				foreign.on_close(bad);
				manager.register_comm(foreign);
				deliver(commMsg("foreign", 1));
				deliver(commOpen("good", "probe.echo"));
				deliver(commMsg("good", 1));
				await until(() => sent("good").length === 1);
				for (const id of ["msg", "foreign", "good"]) await deliver(commClose(id));
				if (kernel.failures.length) throw new Error("into the kernel's queue: " + kernel.failures);
				await until(() => left(program("probe")).slots === 0, "the slots are free");
				return { closed: sent("open", "comm_close")[0].content.data.reason, errors: errors(), left: left(program("probe")) };`)
			require.Zero(t, got.Left)
			require.Contains(t, got.Closed, thrown.text)
			require.Len(t, got.Errors, 5)
			require.Contains(t, got.Errors[0], `comm "open" (target "bad-open")`)
			require.Contains(t, got.Errors[1], "comm msg (target bad-msg): its msg handler threw")
			require.Contains(t, got.Errors[2], "comm foreign (target bad-foreign): handle_msg threw")
			require.Contains(t, got.Errors[3], "comm msg (target bad-msg): its close handler threw")
			require.Contains(t, got.Errors[4], "comm foreign (target bad-foreign): handle_close threw")
		})
	}
}

func TestPromisesOfHandlersHoldTheQueueButNotForEver(t *testing.T) {
	p := newPage(t, 20) // 10 s are 0.5 s
	var got struct {
		Order  []string
		Errors []string
		Left   struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		const manager = await attach("probe");
		const order = [];
		manager.register_target("promises", (comm) => comm.on_msg((m) => {
			switch (m.content.data) {
			case "rejects": return Promise.reject(new Error("rejected by the test"));
			case "rejects null": return Promise.reject(null);
			case "never": return new Promise(() => {});
			case "odd": return { get then() { throw new Error("the getter threw"); } };
			case "later": return task().then(task).then(() => order.push("finished"));
			default: order.push(m.content.data);
			}
		}));
		deliver(commOpen("c1", "promises"));
		for (const what of ["rejects", "rejects null", "never", "odd", "later", "after"]) deliver(commMsg("c1", what));
		await until(() => order.includes("after"), "the queue went on");
		return { order, errors: errors(), left: left(program("probe")) };`)
	require.Equal(t, []string{"finished", "after"}, got.Order)
	require.Len(t, got.Errors, 4)
	require.Contains(t, got.Errors[0], "comm c1 (target promises): a handler's promise was rejected: Error: rejected by the test")
	require.Contains(t, got.Errors[1], "comm c1 (target promises): a handler's promise was rejected: null")
	require.Contains(t, got.Errors[2], "comm c1 (target promises): its handler's promise has not settled for 10 s")
	require.Contains(t, got.Errors[3], "the getter threw")
	require.Equal(t, 1, got.Left.Routes)
	require.Zero(t, got.Left.Slots)
}

func TestMessagesWaitForATargetThatOpensSlowly(t *testing.T) {
	p := newPage(t, 20)
	var got struct{ Order []any }
	p.get(&got, `
		const manager = await attach("commmgr");
		const order = [];
		manager.register_target("slow", async (comm) => {
			comm.on_msg((m) => {
				order.push(m.content.data);
				if (m.content.data === 1) now(commMsg("c1", 4)); // behind those that wait
			});
			await task();
			order.push("open");
		});
		manager.register_target("never", (comm) => { comm.on_msg((m) => order.push(m.content.data)); return new Promise(() => {}); });
		now(commOpen("c1", "slow"));
		for (const n of [1, 2, 3]) now(commMsg("c1", n));
		await until(() => order.length === 5);
		now(commOpen("c2", "never"));
		now(commMsg("c2", "never, then"));
		await until(() => order.length === 6);
		now(commMsg("c2", "at once"));
		return { order };`)
	require.Equal(t, []any{"open", 1.0, 2.0, 3.0, 4.0, "never, then", "at once"}, got.Order)
}

func TestAPanicEndsOnlyItsMessage(t *testing.T) {
	p := newPage(t, 1)
	var errs []string
	p.get(&errs, `
		await attach("probe");
		deliver(commOpen("c1", "probe.panics"));
		deliver(commMsg("c1"));
		deliver(commOpen("c2", "probe.echo"));
		deliver(commMsg("c2"));
		await until(() => sent("c2").length === 1 && errors().length === 1);
		kernel.onsend = () => { throw new Error("not connected"); };
		deliver(commMsg("c2"));
		await until(() => errors().length === 2);
		kernel.onsend = undefined;
		deliver(commMsg("c2"));
		await until(() => sent("c2").length === 2);
		return errors();`)
	require.Contains(t, errs[0], "panic: the probe was told to")
	require.Contains(t, errs[1], "not connected")
}

// A nil pointer as an error: its methods panic, when the failure is being reported.
func TestAnErrorWhoseMethodsPanic(t *testing.T) {
	p := newPage(t, 1)
	var errs []string
	p.get(&errs, `
		await attach("probe");
		deliver(commOpen("c1", "probe.nil"));
		deliver(commMsg("c1"));
		deliver(commOpen("c2", "probe.echo"));
		deliver(commMsg("c2"));
		await until(() => sent("c2").length === 1 && errors().length === 1);
		return errors();`)
	require.Contains(t, errs[0], `comm "c1" (target "probe.nil"): the handler failed: panic: a value whose text cannot be had`)
}
