//go:build measure

package main

import (
	"errors"
	"fmt"
	"path/filepath"
)

// kernelRows are about a real kernel.
func (b *bench) kernelRows() []step {
	const trip = "round trip with a real kernel, without Nagle's delay"
	const sure = "message from a cell to a Go handler, on a reliable comm"
	return []step{
		{[]string{trip}, func() ([]row, error) {
			const each = 60                        // trips of one repetition, of which the middle half counts
			turns := 3 * min(b.o.repetitions, few) // they differ by a tenth
			s, err := b.withKernel(fmt.Sprintf("(await bench('roundtrip')).roundTrips(window.kernel, {repetitions: %d, each: %d, slow: %d})", turns, each, b.o.slow))
			return []row{ratioRow(trip, "ms", stock, 1, s)}, err
		}},
		{[]string{sure}, func() ([]row, error) {
			const each = 1000 // messages
			turns := 2 * min(b.o.repetitions, few)
			s, err := b.withKernel(fmt.Sprintf("(await bench('reliable')).reliable(window.kernel, {path: %q, repetitions: %d, each: %d, slow: %d})",
				filepath.Join(b.root, "nbextension"), turns, each, b.o.slow))
			return []row{ratioRow(sure, "ms", "a plain comm", 1.1, s)}, err
		}},
	}
}

// withKernel measures with a real kernel, which is ended in any case.
func (b *bench) withKernel(script string) (s samples, err error) {
	err = b.chrome.on(func(t *tab) error {
		if _, err := eval[bool](t, `(window.kernel = await (await bench('roundtrip')).start(), true)`); err != nil {
			return err
		}
		s, err = eval[samples](t, script)
		_, ended := eval[bool](t, `(await (await bench('roundtrip')).stop(window.kernel), true)`)
		return errors.Join(err, ended)
	})
	return s, err
}
