package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFacadeIsClassics(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Kernel, Stock, Targets, Comms, Captured bool
		Arity                                   []int
		Unregister, Keys                        []string
	}
	p.get(&got, `
		stock.register_target("before", () => {});
		const manager = await attach("commmgr");
		const f = () => {};
		const answers = [manager.register_target("js", f), stock.unregister_target("js"), manager.unregister_target("nobody's")].map(String);
		manager.init_kernel(kernel);
		stock.register_target("through stock", f);
		const comm = manager.new_comm("kernel-side");
		return {
			kernel: comm.kernel === kernel && manager.kernel === kernel, stock: kernel.comm_manager === manager,
			targets: manager.targets === stock.targets && manager.targets.before !== undefined && manager.targets["through stock"] === f && !("js" in manager.targets),
			comms: manager.comms === stock.comms && await manager.comms[comm.comm_id] === comm,
			captured: stock.new_comm("kernel-side").constructor === comm.constructor,
			arity: [manager.new_comm.length, comm.close.length, manager.register_target.length],
			unregister: answers, keys: Object.keys(comm).sort(),
		};`)
	require.True(t, got.Kernel && got.Stock && got.Targets && got.Comms && got.Captured, "%+v", got)
	require.Equal(t, []int{6, 4, 2}, got.Arity)
	require.Equal(t, []string{"undefined", "undefined", "undefined"}, got.Unregister)
	require.Equal(t, []string{"_close_callback", "_msg_callback", "comm_id", "kernel", "target_name"}, got.Keys)
}

func TestFacadeSends(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		IDs     []string
		Sent    []any
		Thrown  []string
		Lengths []int
		Left    struct{ Slots, Lost, Routes int }
		Comms   []string
	}
	p.get(&got, `
		const manager = await attach("commmgr");
		const callbacks = { iopub: {} };
		const view = new Uint8Array(Uint8Array.from({ length: 1000 }, (_, i) => i).buffer, 8, 4);
		const comm = manager.new_comm("target", 0, callbacks, { version: 1 }, "c1", [view]);
		const ids = [comm.send(null), comm.send("text", callbacks, { m: 1 }, [view, new DataView(view.buffer, 990), new ArrayBuffer(3)])];
		const thrown = [];
		const attempt = (f) => { try { f(); thrown.push("nothing"); } catch (e) { thrown.push(e.message); } };
		attempt(() => manager.new_comm("target", {}, undefined, undefined, "c1"));
		attempt(() => manager.new_comm("target", {}, undefined, undefined, "__proto__"));
		kernel.onsend = () => { throw new Error("not connected"); };
		attempt(() => manager.new_comm("target", {}, undefined, undefined, "c2"));
		attempt(() => comm.close());
		kernel.onsend = undefined;
		ids.push(comm.close(false));
		attempt(() => comm.send({}));
		if (comm.close() !== "") throw new Error("closed twice");
		const buffers = kernel.sent[2].buffers;
		return {
			ids, thrown, sent: kernel.sent.map((m) => [m.type, m.content.data, m.metadata ?? null, m.callbacks === callbacks]),
			// The kernel object sends the whole buffer under a view.
			lengths: [...kernel.sent[0].buffers, ...buffers].map((b) => (b.buffer ?? b).byteLength).concat([...new Uint8Array(buffers[0])]),
			left: left(program("commmgr")), comms: Object.keys(stock.comms),
		};`)
	require.Equal(t, []string{"sent-1", "sent-2", "sent-3"}, got.IDs)
	empty := map[string]any{}
	require.Equal(t, []any{
		[]any{"comm_open", empty, map[string]any{"version": 1.0}, true},
		[]any{"comm_msg", empty, nil, false},
		[]any{"comm_msg", "text", map[string]any{"m": 1.0}, true},
		[]any{"comm_close", empty, nil, false},
	}, got.Sent)
	require.Equal(t, []int{4, 4, 10, 3, 8, 9, 10, 11}, got.Lengths)
	require.Len(t, got.Thrown, 5)
	require.Contains(t, got.Thrown[0], "the comm id is in use")
	require.Contains(t, got.Thrown[1], "bad name")
	require.Equal(t, []string{"not connected", "not connected"}, got.Thrown[2:4])
	require.Contains(t, got.Thrown[4], "gocomm: comm_msg: comm c1 (target target): ")
	require.Contains(t, got.Thrown[4], "open a new comm")
	require.Zero(t, got.Left)
	require.Empty(t, got.Comms)
}

func TestForeignCommObjects(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		ID     string
		Events []any
		Left   struct{ Slots, Lost, Routes int }
		Wait   int
		Comms  []string
	}
	p.get(&got, `
		const manager = await attach("commmgr");
		const events = [];
		const make = (id) => {
			const comm = new StockComm("theirs", id);
			comm.on_msg((m) => events.push(id + " " + m.content.data));
			comm.on_close((m) => events.push(id + " closed"));
			return comm;
		};
		const first = make("f1"), second = make("f2");
		const id = manager.register_comm(first);
		stock.register_comm(second);
		if (first.kernel !== kernel || kernel.sent.length) throw new Error("registered wrongly");
		const result = await manager.comm_msg(commMsg("f1", 1));
		events.push(result === first ? "gives the comm" : String(result));
		await deliver(commMsg("f2", 2));
		await manager.comm_close(commClose("f1"));
		manager.unregister_comm(second);
		manager.unregister_comm(second);
		await deliver(commMsg("f2", 3)); // reported as unknown
		const comm = await manager.comm_open(commOpen("u", "unknown"));
		events.push(String(comm), String(await manager.comm_msg(commMsg("nowhere"))));
		return { id, events, left: left(program("commmgr")), wait: pending(), comms: Object.keys(stock.comms) };`)
	require.Equal(t, "f1", got.ID)
	require.Equal(t, []any{"f1 1", "gives the comm", "f2 2", "f1 closed", "undefined", "undefined"}, got.Events)
	require.Zero(t, got.Left)
	require.Equal(t, 1, got.Wait, "u, whose target is unknown")
	require.Empty(t, got.Comms)
}

func TestJavaScriptDoesNotTakeAGoTarget(t *testing.T) {
	p := newPage(t, 1)
	thrown := p.run(`
		const manager = await attach("probe");
		try { manager.register_target("probe.echo", () => {}); } catch (e) { return e.message; }`)
	require.Equal(t, `gocomm: register_target: "probe.echo" is a target of probe.wasm`, thrown)
}
