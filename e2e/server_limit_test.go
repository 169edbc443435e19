package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

const serverLimit = 100 << 20

// takesLarge is a server whose limit for messages was raised; a test raises gocomm's.
var takesLarge = setup{
	name:         "takes-large",
	nbextensions: withGocomm.nbextensions,
	enable:       withGocomm.enable,
	settings: fmt.Sprintf(`
c = get_config()
c.ServerApp.tornado_settings = c.NotebookApp.tornado_settings = {"websocket_max_message_size": %d}
`, serverLimit),
}

const fixedTarget = `import ipywidgets
comms, heard = [], []
def target(comm, msg):
    comms.append(comm) # ipykernel closes a comm that is collected
    heard.append(msg["content"]["data"])
    comm.on_msg(lambda msg: heard.append([msg["content"]["data"], *map(len, msg["buffers"])]))
get_ipython().kernel.comm_manager.register_target("fixed", target)
up = ipywidgets.FileUpload()
up`

// TestLargeSends sends what the server takes, and no more. Then the page's JavaScript opens its
// comm again under the same id, as libraries do at each connection.
func TestLargeSends(t *testing.T) {
	forHosts(t, takesLarge, func(t *testing.T, h *host) {
		configure(t, h, fmt.Sprintf(`{"gocomm": {"maxSend": %d}}`, serverLimit))
		p := newProxy(t, h)
		d := &desk{Page: newPage(t), host: h, manager: "replace"}
		d.load(t, p.through(h.NewNotebook(t, fixedTarget)))
		require.NoError(t, d.RunCellWait(0))
		d.shows(t, "button", 0, `true`)

		file := filepath.Join(t.TempDir(), "large")
		require.NoError(t, os.WriteFile(file, make([]byte, 20<<20), 0o600))
		require.NoError(t, d.ChooseFile(d.in("button", 0), file))
		kernelHas(t, d.Page, `20971520`, `sum(len(f["content"]) for f in (up.value.values() if isinstance(up.value, dict) else up.value))`)

		script(t, d.Page, `window.a = manager.new_comm("fixed", {n: 1}, {}, {}, "fixed"); a.send("large", undefined, {}, [new Uint8Array(20 << 20)])`)
		kernelHas(t, d.Page, `[{"n": 1}, ["large", 20971520]]`, `heard`)
		refused, err := browse.Eval[string](d.Page, `(() => { try { a.send({}, undefined, {}, [new Uint8Array(100 << 20)]); return "" } catch (e) { return e.message } })()`)
		require.NoError(t, err)
		require.Regexp(t, `^gocomm: comm_msg: comm fixed \(target fixed\): the message has 1048\d{5} bytes, more than the 104857600 of the setting maxSend; send it in parts, or raise maxSend and the server's websocket_max_message_size \(in its tornado_settings\)$`, refused)

		script(t, d.Page, `window.b = manager.new_comm("fixed", {n: 2}, {}, {}, "fixed"); b.send("of b")`)
		kernelHas(t, d.Page, `[{"n": 2}, ["of b"]]`, `heard[2:]`)
		p.cut(false)
		require.NoError(t, d.Wait(`!Jupyter.notebook.kernel.is_connected()`, soon))
		p.mend()
		require.NoError(t, d.WaitKernelReady())
		script(t, d.Page, `window.c = manager.new_comm("fixed", {n: 3}, {}, {}, "fixed"); c.send("of c"); a.send("of a")`)
		kernelHas(t, d.Page, `[{"n": 3}, ["of c"], ["of a"]]`, `heard[4:]`)
		newest, err := browse.Eval[bool](d.Page, `Jupyter.notebook.kernel.comm_manager.comms.fixed.then(comm => comm === c)`)
		require.NoError(t, err)
		require.True(t, newest)
	})
}
