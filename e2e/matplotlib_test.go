package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMatplotlibNotebook runs a cell with a figure of `%matplotlib notebook` again and again. Its
// JavaScript sends on comms that have ended, from handlers of the page's own events: an exception
// out of a send would keep the handlers after it from being called.
func TestMatplotlibNotebook(t *testing.T) {
	forManagers(t, func(t *testing.T, h *host, manager string) {
		d := &desk{Page: newPage(t), host: h, manager: manager, cell: 1}
		d.load(t, h.NewNotebook(t, "%matplotlib notebook\nimport matplotlib.pyplot as plt", "plt.figure(); plt.plot([1, 2, 3])", "print(plt.get_fignums())"))
		figures := func() string {
			t.Helper()
			require.NoError(t, d.Wait(`Jupyter.notebook.get_cell(1).element.find("canvas").length > 0`, soon))
			out, err := d.CellOutput(2)
			require.NoError(t, err)
			return strings.TrimSpace(out)
		}
		require.NoError(t, d.RunCellWait(0))
		for n := range 6 {
			require.NoError(t, d.RunCellWait(1))
			require.NoError(t, d.RunCellWait(2))
			require.Equal(t, "[1]", figures(), "run %d", n+1)
		}
		require.NoError(t, d.RestartKernel())
		require.NoError(t, d.RunAllWait())
		require.Equal(t, "[1]", figures(), "after a restart")
		require.Empty(t, d.Errors())
	})
}
