//go:build measure

package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// A row is one line of the results: the two sides' medians, and whether the goal is met.
type row struct {
	Name          string  `json:"name"`
	Unit          string  `json:"unit"`
	Value         float64 `json:"value"`
	Baseline      string  `json:"baseline"`
	BaselineValue float64 `json:"baseline_value"`
	Ratio         float64 `json:"ratio"`
	Goal          float64 `json:"goal"`
	Pass          bool    `json:"pass"`

	spread string // for the table: the quartiles of the repetitions' ratios
	below  bool   // the goal is for the value, and it is to be below
}

// samples are the repetitions of a row, one of each side after the other.
type samples struct {
	N        int // things done in one repetition
	Baseline []float64
	Ours     []float64
}

// ratioRow makes a row whose goal is the highest ratio.
func ratioRow(name, unit, baseline string, goal float64, s samples) row {
	r := row{Name: name, Unit: unit, Baseline: baseline, Goal: goal, Value: median(s.Ours), BaselineValue: median(s.Baseline)}
	r.finish()
	var ratios []float64
	for i, v := range s.Ours {
		ratios = append(ratios, v/s.Baseline[i])
	}
	slices.Sort(ratios)
	if n := len(ratios); n > 1 {
		r.spread = fmt.Sprintf("%.2f .. %.2f", ratios[n/4], ratios[n-1-n/4])
	}
	return r
}

// belowRow makes a row whose value is to be below the goal.
func belowRow(name, unit, baseline string, goal, value, baselineValue float64) row {
	r := row{Name: name, Unit: unit, Baseline: baseline, Goal: goal, Value: value, BaselineValue: baselineValue, below: true}
	r.finish()
	return r
}

// finish rounds, then decides: a ratio counts with two decimals, about what the
// page's clock gives (0.1 ms in a repetition of 20 ms or more).
func (r *row) finish() {
	if r.BaselineValue != 0 {
		r.Ratio = round(r.Value/r.BaselineValue, 100)
	}
	r.Value, r.BaselineValue = round(r.Value, 1000), round(r.BaselineValue, 1000)
	if r.below {
		r.Pass = r.Value < r.Goal
	} else {
		r.Pass = r.BaselineValue > 0 && r.Ratio <= r.Goal
	}
}

func round(v, digits float64) float64 { return math.Round(v*digits) / digits }

func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	if n == 0 {
		return math.NaN()
	}
	return (s[(n-1)/2] + s[n/2]) / 2
}

func printTable(w io.Writer, rows []row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\tgocomm\tbaseline\tratio\t(quartiles)\tgoal\t")
	var missed []string
	for _, r := range rows {
		goal, mark := fmt.Sprintf("ratio <= %g", r.Goal), "ok"
		if r.below {
			goal = fmt.Sprintf("< %g %s", r.Goal, r.Unit)
		}
		if !r.Pass {
			mark = "MISSED"
			missed = append(missed, fmt.Sprintf("%s: %s %s against %s %s (%s), ratio %.2f; the goal is %s",
				r.Name, number(r.Value), r.Unit, number(r.BaselineValue), r.Unit, r.Baseline, r.Ratio, goal))
		}
		fmt.Fprintf(t, "%s\t%s %s\t%s (%s)\t%.2f\t%s\t%s\t%s\n", r.Name, number(r.Value), r.Unit, number(r.BaselineValue), r.Baseline, r.Ratio, r.spread, goal, mark)
	}
	t.Flush()
	if len(missed) == 0 {
		fmt.Fprintf(w, "\nAll %d goals are met.\n", len(rows))
		return
	}
	fmt.Fprintf(w, "\n%d of %d goals are missed:\n", len(missed), len(rows))
	for _, m := range missed {
		fmt.Fprintln(w, "  "+m)
	}
}

func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
