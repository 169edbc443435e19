//go:build measure

package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// A sum is what has become of numbered messages.
type sum struct{ Lost, Doubled, Reordered int }

// messages has a kernel object of the page take frames, as fast as they are handled.
func messages(l *Lab) ([]Row, error) {
	const comms = 100
	each := l.n(10_000, 200)
	ours, control, err := both(func(gocomm bool) (s sum, err error) {
		err = l.objects(func(p *browse.Page) error {
			s, err = call[sum](p, "messages", "run", map[string]any{"gocomm": gocomm, "comms": comms, "each": each})
			return err
		})
		return s, err
	})
	name := fmt.Sprintf("of %d messages over %d comms: ", comms*each, comms)
	return []Row{
		is(1, name+"lost", float64(ours.Lost), 0).against(float64(control.Lost)),
		is(1, name+"doubled", float64(ours.Doubled), 0).against(float64(control.Doubled)),
		is(1, name+"out of order", float64(ours.Reordered), 0).against(float64(control.Reordered)),
	}, err
}

// early has comms opened, and messages on them come, while both programs are on their way.
func early(l *Lab) ([]Row, error) {
	comms := l.n(1000, 100)
	const per = 10
	s, err := l.server(jupyter.H1, withProbe)
	if err != nil {
		return nil, err
	}
	url, err := l.notebook(s)
	if err != nil {
		return nil, err
	}
	var held int
	var got sum
	err = l.on(func(p *browse.Page) error {
		var releases []func()
		for _, name := range []string{"commmgr", "probe"} {
			release, err := p.Hold("*/" + name + ".wasm.gz*")
			if err != nil {
				return err
			}
			defer release()
			releases = append(releases, release)
		}
		if err := errors.Join(p.LoadNotebook(url), p.StopWire()); err != nil {
			return err
		}
		const waits = `window.Jupyter?.notebook?.kernel?.[Symbol.for("gocomm.hub.2")]?.coming.size === 2 && Jupyter.notebook.kernel.is_connected()`
		if err := p.Wait(waits, soon); err != nil {
			return err
		}
		held, err = call[int](p, "early", "fill", map[string]int{"comms": comms, "per": per})
		if err != nil {
			return err
		}
		for _, release := range releases {
			release()
		}
		if err := errors.Join(managed(p, true), p.WaitKernelReady()); err != nil {
			return err
		}
		got, err = call[sum](p, "early", "count", nil)
		return err
	})
	name := fmt.Sprintf("of %d messages on %d comms before there is a program: ", comms*per, comms)
	return []Row{
		is(10, name+"handled too early", float64(held), 0),
		is(10, name+"lost or doubled", float64(got.Lost+got.Doubled), 0),
		is(10, name+"out of order", float64(got.Reordered), 0),
	}, err
}

// file is the path of one in the folder of the tests.
func (l *Lab) file(name string) string { return filepath.Join(l.root, "e2e", "testdata", name) }
