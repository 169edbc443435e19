package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeldBeforeReadyArrivesInOrder(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Answers  []int
		Output   bool
		StockLog []string
	}
	p.get(&got, `
		let output = false;
		kernel.register_iopub_handler("stream", () => { output = true; });
		const attached = attach("probe", { start: "wait" });
		deliver(commOpen("c1", "probe.spin"));
		for (let n = 0; n < 100; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
		await deliver(message("stream", { name: "stdout", text: "x" }));
		const early = output && kernel.sent.length === 0;
		await attached;
		for (let n = 100; n < 200; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
		await until(() => sent("c1").length === 200);
		return { answers: sent("c1").map((m) => m.content.data), output: early, stockLog: stock.log };`)
	require.Len(t, got.Answers, 200)
	require.IsIncreasing(t, got.Answers)
	require.True(t, got.Output, "cell output was held with the comm messages")
	require.Empty(t, got.StockLog)
}

// withSlowProgram attaches probe, whose .gz comes when state.come is called.
const withSlowProgram = `
	const response = new Promise((resolve) => { state.come = () => resolve(fetch(web + "/probe.wasm.gz")); });
	const attached = attach("probe", {}, { response });
`

func TestStockManagerGetsWhatWasHeldTooLong(t *testing.T) {
	p := newPage(t, 50)
	var got struct {
		Log, Warnings, Later []string
		Echoed               int
		StockEcho            int
	}
	p.get(&got, `
		stock.register_target("probe.echo", (comm) => comm.on_msg((m) => comm.send(m.content.data)));
		const response = new Promise((resolve) => { state.come = () => resolve(fetch(web + "/probe.wasm.gz")); });
		const attached = attach("probe", {}, { response, overrideTargets: true });
		deliver(commOpen("c1", "probe.echo"));
		deliver(commMsg("c1", 1));
		deliver(commMsg("c1", 2));
		await until(() => sent("c1").length === 2, "the stock manager took over");
		const log = [...stock.log];
		deliver(commMsg("c1", 3));
		await until(() => sent("c1").length === 3);
		state.come();
		await attached;
		deliver(commMsg("c1", 4)); // its comm stays with the stock manager
		await until(() => sent("c1").length === 4);
		const later = stock.log.length;
		deliver(commOpen("c2", "probe.echo"));
		deliver(commMsg("c2", 5));
		await until(() => sent("c2").length === 1);
		return { log, warnings: errors("warn"), later: stock.log.slice(later), echoed: sent("c2")[0].content.data, stockEcho: sent("c1")[3].content.data };`)
	require.Equal(t, []string{"open c1", "msg c1 1", "msg c1 2"}, got.Log)
	require.Equal(t, []string{"gocomm: probe.wasm has not answered for 5 s; until it does, the page's own comm manager works"}, got.Warnings)
	require.Equal(t, 4, got.StockEcho)
	require.Empty(t, got.Later)
	require.Equal(t, 5, got.Echoed)
}

// A message that makes the stock manager throw must not take those behind it along.
func TestHeldMessagesSurviveABadOne(t *testing.T) {
	p := newPage(t, 50)
	var log []string
	p.get(&log, withSlowProgram+`
		stock.register_target("js", () => {});
		deliver(commOpen("c1", "js"));
		deliver(message("comm_msg", undefined));
		deliver(commMsg("c1", 1));
		await until(() => stock.log.length === 2, "both good messages came", 3000);
		return stock.log;`)
	require.Equal(t, []string{"open c1", "msg c1 1"}, log)
}

func TestTwoProgramsHoldUntilBothAreReady(t *testing.T) {
	p := newPage(t, 1)
	p.run(withSlowProgram + `
		const other = attach("cookbook", {}, { mode: "beside" });
		deliver(commOpen("c1", "probe.echo"));
		deliver(commMsg("c1", 1));
		await other;
		await task();
		if (hub().hook.queue.length !== 2 || stock.log.length) throw new Error("not held for the second program: " + stock.log);
		state.come();
		await attached;
		await until(() => sent("c1").length === 1);`)
}
