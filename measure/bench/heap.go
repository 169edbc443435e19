//go:build measure

package main

import "fmt"

// heapRows are about what comms leave behind.
func (b *bench) heapRows() []step {
	const js, inGo = "JavaScript heap growth, 100,000 open/close", "Go heap growth, 100,000 open/close"
	return []step{{[]string{js, inGo}, func() ([]row, error) { return b.heaps(js, inGo) }}}
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
