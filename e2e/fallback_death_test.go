package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/deaths"
)

// withFiles serves what withProbe serves, and enables nothing.
var withFiles = setup{name: "files", nbextensions: withProbe.nbextensions}

// TestDeaths has a program die in five ways while cells run: each cell completes,
// JavaScript's comms and widgets live on, Go's are closed, and the program is started
// again until it has died too often.
func TestDeaths(t *testing.T) {
	forHosts(t, withFiles, func(t *testing.T, h *host) {
		page := openNotebook(t, h)
		n := len(deaths.Ways)
		r, err := deaths.Run(page, n)
		require.NoError(t, err)
		t.Logf("%+v", r)
		r.Slowest = 0 // `make faults` looks at the time
		require.Equal(t, deaths.Result{Cells: n, Noticed: n, Restarted: n - 1, Closed: n, Messages: 20 * n, Widget: true}, r)

		var again, off int
		for _, m := range page.Console() {
			if strings.HasPrefix(m.Text, "gocomm: ") {
				require.Contains(t, m.Text, "gocomm: probe.wasm has ended: it ")
			}
			if strings.Contains(m.Text, "it is started again") {
				again++
			}
			if strings.Contains(m.Text, "It is not started again, after 3 times within 5 minutes") {
				off++
			}
		}
		require.Equal(t, []int{n - 1, 1}, []int{again, off})
	})
}
