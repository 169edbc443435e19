//go:build measure

package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/measure/cli"
)

// inFull are the figures that tests of e2e have in short: TestDeaths, TestLoadFaults.
var inFull = []int{8, 9}

// TestFaults measures a small part of each figure of `make faults`.
func TestFaults(t *testing.T) {
	root, err := cli.Root(t.Context())
	require.NoError(t, err)
	browser, err := browse.Launch(t.Context())
	require.NoError(t, err)
	lab, err := New(t.Context(), root, browser)
	require.NoError(t, err)
	defer func() {
		require.NoError(t, lab.Close())
		require.NoError(t, browser.Close())
	}()
	lab.Short = true
	for _, f := range Figures() {
		if slices.Contains(inFull, f.ID) {
			continue
		}
		t.Run(fmt.Sprintf("%d %s", f.ID, f.Name), func(t *testing.T) {
			lab.Logf = t.Logf
			rows := f.Measure(lab)
			require.NotEmpty(t, rows)
			for _, r := range rows {
				if r.Timed { // no figure where others run beside it
					require.NotNil(t, r.Value, r.Name)
					continue
				}
				require.True(t, r.Pass, "%s: %q, the goal is %s, the control has %q", r.Name, number(r.Value), r.Goal, number(r.Control))
			}
		})
	}
}
