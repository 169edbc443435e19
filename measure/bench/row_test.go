//go:build measure

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/measure/cli"
)

func TestResults(t *testing.T) {
	met := ratioRow("met", "ns", stock, 0.5, samples{1, []float64{100, 300, 200}, []float64{90, 400, 100}})
	missed := ratioRow("missed", "ns", stock, 0.5, samples{1, []float64{100, 300, 200}, []float64{180, 800, 200}})
	small := belowRow("small", "MB", stock, 1, 0.25, 10)
	large := belowRow("large", "MB", stock, 1, 1, 10)
	nothing := ratioRow("nothing", "ns", stock, 1, samples{1, []float64{0}, []float64{0}})
	rows := []row{met, missed, small, large, nothing}

	path := filepath.Join(t.TempDir(), "dist", "bench.json")
	require.NoError(t, cli.WriteJSON(path, rows))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var read []map[string]any
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, map[string]any{"name": "met", "unit": "ns", "value": 100.0, "baseline": stock, "baseline_value": 200.0,
		"ratio": 0.5, "goal": 0.5, "pass": true}, read[0])
	for i, pass := range []bool{true, false, true, false, false} {
		require.Equal(t, pass, read[i]["pass"], read[i]["name"])
	}

	var table strings.Builder
	printTable(&table, rows)
	require.Contains(t, table.String(), "3 of 5 goals are missed:\n  missed: 200 ns against 200 ns")
	require.NotContains(t, table.String(), "  met: ")
}

func TestFlags(t *testing.T) {
	o := &options{}
	_, err := cli.Parse("bench", does, o, []string{"-slow", "2", "-only", "size"})
	require.NoError(t, err)
	require.Equal(t, 2, o.slow)
	require.True(t, o.only.MatchString("size of the drop-in, gzip"))
	for _, args := range [][]string{{"-slow", "0"}, {"-repetitions", "0"}, {"-only", "("}, {"more"}} {
		_, err := cli.Parse("bench", does, &options{}, args)
		require.Error(t, err, args)
	}
}

func TestMedian(t *testing.T) {
	require.Equal(t, 2.0, median([]float64{3, 1, 2}))
	require.Equal(t, 2.5, median([]float64{4, 1, 2, 3}))
}
