// Package deaths has a Go program on a notebook's page die, again and again, while
// cells run, and counts what that costs.
//
// The server is to serve the nbextension gocomm and the program of wasm/probe beside
// it, as probe/probe.wasm.gz and .js, and to enable neither.
package deaths

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"gocomm/e2e/browse"
)

// Ways are the probe's targets whose comms end it.
var Ways = []string{"probe.exit", "probe.panic", "probe.panic_inside", "probe.oom", "probe.stack"}

var (
	//go:embed kernel.py
	kernelPY string
	//go:embed page.js
	pageJS string
)

// A Result says what has become of n deaths.
type Result struct {
	Cells     int           // that have run to their end, with their output
	Noticed   int           // deaths after which the program was there again, or the stock manager
	Restarted int           // deaths after which the program was started again
	Fetches   int           // of files, until it was there again: what was compiled is used again
	Closed    int           // comms that were open in Go, and of whose end the kernel was told
	Messages  int           // sent on a comm of JavaScript's
	Lost      int           // of these, or of their answers
	Doubled   int           // likewise
	Disorder  int           // likewise: those that overtook another
	Widget    bool          // a slider shows what the kernel has set it to last
	Slowest   time.Duration // from a death to the program being there again, or the stock manager
}

const perDeath = 20 // messages

// Run has the program die n times in these ways, in turn. The page's kernel is ready.
func Run(page *browse.Page, n int) (Result, error) {
	var r Result
	if err := prepare(page); err != nil {
		return r, err
	}
	for i := range n {
		if _, err := browse.Eval[browse.Void](page, `deaths.attached()`); err != nil {
			return r, fmt.Errorf("deaths: before death %d: %w", i, err)
		}
		if _, err := browse.Eval[browse.Void](page, `deaths.watch()`); err != nil {
			return r, err
		}
		out, err := run(page, fmt.Sprintf(`death(%d, %q)`, i, Ways[i%len(Ways)]))
		if err != nil {
			return r, fmt.Errorf("deaths: death %d, by %s: %w", i, Ways[i%len(Ways)], err)
		}
		if out == fmt.Sprintf("cell %d\n", i) {
			r.Cells++
		}
		seen, err := browse.Eval[struct {
			Ms      float64
			Started bool
			Fetches int
		}](page, `deaths.seen()`)
		if err != nil {
			return r, fmt.Errorf("deaths: death %d, by %s: %w", i, Ways[i%len(Ways)], err)
		}
		r.Noticed++
		if seen.Started {
			r.Restarted++
			r.Fetches += seen.Fetches
		}
		r.Slowest = max(r.Slowest, time.Duration(seen.Ms*float64(time.Millisecond)))
	}
	return r, account(page, n, &r)
}

// prepare defines what the cells and the page's scripts use.
func prepare(page *browse.Page) error {
	if _, err := browse.Eval[browse.Void](page, pageJS); err != nil {
		return err
	}
	if _, err := browse.Eval[browse.Void](page, `deaths.attached()`); err != nil {
		return err
	}
	if _, err := run(page, kernelPY); err != nil {
		return err
	}
	return page.Wait(`deaths.slider() === '0'`, 30*time.Second)
}

func run(page *browse.Page, code string) (string, error) {
	cell, err := page.AddCells(code)
	if err != nil {
		return "", err
	}
	if err := page.RunCellWait(cell); err != nil {
		return "", err
	}
	return page.CellOutput(cell)
}

// account compares what was sent with what has come.
func account(page *browse.Page, n int, r *Result) error {
	r.Messages = n * perDeath
	// Answers are on their way until the kernel has handled them.
	type kernelSide struct {
		Answers []int
		Closed  int
	}
	var kernel kernelSide
	for deadline := time.Now().Add(10 * time.Second); ; {
		out, err := run(page, `account()`)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(out), &kernel); err != nil {
			return fmt.Errorf("deaths: the kernel's account %q: %w", out, err)
		}
		if len(kernel.Answers) >= r.Messages && kernel.Closed >= n || time.Now().After(deadline) {
			break
		}
	}
	r.Closed = kernel.Closed
	got, err := browse.Eval[[]int](page, `deaths.got`)
	if err != nil {
		return err
	}
	for _, numbers := range [][]int{got, kernel.Answers} {
		times := map[int]int{}
		for i, number := range numbers {
			times[number]++
			if i > 0 && number < numbers[i-1] {
				r.Disorder++
			}
		}
		for number := 1; number <= r.Messages; number++ {
			switch times[number] {
			case 0:
				r.Lost++
			case 1:
			default:
				r.Doubled++
			}
		}
	}
	r.Widget = page.Wait(fmt.Sprintf(`deaths.slider() === '%d'`, n), 10*time.Second) == nil
	return nil
}
