//go:build measure

package main

import "fmt"

// sliderRows are about widgets of ipywidgets' that Go makes and moves.
func (b *bench) sliderRows() []step {
	const (
		python = "the same from Python"
		one    = "a slider made in Go: click to first paint"
		many   = "100 sliders made in Go: click to first paint"
		moved  = "1,000 updates of a slider by Go, to visible text"
	)
	ask := func(name, call, baseline string, goal float64) step {
		return step{[]string{name}, func() ([]row, error) {
			s, err := b.onNotebook(fmt.Sprintf("(await bench('sliders'))."+call, min(b.o.repetitions, few), b.o.slow))
			return []row{ratioRow(name, "ms", baseline, goal, s)}, err
		}}
	}
	return []step{
		ask(one, "made({count: 1, repetitions: %d, slow: %d})", python, 1),
		ask(many, "made({count: 100, repetitions: %d, slow: %d})", python, 1),
		ask(moved, "moved({repetitions: %d, slow: %d})", "model.set and save_changes", 1.3),
	}
}
