package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// countedPython opens comms on whose other side what comes is counted.
const countedPython = `import asyncio, json, sys, time
sys.path.insert(0, %q)
from comm import create_comm
from gocomm import calls, reliable
plain, sure = create_comm(target_name="probe.reliable"), reliable.open("probe.reliable")
sides = {"plain": calls.attach(plain), "sure": calls.attach(sure)}
came = []
sure.on_msg(lambda msg: came.append(msg["content"]["data"]))
def count(name): return json.dumps(sides[name].call("count", {}, timeout=30))`

// A counted is what wasm/probe's target has counted.
type counted struct {
	Got, Next, Wrong, Missing, Lost, Unacked int
	Reliable                                 bool
}

func countOf(t *testing.T, page *browse.Page, name string) (c counted) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(python(t, page, `print(count(`+fmt.Sprintf("%q", name)+`))`)), &c))
	return c
}

// TestReliable sends more than the server lets through, from one cell, while the connection
// drops: on a plain comm, which is the control, and on a reliable one.
func TestReliable(t *testing.T) {
	const n, drops = 5000, 2
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		l := openLife(t, h)
		require.NoError(t, l.RunCellWait(0))
		python(t, l.Page, fmt.Sprintf(countedPython, filepath.Join(fixture.root, "nbextension")))
		// The control: more than 1000 messages a second over 3 s, of which some are lost, unless the machine is too slow for
		// that. Without the pause, the kernel's socket could drop the cell's end.
		python(t, l.Page, fmt.Sprintf("for i in range(%d): plain.send({'i': i})\ntime.sleep(3.5)", n))
		c := countOf(t, l.Page, "plain")
		t.Logf("plain: %+v", c)
		require.Zero(t, c.Wrong)
		require.False(t, c.Reliable)

		began := time.Now()
		_, err := browse.Eval[string](l.Page, fmt.Sprintf(`Jupyter.notebook.kernel.execute("for i in range(%d): sure.send({'i': i})\nreliable.of(sure).flush(60)", {}, {silent: false, store_history: false})`, n))
		require.NoError(t, err)
		for i := range drops {
			time.Sleep(500 * time.Millisecond) // somewhere in the cell
			l.drops(t, i%2 == 0)
		}
		c = countOf(t, l.Page, "sure") // when the cell has ended
		t.Logf("reliable: %+v in %v", c, time.Since(began))
		require.Equal(t, counted{Got: n, Next: n, Reliable: true}, c)

		// The other way, which has no limit, with a drop.
		python(t, l.Page, `sides["sure"].start("send", 1000)`)
		l.drops(t, true)
		kernelHas(t, l.Page, `true`, `came == list(range(1000))`)
		require.Empty(t, l.errors())
	})
}

// drops cuts the page's connection, and has it come back.
func (l *life) drops(t *testing.T, reset bool) {
	t.Helper()
	l.proxy.cut(reset)
	require.NoError(t, l.Wait(`!Jupyter.notebook.kernel.is_connected()`, soon))
	l.proxy.mend()
	require.NoError(t, l.WaitKernelReady())
}
