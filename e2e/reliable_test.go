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

// TestReliable sends faster than the server lets through, from one cell, while the connection
// drops: on a plain comm and on a reliable one.
func TestReliable(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		l := openLife(t, h)
		require.NoError(t, l.RunCellWait(0))
		python(t, l.Page, fmt.Sprintf(countedPython, filepath.Join(fixture.root, "nbextension")))
		const n = 3500
		// The control: what is more than the server's limit of 1000 messages a second over 3 s is lost.
		python(t, l.Page, fmt.Sprintf(`for i in range(%d): plain.send(i)`, n))
		python(t, l.Page, `time.sleep(3.5)`)
		c := countOf(t, l.Page, "plain")
		t.Logf("plain: %+v", c)
		require.Less(t, c.Got, n)
		require.False(t, c.Reliable)

		began := time.Now()
		cell, err := browse.Eval[string](l.Page, fmt.Sprintf(`Jupyter.notebook.kernel.execute("for i in range(%d): sure.send(i)\nreliable.of(sure).flush(60)", {}, {silent: false, store_history: false})`, n))
		require.NoError(t, err)
		for i := range 2 {
			time.Sleep(time.Second)
			l.proxy.cut(i == 0)
			require.NoError(t, l.Wait(`!Jupyter.notebook.kernel.is_connected()`, soon))
			l.proxy.mend()
			require.NoError(t, l.WaitKernelReady())
		}
		_ = cell
		c = countOf(t, l.Page, "sure")
		t.Logf("reliable: %+v in %v", c, time.Since(began))
		require.Equal(t, counted{Got: n, Next: n, Reliable: true}, c)

		// The other way, which has no limit, with a drop.
		python(t, l.Page, `sides["sure"].start("send", 3000)`)
		l.proxy.cut(true)
		require.NoError(t, l.Wait(`!Jupyter.notebook.kernel.is_connected()`, soon))
		l.proxy.mend()
		require.NoError(t, l.WaitKernelReady())
		kernelHas(t, l.Page, `true`, `came == list(range(3000))`)
	})
}
