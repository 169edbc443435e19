package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A kernel's end is told by several events; comms end once, and the kernel is not told.
func TestTheKernelsEnd(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Logged, Closed, Pending []string
		Sent                    int
		Refused                 string
		Comms                   []string
		Left                    struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		const heard = new Set();
		kernel.events = { on: (names, f) => heard.add(f), off: (names, f) => heard.delete(f) };
		const fire = (kernel) => { for (const f of heard) f({}, { kernel }); };
		const json = (type) => JSON.stringify({ header: { msg_type: type } });
		const frame = (type, n) => {
			const text = new TextEncoder().encode(json(type)), bytes = new Uint8Array(4 + 4 * n + text.length + 3 * (n - 1));
			const view = new DataView(bytes.buffer);
			view.setUint32(0, n);
			for (let i = 0; i < n; i++) view.setUint32(4 * (i + 1), 4 + 4 * n + (i > 0 ? text.length + 3 * (i - 1) : 0));
			bytes.set(text, 4 + 4 * n);
			return bytes.buffer;
		};
		kernel._pending_messages = [json("execute_request"), json("comm_msg"), frame("comm_msg", 1), frame("comm_open", 3), frame("custom", 2), json("comm_info_request"), json("comm_close")];
		const manager = await attach("probe"), closed = [];
		deliver(commOpen("go", "probe.echo"));
		deliver(commMsg("go", 1));
		deliver(commOpen("held", "nobody"));
		manager.register_target("js", (comm) => comm.on_close(() => { closed.push("js"); }));
		await deliver(commOpen("js", "js"));
		const comm = manager.new_comm("kernel-side");
		await until(() => sent("go").length === 1);
		fire({}); // another kernel's
		if (comm.send("alive") === "") throw new Error("not sent");
		const before = kernel.sent.length;
		fire(kernel);
		fire(kernel);
		let refused = "";
		try { comm.send("late"); } catch (e) { refused = e.message; }
		comm.close();
		const logged = () => lines.filter((l) => l.text.startsWith("probe: closed go")).map((l) => l.text);
		await until(() => logged().length > 0);
		await deliver(commOpen("go", "probe.echo")); // the next kernel's
		deliver(commMsg("go", "next"));
		await until(() => sent("go").length === 2);
		const result = { logged: logged(), closed, refused, sent: kernel.sent.length - before, pending: kernel._pending_messages.map((m) => typeof m === "string" ? JSON.parse(m).header.msg_type : "frame"), comms: Object.keys(stock.comms), left: left(program("probe")) };
		detach();
		if (heard.size) throw new Error("still listens");
		return result;`)
	require.Len(t, got.Logged, 1)
	require.Empty(t, got.Closed, "on_close would take widgets off the page")
	require.Equal(t, []string{"execute_request", "frame", "comm_info_request"}, got.Pending)
	require.Equal(t, 1, got.Sent, "the echo of the next kernel's comm")
	require.Contains(t, got.Refused, "its kernel was restarted, changed or shut down; open a new comm")
	require.Empty(t, got.Comms)
	require.Equal(t, 1, got.Left.Routes)
	require.Zero(t, got.Left.Slots)
}
