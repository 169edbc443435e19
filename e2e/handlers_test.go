package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestBuffers sends binary buffers both ways, through Go and through JavaScript.
func TestBuffers(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		python(t, page, `import os
sent = [os.urandom(n) for n in (0, 1, 4096, 1 << 20)]
echo = open_comm("probe.echo"); echo.send("bytes", buffers=sent)`)
		kernelHas(t, page, `true`, `len(buffers["probe.echo"]) == 1 and buffers["probe.echo"][0] == sent`)

		// A view into a larger buffer is sent as what it shows, not as the buffer.
		script(t, page, `manager.register_target('js.views', comm => comm.on_msg(msg => {
			const large = new Uint8Array(1 << 16).map((_, i) => i);
			const views = [large.subarray(10, 14), new DataView(large.buffer, 300, 0), new Uint16Array(large.buffer, 2, 3)];
			comm.send({own: msg.buffers.every(b => b.buffer.byteLength === b.byteLength)}, {}, {}, [...msg.buffers, ...views]);
		}))`)
		python(t, page, `views = open_comm("js.views"); views.send("bytes", buffers=sent)`)
		kernelHas(t, page, `[{"own": true}]`, `got["js.views"]`)
		kernelHas(t, page, `true`, `buffers["js.views"][0] == sent + [bytes([10, 11, 12, 13]), b"", bytes(range(2, 8))]`)
		require.Empty(t, page.Errors())
	})
}

// TestLargeBuffer sends 64 MB from the kernel to a handler in Go.
func TestLargeBuffer(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		require.NoError(t, page.StopWire())
		python(t, page, `import hashlib, os
large = os.urandom(1 << 20) * 64
digest = open_comm("probe.digest"); digest.send("bytes", buffers=[large, b"small"])`)
		kernelHas(t, page, `true`, `got["probe.digest"] == [" ".join(hashlib.sha256(b).hexdigest() for b in (large, b"small"))]`)
		require.Empty(t, page.Errors())
	})
}

// TestBlockedAndPanicking has one Go handler wait for 2 s and one panic: other comms
// and the cells' output go on meanwhile.
func TestBlockedAndPanicking(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		python(t, page, `blocked = open_comm("probe.block"); panics = open_comm("probe.panics"); echo = open_comm("probe.echo")
blocked.send(2000)
panics.send("now"); panics.send("and again")
for n in range(10):
    echo.send(n)
print("output goes on")`)
		kernelHas(t, page, `[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]`, `got["probe.echo"]`)
		kernelHas(t, page, `[]`, `got["probe.block"]`) // all of that within the 2 s
		kernelHas(t, page, `["done"]`, `got["probe.block"]`)
		console(t, page, "the handler failed: panic: the probe was told to", `target "probe.panics"`, python(t, page, `print(panics.comm_id)`))
		kernelHas(t, page, `false`, `"probe.panics" in closed`)
		var panics int
		for _, e := range page.Errors() {
			require.Contains(t, e.Text, "the probe was told to")
			panics++
		}
		require.Equal(t, 1, panics, "the second is like the first, and counted")
	})
}

// TestStatusCallbacks is a message sent from Go with callbacks for what the kernel
// does on its account.
func TestStatusCallbacks(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openProbe(t, h)
		python(t, page, `comm = open_comm("probe.status")
said = []
@comm.on_msg
def _(msg):
    said.append(msg["content"]["data"])
    if len(said) == 1: print("on its account")
comm.send("go")`)
		kernelHas(t, page, `["ask", ["{\"execution_state\":\"busy\"}", "output", "{\"execution_state\":\"idle\"}"]]`, `said`)
		ask, err := page.WaitWire(func(f browse.Frame) bool { return f.MsgType == "comm_msg" && string(f.Data) == `"ask"` }, soon)
		require.NoError(t, err)
		kept, err := browse.Eval[bool](page, `"`+ask.MsgID+`" in Jupyter.notebook.kernel._msg_callbacks`)
		require.NoError(t, err)
		require.False(t, kept, "the kernel object keeps the callbacks of a message that is done with")
	})
}
