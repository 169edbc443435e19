package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestLoadFaults has what the extension loads be missing or wrong: the stock manager
// works on, and the console has one line that says why.
func TestLoadFaults(t *testing.T) {
	faults := []struct {
		name, pattern, mime, body string
		status                    int
		says                      string
	}{
		{"no program", "*/commmgr.wasm.gz*", "text/html", "not found", 404, "the server answered 404"},
		{"a login page", "*/commmgr.wasm.gz*", "text/html", "<!doctype html><title>Login</title>", 200, "this is not WebAssembly (text/html)"},
		{"a program cut off", "*/commmgr.wasm.gz*", "application/gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00", 200, "damaged or cut off"},
		{"no module", "*/gocomm/gocomm.js*", "text/html", "not found", 404, "gocomm.js could not be loaded"},
	}
	forHosts(t, withGocomm, func(t *testing.T, h *host) {
		for _, f := range faults {
			t.Run(f.name, func(t *testing.T) {
				page := newPage(t)
				require.NoError(t, page.Respond(f.pattern, f.status, f.mime, []byte(f.body)))
				require.NoError(t, page.OpenNotebook(h.NewNotebook(t, `from ipykernel.comm import Comm
comm = Comm(target_name="js.target", data={"n": 1})`)))
				require.NoError(t, page.WaitKernelReady())
				console(t, page, "gocomm: ", f.says)
				stock, err := browse.Eval[bool](page, `!('_hub' in Jupyter.notebook.kernel.comm_manager)`)
				require.NoError(t, err)
				require.True(t, stock)
				script(t, page, `manager.register_target('js.target', (comm, msg) => { window.opened = msg.content.data.n })`)
				require.NoError(t, page.RunCellWait(0))
				require.NoError(t, page.Wait(`opened === 1`, soon))
				var lines int
				for _, m := range page.Console() {
					if strings.HasPrefix(m.Text, "gocomm: ") {
						lines++
					}
				}
				require.Equal(t, 1, lines)
			})
		}
	})
}

// TestProgramEnds has a Go program exit while its comms are open: cells and other
// comms go on, its comms are closed, and one line says what happened.
func TestProgramEnds(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		python(t, page, `echo = open_comm("probe.echo"); echo.send("alive")`)
		kernelHas(t, page, `["alive"]`, `got["probe.echo"]`)
		python(t, page, `exit_comm = open_comm("probe.exit"); exit_comm.send("now")`)
		console(t, page, "gocomm: probe.wasm has ended: it exited with code 3")
		kernelHas(t, page, `true`, `"probe.wasm has ended" in closed["probe.echo"]["reason"]`)
		script(t, page, `manager.register_target('js.target', comm => comm.send('still here'))`)
		python(t, page, `after = open_comm("js.target")`)
		kernelHas(t, page, `["still here"]`, `got["js.target"]`)
	})
}
