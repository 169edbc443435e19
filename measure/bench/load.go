//go:build measure

package main

import "fmt"

// loadRows are about the way to a program that runs.
func (b *bench) loadRows() []step {
	const load = "nbextension load to ready, warm cache"
	return []step{{[]string{load}, func() ([]row, error) {
		s, err := b.loads()
		return []row{ratioRow(load, "ms", "empty Go program's load to main", 1.5, s)}, err
	}}}
}

// loads loads the extension and the empty program by turns, each in a process of
// its own: a second compilation of the same module in one would cost nothing.
func (b *bench) loads() (s samples, err error) {
	const warm = 2
	s.N = 1
	for i := range min(b.o.repetitions, few) + warm {
		for _, side := range []struct {
			script string
			times  *[]float64
		}{
			{"(await bench('load')).loadEmpty()", &s.Baseline},
			{fmt.Sprintf("(await bench('load')).loadGocomm(%d)", b.o.slow), &s.Ours},
		} {
			err := b.chrome.on(func(t *tab) error {
				ms, err := eval[float64](t, side.script)
				if err == nil && i >= warm {
					*side.times = append(*side.times, ms)
				}
				return err
			})
			if err != nil {
				return s, err
			}
		}
	}
	return s, nil
}
