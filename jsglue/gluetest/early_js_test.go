package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Beside the page's own manager, an open whose target is not there yet waits for it:
// an extension may be slower than a cell.
func TestOpensBesideWaitForTheirTarget(t *testing.T) {
	p := newPage(t, 1)
	var log []string
	p.get(&log, `
		await attach("probe", {}, { mode: "beside" });
		const register = stock.register_target;
		stock.register_target("other", () => {});
		for (const msg of [commOpen("c1", "late"), commOpen("c2", "other"), commMsg("c1", 1), commMsg("c2", 1)]) await deliver(msg);
		if (stock.log.join() !== "open c2,msg c2 1") throw new Error("it was held with others: " + stock.log);
		stock.register_target("late", () => {});
		deliver(commMsg("c1", 2));
		await until(() => stock.log.length === 5);
		if (stock.register_target !== register || Object.hasOwn(stock, "register_target")) throw new Error("something stays of it");
		detach();
		return stock.log.slice(2);`)
	require.Equal(t, []string{"open c1", "msg c1 1", "msg c1 2"}, log)
}

func TestOpensBesideAreThePagesOwn(t *testing.T) {
	for name, end := range map[string]string{
		"in vain":  `await until(() => stock.log.length === 2);`,
		"detached": `detach(); if (Object.hasOwn(stock, "register_target")) throw new Error("something stays of it");`,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, 20)
			var log []string
			p.get(&log, `
				await attach("probe", {}, { mode: "beside" });
				await deliver(commOpen("c1", "nobody's"));
				await deliver(commMsg("c1", 1));
				if (stock.log.length !== 0) throw new Error("it was not held");
				`+end+`
				return stock.log;`)
			require.Equal(t, []string{"open c1", "msg c1 1"}, log)
		})
	}
}

func TestOpensBesideEndWithTheirKernel(t *testing.T) {
	p := newPage(t, 1)
	p.run(`
		const ends = [];
		kernel.events = { on: (names, f) => names.startsWith("kernel_restarting") && ends.push(f), off() {}, trigger() {} };
		await attach("probe", {}, { mode: "beside" });
		await deliver(commOpen("c1", "late"));
		ends.forEach((f) => f({ type: "kernel_restarting" }, { kernel }));
		stock.register_target("late", () => {});
		await task();
		if (stock.log.length !== 0) throw new Error("another kernel's: " + stock.log);`)
}

// Whoever comes for the target gets what waits for it, not the page's own manager.
func TestOpensBesideAreForWhoTakesTheTarget(t *testing.T) {
	for name, come := range map[string]string{
		"a script, by a program's manager": `manager.register_target("my_comm_target", (comm) => { comm.on_msg((m) => { comm.send(m.content.data); }); });`,
		"another program":                  `await attach("cookbook", {}, { mode: "beside" });`,
		"a program in the manager's place": `await attach("commmgr"); kernel.comm_manager.register_target("my_comm_target", (comm) => { comm.on_msg((m) => { comm.send(m.content.data); }); });`,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, 1)
			p.run(`
				const manager = await attach("probe", {}, { mode: "beside" });
				deliver(commOpen("c1", "my_comm_target"));
				deliver(commMsg("c1", 1));
				` + come + `
				await until(() => sent("c1").length === 1, "it was answered");
				if (stock.log.length !== 0) throw new Error("the page's own manager got it: " + stock.log);`)
		})
	}
}
