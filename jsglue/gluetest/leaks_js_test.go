package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const rounds = 10_000

// leaks is what is left after many comms have come and gone.
type leaks struct {
	Left                        struct{ Slots, Lost, Routes int }
	ByIndex, SlotList, Comms    int
	Timers, Heap, HeapLater     int
	Events, Ended, Seen, Opened int
	Funcs, Handles, Goroutines  int // more than before
}

const measure = `
	await attach("probe");
	const p = program("probe");
	const count = async (what) => {
		now(commOpen("count", "probe." + what));
		now(commMsg("count"));
		await until(() => sent("count").length > 0);
		const n = sent("count")[0].content.data;
		now(commClose("count"));
		kernel.sent.length = lines.length = 0;
		await until(() => left(p).slots === 0);
		return n;
	};
	const heap = () => count("heap");
	let funcs = 0; // made by js.FuncOf
	const make = p.go._makeFuncWrapper;
	p.go._makeFuncWrapper = function (id) { funcs++; return make.call(this, id); };
	await heap();
	const handles = p.go._ids.size, goroutines = await count("goroutines");
	const rest = async () => ({ funcs, handles: p.go._ids.size - handles, goroutines: await count("goroutines") - goroutines, left: left(p), byIndex: p.byIndex.length, slotList: p.slots.length, comms: Object.keys(stock.comms).length, timers: p.timers.size });
`

func requireNoLeaks(t *testing.T, got leaks) {
	t.Logf("%+v", got)
	require.Zero(t, got.Left)
	require.Zero(t, got.Comms)
	require.LessOrEqual(t, got.Timers, 1, "the watchdog's, while it is still to see that nobody is busy")
	require.Zero(t, got.Funcs)
	require.LessOrEqual(t, got.Handles, 0)
	require.LessOrEqual(t, got.Goroutines, 0)
	require.Less(t, got.ByIndex, 1000)
	require.Less(t, got.SlotList, 2000)
	require.Less(t, got.HeapLater-got.Heap, 500_000, "bytes for %d comms", rounds)
}

func TestGoCommsLeaveNothing(t *testing.T) {
	p := newPage(t, 1)
	var got leaks
	p.get(&got, measure+`
		const round = async (from, to) => {
			for (let n = from; n < to; n += 100) {
				for (let i = n; i < n + 100; i++) {
					now(commOpen("c" + i, "probe." + ["echo", "frames", "merge", "tells"][i % 4]));
					now(commMsg("c" + i, i % 4 === 3 ? 0 : i, { buffers: [new DataView(new ArrayBuffer(10))] }));
				}
				await until(() => kernel.sent.length === 100);
				for (let i = n; i < n + 100; i++) now(commClose("c" + i));
				await until(() => left(p).slots === 0);
				kernel.sent.length = lines.length = 0;
			}
		};
		await round(0, 1000);
		const before = await heap();
		await round(1000, 11000);
		return { ...await rest(), heap: before, heapLater: await heap() };`)
	requireNoLeaks(t, got)
}

func TestJavaScriptCommsLeaveNothing(t *testing.T) {
	p := newPage(t, 1)
	var got leaks
	p.get(&got, measure+`
		let seen = 0;
		kernel.comm_manager.register_target("js", (comm, m) => {
			comm.on_msg((m) => { seen++; comm.send(m.content.data); if (m.content.data === "close yourself") comm.close(); });
			if (m.content.data === "throw") throw new Error("as told");
		});
		const round = (from, to) => {
			for (let n = from; n < to; n++) {
				const id = "c" + n;
				now(commOpen(id, "js", n % 5 === 4 ? "throw" : {}));
				now(commMsg(id, n % 5 === 1 ? "close yourself" : n));
				if (n % 5 === 2) now(commClose(id));
				if (n % 5 === 3) stock.comms[id].then((comm) => comm.close());
				if (n % 5 === 0) stock.comms[id].then((comm) => kernel.comm_manager.unregister_comm(comm));
				const opened = kernel.comm_manager.new_comm("kernel-side");
				now(commMsg(opened.comm_id));
				now(commClose(opened.comm_id));
			}
		};
		const rounds = async (from, to) => {
			for (let n = from; n < to; n += 100) {
				round(n, n + 100);
				await task();
				kernel.sent.length = lines.length = 0;
			}
		};
		await rounds(0, 1000);
		const before = await heap();
		await rounds(1000, 11000);
		return { ...await rest(), seen, heap: before, heapLater: await heap() };`)
	require.Equal(t, 8800, got.Seen)
	requireNoLeaks(t, got)
}

func TestCallbacksLeaveNothing(t *testing.T) {
	p := newPage(t, 1)
	var got leaks
	p.get(&got, measure+`
		const status = (execution_state) => message("status", { execution_state });
		let events = 0, ended = 0, seen = 0;
		kernel.onsend = (m) => { if (m.callbacks) events++; };
		const event = p.exports.gocomm_event;
		p.exports.gocomm_event = (seq, number, kind, ...rest) => {
			if (kind === -1) ended++;
			return event(seq, number, kind, ...rest);
		};
		now(commOpen("c1", "probe.status"));
		const round = async (from, to) => {
			for (let n = from; n < to; n += 100) {
				for (let i = n; i < n + 100; i++) now(commMsg("c1"));
				await until(() => kernel.sent.length === 100);
				for (const { callbacks } of kernel.sent.slice(0, 100)) {
					callbacks.iopub.status(status("busy"));
					callbacks.iopub.output(message("stream", { text: "x" }));
					callbacks.iopub.clear_output(message("clear_output", {}));
					callbacks.iopub.status(status("idle"));
				}
				await until(() => kernel.sent.length === 200 && left(p).slots === 0);
				for (const m of kernel.sent.slice(100)) {
					if (m.content.data.join() === '{"execution_state":"busy"},output,{"execution_state":"idle"}') seen++;
				}
				kernel.sent.length = lines.length = 0;
			}
		};
		await round(0, 1000);
		const before = await heap();
		await round(1000, 11000);
		const later = await heap();
		now(commMsg("c1")); // and one whose idle comes after its comm has gone
		await until(() => kernel.sent.length === 1);
		now(commClose("c1"));
		kernel.sent[0].callbacks.iopub.status(status("idle"));
		await until(() => left(p).slots === 0);
		return { ...await rest(), events, ended, seen, heap: before, heapLater: later };`)
	require.Equal(t, 11001, got.Events)
	require.Equal(t, 11001, got.Ended)
	require.Equal(t, 11000, got.Seen)
	requireNoLeaks(t, got)
}
