//go:build measure

package main

import (
	"fmt"

	"gocomm/e2e/browse"
	"gocomm/e2e/deaths"
	"gocomm/internal/jupyter"
)

// dying has a program die while cells run.
func dying(l *Lab) ([]Row, error) {
	n := l.n(100, len(deaths.Ways))
	var r deaths.Result
	err := l.desk(jupyter.H1, false, nil, func(p *browse.Page) (err error) {
		r, err = deaths.Run(p, n)
		return err
	})
	widget := 0.
	if r.Widget {
		widget = 1
	}
	name := fmt.Sprintf("a program that dies %d times in %d ways: ", n, len(deaths.Ways))
	return []Row{
		is(8, name+"cells that have run", float64(r.Cells), float64(n)),
		is(8, name+"deaths noticed", float64(r.Noticed), float64(n)),
		atMost(8, name+"the longest until it is there again, or the stock manager", r.Slowest.Seconds(), 1, "s"),
		is(8, name+"its comms of whose end the kernel was told", float64(r.Closed), float64(n)),
		is(8, fmt.Sprintf("%s%d messages of JavaScript lost, doubled or out of order", name, r.Messages), float64(r.Lost+r.Doubled+r.Disorder), 0),
		is(8, name+"the widget on the page is up to date", widget, 1),
	}, err
}
