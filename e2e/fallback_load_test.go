package e2e

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/loadfaults"
)

// TestLoadFaults has what the extension loads be missing or wrong, with messages
// waiting for it: within 5 s the stock manager has them, in order, and the console has
// one line that says why.
func TestLoadFaults(t *testing.T) {
	forHosts(t, withGocomm, func(t *testing.T, h *host) {
		var faults []loadfaults.Fault
		for _, f := range loadfaults.All {
			if h.Name == "h1" || f.H2 {
				faults = append(faults, f)
			}
		}
		for i, part := range [][]loadfaults.Fault{faults[:len(faults)/2], faults[len(faults)/2:]} {
			t.Run(fmt.Sprintf("part %d", i+1), func(t *testing.T) {
				t.Parallel()
				page := newPage(t)
				url := h.NewNotebook(t, loadfaults.Cells...)
				for _, f := range part {
					ok := t.Run(f.Name, func(t *testing.T) {
						_, err := f.Load(page, url, filepath.Join(fixture.root, "dist", "nbextension", "gocomm"))
						require.NoError(t, err)
					})
					if !ok {
						return // what the page shows is kept, of the first that failed
					}
				}
			})
		}
	})
}
