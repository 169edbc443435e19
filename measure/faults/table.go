//go:build measure

package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// PrintTable prints the rows, and tells how many have failed.
func PrintTable(w io.Writer, rows []Row) (failed int) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\t\tgocomm\tgoal\t\tstock")
	for _, r := range rows {
		mark := "ok"
		if !r.Pass {
			mark = "FAILED"
			failed++
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Name, number(r.Value), r.Goal, mark, number(r.Control))
	}
	t.Flush()
	if failed == 0 {
		fmt.Fprintf(w, "\nAll %d rows are as promised.\n", len(rows))
	} else {
		fmt.Fprintf(w, "\n%d of %d rows are not as promised.\n", failed, len(rows))
	}
	return failed
}

func number(v *float64) string {
	if v == nil {
		return ""
	}
	if *v == float64(int64(*v)) {
		return strconv.FormatInt(int64(*v), 10)
	}
	return strconv.FormatFloat(*v, 'f', 2, 64)
}
