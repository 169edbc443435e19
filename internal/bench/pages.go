package main

import (
	"errors"
	"fmt"
)

// roundTrips goes through a real kernel, which is ended in any case.
func (b *bench) roundTrips() (s samples, err error) {
	const each = 25 // trips of one repetition, of which the median counts
	err = b.chrome.on(func(t *tab) error {
		if _, err := eval[bool](t, `(window.kernel = await (await bench('roundtrip')).start(), true)`); err != nil {
			return err
		}
		script := fmt.Sprintf("(await bench('roundtrip')).roundTrips(window.kernel, {repetitions: %d, each: %d, slow: %d})", min(b.o.repetitions, few), each, b.o.slow)
		s, err = eval[samples](t, script)
		_, ended := eval[bool](t, `(await (await bench('roundtrip')).stop(window.kernel), true)`)
		return errors.Join(err, ended)
	})
	return s, err
}

// heaps opens and closes comms and looks at what is left: JavaScript's with the
// stock manager and with the drop-in, Go's with the program for tests, which can
// tell the size of its heap and has the same manager.
func (b *bench) heaps(nameJS, nameGo string) ([]row, error) {
	baseline, err := b.growth("stock", (*tab).heap)
	if err != nil {
		return nil, err
	}
	js, err := b.growth("drop-in", (*tab).heap)
	if err != nil {
		return nil, err
	}
	goHeap, err := b.growth("probe", func(t *tab) (float64, error) {
		return eval[float64](t, "(await bench('heap')).goHeap(window.side)")
	})
	if err != nil {
		return nil, err
	}
	const goal = 1 // MB
	return []row{
		belowRow(nameJS, "MB", stock, goal, js, baseline),
		belowRow(nameGo, "MB", stock+"'s JavaScript heap", goal, goHeap, baseline),
	}, nil
}

// growth gives megabytes.
func (b *bench) growth(side string, heap func(*tab) (float64, error)) (mb float64, err error) {
	const warm, times = 2_000, 100_000
	cycle := func(t *tab, n int) error {
		_, err := eval[bool](t, fmt.Sprintf("(await (await bench('heap')).cycles(window.side, %d, %t), true)", n, side != "stock" && b.o.slow > 1))
		return err
	}
	err = b.chrome.on(func(t *tab) error {
		if _, err := eval[bool](t, fmt.Sprintf("(window.side = await (await bench('heap')).begin(%q), true)", side)); err != nil {
			return err
		}
		if err := cycle(t, warm); err != nil {
			return err
		}
		before, err := heap(t)
		if err != nil {
			return err
		}
		if err := cycle(t, times); err != nil {
			return err
		}
		after, err := heap(t)
		mb = (after - before) / 1e6
		return err
	})
	return mb, err
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
