//go:build measure

package main

import (
	"fmt"

	"gocomm/e2e/browse"
)

// held is what a program holds of the page, and the page of the program.
type held struct{ Refs, Funcs, Goroutines, Slots, Handles, Timers float64 }

// grown is what comes of many comms, in megabytes.
type grown struct {
	js, goHeap  float64
	before, now held
}

// leaks opens and closes comms from the kernel, and as many from the page. JavaScript's
// heap is that of the drop-in, the rest that of the program for tests, which can tell.
func leaks(l *Lab) ([]Row, error) {
	n := l.n(100_000, 5000)
	dropIn, control, err := both(func(gocomm bool) (grown, error) {
		if gocomm {
			return l.grow("drop-in", n)
		}
		return l.grow("stock", n)
	})
	if err != nil {
		return nil, err
	}
	probe, err := l.grow("probe", n)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%d comms opened and closed: ", n)
	limit := 1. // MB
	js := below(5, name+"JavaScript heap", dropIn.js, limit, "MB")
	if l.Short {
		js = js.against(control.js) // too few for the control to miss it
	} else {
		js = js.failing(control.js)
	}
	return []Row{
		js,
		below(5, name+"Go heap", probe.goHeap, limit, "MB"),
		atMost(5, name+"references of Go to the page's objects", probe.now.Refs-probe.before.Refs, 50, "more"),
		is(5, name+"js.Funcs made", probe.now.Funcs-probe.before.Funcs, 0),
		is(5, name+"goroutines more", probe.now.Goroutines-probe.before.Goroutines, 0),
		is(5, name+"slots in use more", probe.now.Slots-probe.before.Slots, 0),
		is(5, name+"handles more", probe.now.Handles-probe.before.Handles, 0),
		is(5, name+"timers more", probe.now.Timers-probe.before.Timers, 0),
	}, nil
}

func (l *Lab) grow(kind string, n int) (g grown, err error) {
	const megabyte = 1e6
	err = l.objects(func(p *browse.Page) error {
		if err := begin(p, "leaks", "begin", map[string]string{"kind": kind}); err != nil {
			return err
		}
		look := func() (js, goHeap float64, h held, err error) {
			if kind == "probe" {
				if h, err = call[held](p, "leaks", "counts", nil); err != nil {
					return
				}
				if goHeap, err = call[float64](p, "leaks", "heap", nil); err != nil {
					return
				}
			}
			js, err = p.Heap()
			return
		}
		cycle := func(n int) error { return begin(p, "leaks", "cycles", map[string]int{"n": n}) }
		if err := cycle(2000); err != nil { // what is made once
			return err
		}
		js, goHeap, h, err := look()
		if err != nil {
			return err
		}
		if err := cycle(n); err != nil {
			return err
		}
		jsNow, goNow, hNow, err := look()
		g = grown{js: (jsNow - js) / megabyte, goHeap: (goNow - goHeap) / megabyte, before: h, now: hNow}
		return err
	})
	return g, err
}
