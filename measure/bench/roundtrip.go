//go:build measure

package main

import (
	"errors"
	"fmt"
)

// kernelRows are about a real kernel.
func (b *bench) kernelRows() []step {
	const trip = "round trip with a real kernel, without Nagle's delay"
	return []step{{[]string{trip}, func() ([]row, error) {
		s, err := b.roundTrips()
		return []row{ratioRow(trip, "ms", stock, 1, s)}, err
	}}}
}

// roundTrips goes through a real kernel, which is ended in any case.
func (b *bench) roundTrips() (s samples, err error) {
	const each = 60 // trips of one repetition, of which the middle half counts
	err = b.chrome.on(func(t *tab) error {
		if _, err := eval[bool](t, `(window.kernel = await (await bench('roundtrip')).start(), true)`); err != nil {
			return err
		}
		turns := 3 * min(b.o.repetitions, few) // they differ by a tenth
		script := fmt.Sprintf("(await bench('roundtrip')).roundTrips(window.kernel, {repetitions: %d, each: %d, slow: %d})", turns, each, b.o.slow)
		s, err = eval[samples](t, script)
		_, ended := eval[bool](t, `(await (await bench('roundtrip')).stop(window.kernel), true)`)
		return errors.Join(err, ended)
	})
	return s, err
}
