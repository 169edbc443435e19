package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestFrontEndOpens is a comm that the front end opens to a target in Python, from
// JavaScript and from Go, with an echo, closed from either side.
func TestFrontEndOpens(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)

		script(t, page, `window.js = manager.new_comm('py.target', {from: 'js'}); js.said = [];
			js.on_msg(m => js.said.push(m.content.data)); js.on_close(m => js.said.push(['closed', m.content.data]));
			js.send('hello from js')`)
		require.NoError(t, page.Wait(`js.said.length === 1 && js.said[0].echo === 'hello from js'`, soon))
		kernelHas(t, page, `[["open", {"from": "js"}], ["msg", "hello from js"]]`, `seen`)
		script(t, page, `js.close({bye: 1})`)
		kernelHas(t, page, `["close", {"bye": 1}]`, `seen[-1]`)
		script(t, page, `js.send('late')`)
		console(t, page, "gocomm: comm_msg: ", "closed by this page", "open a new comm")
		script(t, page, `window.js = manager.new_comm('py.target', {from: 'js'}); js.on_close(m => { js.closed = m.content.data })`)
		kernelHas(t, page, `["open", {"from": "js"}]`, `seen[-1]`)
		python(t, page, `opened[-1].close({"by": "python"})`)
		require.NoError(t, page.Wait(`js.closed && js.closed.by === 'python'`, soon))

		python(t, page, `seen.clear(); front = open_comm("probe.front"); front.send("py.target")`)
		kernelHas(t, page, `[{"echo": "hello from go"}]`, `got["probe.front"]`)
		kernelHas(t, page, `[["open", {"from": "go"}], ["msg", "hello from go"]]`, `seen`)
		python(t, page, `opened[-1].send("close")`)
		kernelHas(t, page, `["close", "bye from go"]`, `seen[-1]`)
		python(t, page, `front = open_comm("probe.front"); front.send("py.target")`)
		kernelHas(t, page, `[{"echo": "hello from go"}]`, `got["probe.front"]`)
		python(t, page, `opened[-1].close()`)
		kernelHas(t, page, `"closed: commmgr: closed by the kernel"`, `got["probe.front"][-1]`)
		require.Empty(t, page.Errors())
	})
}

// TestLateTarget is a comm whose target is registered 3 s after it was opened, in
// Go and in JavaScript, and one whose target never is.
func TestLateTarget(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		python(t, page, `control = open_comm("probe.late"); control.send({"Target": "late.go", "Ms": 3000})
for target in ["late.go", "late.js", "never.there"]:
    comm = open_comm(target, {"to": target})
    for word in ["a", "b", "c"]:
        comm.send(word)`)
		script(t, page, `setTimeout(() => manager.register_target('late.js', (comm, open) => {
			comm.send(open.content.data);
			comm.on_msg(msg => comm.send(msg.content.data));
		}), 3000)`)
		kernelHas(t, page, `["a", "b", "c"]`, `got["late.go"]`)
		kernelHas(t, page, `[{"to": "late.js"}, "a", "b", "c"]`, `got["late.js"]`)
		kernelHas(t, page, `false`, `"never.there" in closed`) // the grace period is 10 s
		kernelHas(t, page, `true`, `"no such target" in closed.get("never.there", {}).get("reason", "")`)
		console(t, page, `target "never.there"`, "no such target")
		kernelHas(t, page, `["late.go", "late.js", "never.there"]`, `sorted(t for t in got if "." in t and not t.startswith("probe."))`)
	})
}

// TestReload is a page that is loaded again while its comms are open.
func TestReload(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		python(t, page, `before = open_comm("probe.echo"); before.send("before")`)
		kernelHas(t, page, `["before"]`, `got["probe.echo"]`)
		require.NoError(t, page.Save())
		require.NoError(t, page.Reload())
		require.NoError(t, page.WaitKernelReady())
		ready(t, page, "probe.echo")
		python(t, page, `after = open_comm("probe.echo"); after.send("after")`)
		kernelHas(t, page, `["after"]`, `got["probe.echo"]`)
		python(t, page, `before.send("still there?")`)
		console(t, page, "no such comm")
		require.Empty(t, page.Errors())
	})
}

// TestHeldWhileLoading has 100 comms opened, each with messages, while the programs
// are on their way.
func TestHeldWhileLoading(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h) // the kernel has to be there already, or the 3 s would pass without it
		cells := make([]string, 5)
		for i := range cells {
			cells[i] = `for n in range(20):
    many.append(open_comm(f"probe.echo", n)); replies.append(got["probe.echo"])
    for k in range(3):
        many[-1].send([len(many), k])
print("opened", len(many))`
		}
		first, err := page.AddCells(append([]string{`many, replies = [], []; print("begun")`}, cells...)...)
		require.NoError(t, err)
		require.NoError(t, page.Save())
		require.NoError(t, page.Delay("*commmgr.wasm.gz*", 3*time.Second))
		require.NoError(t, page.Delay("*probe.wasm.gz*", 3*time.Second))
		require.NoError(t, page.Reload())
		for i := range len(cells) + 1 {
			require.NoError(t, page.RunCell(first+i))
		}
		require.NoError(t, page.WaitOutput(first, "begun", soon))
		taken, err := browse.Eval[bool](page, `'_hub' in Jupyter.notebook.kernel.comm_manager`)
		require.NoError(t, err)
		require.False(t, taken, "what has to do with no comm does not wait for the program")
		require.NoError(t, page.WaitOutput(first+5, "opened 100", soon))
		ready(t, page, "probe.echo")
		kernelHas(t, page, `true`, `replies == [[[n + 1, k] for k in range(3)] for n in range(100)]`)
		require.Empty(t, page.Errors())
	})
}
