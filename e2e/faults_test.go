package e2e

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/faults"
)

// inFull are the figures that tests of their own have in short: TestDeaths, TestLoadFaults.
var inFull = []int{8, 9}

// TestFaults measures a small part of each figure of `make faults`.
func TestFaults(t *testing.T) {
	lab, err := faults.New(context.Background(), fixture.root, fixture.envs, fixture.browser)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, lab.Close()) })
	lab.Short = true
	for _, f := range faults.Figures() {
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
				require.True(t, r.Pass, "%s: %v, the goal is %s, the control has %v", r.Name, text(r.Value), r.Goal, text(r.Control))
			}
		})
	}
}

func text(v *float64) string {
	if v == nil {
		return "nothing"
	}
	return fmt.Sprint(*v)
}
