package gluetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// A program that dies is started again, time after time up to the limit; then the
// stock manager does the work.
func TestADeadProgramIsStartedAgain(t *testing.T) {
	for _, way := range []struct{ target, why string }{
		{"exit", "it exited with code 3"},
		{"panic", "it exited with code 2"},
		{"panic_inside", "it exited with code 2"},
		{"oom", "it exited with code 2"},
		{"stack", "it crashed: Maximum call stack size exceeded"},
		{"inline-wait", "gocomm_msg did not return"}, // an export that waits
	} {
		t.Run(way.target, func(t *testing.T) {
			p := newPage(t, 1)
			var got struct {
				Errors, Failures, Closed, StockLog, JS []string
				Reason                                 string
				Requests                               int
				CapturedComm                           string
			}
			p.get(&got, fmt.Sprintf(snapshot+`
				const target = "probe.%s", js = [];
				stock.register_target("js", (comm) => comm.on_msg((m) => { js.push(m.content.data); comm.send("js"); }));
				const before = picture();
				const manager = await attach("probe");
				const { fetch } = globalThis;
				let requests = 0;
				globalThis.fetch = (...args) => (requests++, fetch(...args));
				deliver(commOpen("js1", "js"));
				deliver(commOpen("js2", "js", {}, { own: false }));
				const died = kill(target);
				let n = 0, alive = 0;
				const stream = setInterval(() => { for (const id of ["js1", "js2"]) now(commMsg(id, id + " " + n)); n++; }, 1);
				await died;
				for (let life = 1; life <= 3; life++) {
					if (kernel.comm_manager !== manager || stock.log.length) throw new Error("not in its place: " + stock.log);
					deliver(commOpen("c" + life, "probe.echo"));
					deliver(commOpen("d" + life, "probe.echo", {}, { own: false }));
					deliver(commMsg("c" + life, life));
					await until(() => sent("c" + life).length === 1, "Go's targets are back");
					manager.new_comm("kernel-side", { a: 1 }).close();
					await kill(target);
				}
				clearInterval(stream);
				delete stock.targets.js1;
				same(before, picture());
				const last = n;
				deliver(commMsg("js1", "stock"));
				await until(() => js.at(-1) === "stock");
				const order = ["js1", "js2"].map((id) => js.filter((m) => m.startsWith(id)).join() === Array.from({ length: last }, (_, i) => id + " " + i).join());
				const comm = manager.new_comm("kernel-side", { a: 1 }); // who has captured the manager goes on, too
				return {
					errors: errors().filter((l) => l.startsWith("gocomm:")), failures: kernel.failures, js: order.map(String), requests,
					closed: kernel.sent.filter((m) => m.type === "comm_close" && /^[cd]/.test(m.content.comm_id) && m.content.data.reason).map((m) => m.content.comm_id),
					reason: sent("c1", "comm_close")[0].content.data.reason, stockLog: stock.log.slice(-1),
					capturedComm: sent(comm.comm_id, "comm_open")[0].type + (stock.comms[comm.comm_id] ? " registered" : ""),
				};`, way.target))
			again := "gocomm: probe.wasm has ended: " + way.why + ". Its comms in Go are closed; it is started again."
			off := "gocomm: probe.wasm has ended: " + way.why + ". It is not started again, after 3 times within 5 minutes: the page's own comm manager works on. Reload the page to start it again."
			require.Equal(t, []string{again, again, again, off}, got.Errors)
			require.Empty(t, got.Failures, "thrown into the kernel's queue")
			require.Equal(t, []string{"true", "true"}, got.JS, "no message of JavaScript's comms is lost, doubled or out of order")
			require.Zero(t, got.Requests, "it was fetched again")
			require.Equal(t, []string{"c1", "c2", "c3"}, got.Closed)
			require.Equal(t, "gocomm: probe.wasm has ended", got.Reason)
			require.Equal(t, []string{`msg js1 "stock"`}, got.StockLog)
			require.Equal(t, "comm_open registered", got.CapturedComm)
		})
	}
}

// The kernel object of classic refuses to send while it is not connected.
func TestADeadProgramLeavesEvenIfItsClosesCannotBeSent(t *testing.T) {
	p := newPage(t, 1)
	p.run(`
		await attach("probe");
		for (const id of ["c1", "c2"]) deliver(commOpen(id, "probe.echo"));
		kernel.onsend = () => { throw new Error("not connected"); };
		await kill();
		if (hub().routes.size) throw new Error("routes are left");`)
}

func TestAProgramThatFailsToStart(t *testing.T) {
	for _, start := range []struct{ option, why string }{
		{"fail", "no such target"},
		{"exit", "it exited with code 3"},
		{"die", "it exited with code 2"}, // when it has just said that it is ready
	} {
		for _, mode := range []string{"replace", "beside"} {
			t.Run(start.option+" "+mode, func(t *testing.T) {
				p := newPage(t, 1)
				var got struct {
					Rejected, Dead string
					Log, Errors    []string
					Restored       bool
				}
				p.get(&got, fmt.Sprintf(`
					stock.register_target("js", () => {});
					const attached = attach("probe", { start: %q }, { mode: %q });
					deliver(commOpen("c1", "js"));
					deliver(commMsg("c1", 1));
					const rejected = await attached.then(() => "", (e) => e.message);
					await until(() => stock.log.length === 2);
					return { rejected, log: stock.log, errors: errors().filter((l) => l.startsWith("gocomm:")), restored: kernel.comm_manager === stock && !hub() };`, start.option, mode))
				require.Contains(t, got.Rejected, "gocomm: probe.wasm could not be loaded, the page's own comm manager stays: ")
				require.Contains(t, got.Rejected, start.why)
				require.Empty(t, got.Errors, "the rejection says it already")
				require.Equal(t, []string{"open c1", "msg c1 1"}, got.Log)
				require.True(t, got.Restored)
			})
		}
	}
}
