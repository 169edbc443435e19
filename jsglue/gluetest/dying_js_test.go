package gluetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADeadProgramIsReplacedByTheStockManager(t *testing.T) {
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
				Errors, Failures, Closed, Foreign, StockLog, JS []string
				Reason                                          string
				Restored                                        bool
				CapturedComm                                    string
			}
			p.get(&got, fmt.Sprintf(`
				const manager = await attach("probe");
				const js = [];
				manager.register_target("js", (comm) => comm.on_msg((m) => { js.push(m.content.data); comm.send("js"); }));
				deliver(commOpen("js1", "js"));
				deliver(commOpen("c1", "probe.echo"));
				deliver(commOpen("c2", "probe.echo", {}, { own: false }));
				deliver(commOpen("victim", "probe.%s"));
				deliver(commMsg("victim"));
				await until(() => hub().main === null, "the program was noticed as dead");
				await kernel.queue;
				await task();
				deliver(commMsg("js1", "after"));
				await until(() => js.length === 1);
				deliver(commOpen("js2", "js"));
				deliver(commMsg("js2", "stock"));
				await until(() => js.length === 2);
				const comm = manager.new_comm("kernel-side", { a: 1 }); // who has captured the manager goes on, too
				return {
					errors: errors().filter((l) => l.startsWith("gocomm:")), failures: kernel.failures, js,
					closed: kernel.sent.filter((m) => m.type === "comm_close").map((m) => m.content.comm_id).sort(),
					reason: sent("c1", "comm_close")[0].content.data.reason,
					restored: kernel.comm_manager === stock && Object.keys(stock).join() === "kernel,targets,comms,log",
					stockLog: stock.log.filter((l) => l.includes("js2")),
					capturedComm: sent(comm.comm_id, "comm_open")[0].type + (stock.comms[comm.comm_id] ? " registered" : ""),
				};`, way.target))
			require.Equal(t, []string{"gocomm: probe.wasm has ended: " + way.why + ". Its comms are closed; reload the page to start it again."}, got.Errors)
			require.Empty(t, got.Failures, "thrown into the kernel's queue")
			require.Equal(t, []string{"c1", "victim"}, got.Closed)
			require.Equal(t, "gocomm: probe.wasm has ended", got.Reason)
			require.True(t, got.Restored)
			require.Equal(t, []string{"after", "stock"}, got.JS)
			require.Equal(t, []string{"open js2", `msg js2 "stock"`}, got.StockLog)
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
		deliver(commOpen("victim", "probe.exit"));
		kernel.onsend = () => { throw new Error("not connected"); };
		deliver(commMsg("victim"));
		await until(() => hub().main === null && kernel.comm_manager === stock);
		if (hub().routes.size) throw new Error("routes are left");`)
}

func TestAProgramThatFailsToStart(t *testing.T) {
	for _, start := range []struct{ option, why string }{
		{"fail", "no such target"},
		{"exit", "it exited with code 3"},
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
					return { rejected, log: stock.log, errors: errors().filter((l) => l.startsWith("gocomm:")), restored: kernel.comm_manager === stock && hub().programs.size === 0 };`, start.option, mode))
				require.Contains(t, got.Rejected, "gocomm: probe.wasm could not be loaded, the page's own comm manager stays: ")
				require.Contains(t, got.Rejected, start.why)
				require.Empty(t, got.Errors, "the rejection says it already")
				require.Equal(t, []string{"open c1", "msg c1 1"}, got.Log)
				require.True(t, got.Restored)
			})
		}
	}
}
