package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// drop cuts the page's websocket and has it come back: a gap is reported where it was,
// and what the page did meanwhile arrives in order.
func (l *life) drop(t *testing.T, reset bool) {
	l.begin(t)
	l.exec(t, `comms[1].send("before"); comms[2].send("before")`)
	l.has(t, `["before"]`, `got["probe.life"]`)
	require.NoError(t, l.Wait(`life.got.length === 1`, soon))
	require.NoError(t, l.Click(l.in(handle, 0)))

	// A kernel at work says who it is all the same: what waits is not held back until it is done.
	work, err := browse.Eval[string](l.Page, `Jupyter.notebook.kernel.execute("time.sleep(3)", {}, {silent: false, store_history: false})`)
	require.NoError(t, err)
	_, err = l.WaitWire(func(f browse.Frame) bool {
		return f.ParentID == work && f.MsgType == "status" && strings.Contains(string(f.Content), "busy")
	}, soon)
	require.NoError(t, err, "the kernel is at work")
	seen := len(l.Wire())
	l.proxy.cut(reset)
	require.NoError(t, l.Wait(`!Jupyter.notebook.kernel.is_connected()`, soon))
	require.NoError(t, l.Press(kb.ArrowRight))
	l.text(t, readout, 0, "4")
	l.js(t, `(() => {
		kernel.execute("order = [s.value]; comms[3].on_msg(lambda msg: order.append(msg['content']['data']))");
		life.comms.asked.send("sent");
		kernel.execute("order.append('executed')");
		life.comms.asked.send("binary", undefined, undefined, [new Uint8Array(3)]);
	})()`)
	l.proxy.mend()

	require.NoError(t, l.Wait(`life.gaps.length`, soon))
	l.has(t, `[[4, "sent", "executed", "binary"], 4]`, `[order, s.value]`)
	frames := l.Wire()[seen:]
	sent := slices.IndexFunc(frames, func(f browse.Frame) bool { return f.Direction == browse.Sent && string(f.Data) == `"binary"` })
	idle := slices.IndexFunc(frames, func(f browse.Frame) bool {
		return f.ParentID == work && f.MsgType == "status" && strings.Contains(string(f.Content), "idle")
	})
	require.True(t, 0 <= sent && sent < idle, "sent as frame %d, the kernel is done with its work at %d", sent, idle)
	l.exec(t, `comms[1].send("after"); comms[2].send("after")`)
	l.has(t, `["before", "gap", "after"]`, `got["probe.life"]`)
	require.NoError(t, l.Wait(`life.got.length === 3`, soon))
	got, err := browse.Eval[struct {
		Got    []string
		Gaps   []struct{ Kernel, Right bool }
		Go     []string
		Epochs int
		Closed []any
	}](l.Page, `({
		Got: life.got, Gaps: life.gaps.map(g => ({Kernel: g.kernel, Right: g.since < g.until && Math.abs(Date.now() - g.until) < 30000})),
		Go: life.lines.filter(l => `+quoted(t, l.ids[:2])+`.some(id => l.startsWith("probe: life " + id))),
		Epochs: Jupyter.notebook.kernel[Symbol.for("gocomm.hub.2")].epoch.count - life.epochs, Closed: life.closed,
	})`)
	require.NoError(t, err)
	require.Equal(t, []string{"before", "gap", "after"}, got.Got)
	require.Equal(t, []struct{ Kernel, Right bool }{{true, true}}, got.Gaps)
	require.Len(t, got.Go, 2)
	for i, line := range got.Go {
		require.Regexp(t, `^probe: life \w+ gap of [0-9.]+m?s`, line, i)
	}
	require.Zero(t, got.Epochs)
	require.Empty(t, got.Closed)
	l.works(t, 20)
}
