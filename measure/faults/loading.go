//go:build measure

package main

import (
	"fmt"
	"path/filepath"
	"time"

	"gocomm/e2e/browse"
	"gocomm/e2e/loadfaults"
	"gocomm/internal/jupyter"
)

// loading has each of them happen.
func loading(l *Lab) ([]Row, error) {
	all := loadfaults.All
	if l.Short { // the tests have all
		all = all[:1]
	}
	s, err := l.server(jupyter.H1, withGocomm)
	if err != nil {
		return nil, err
	}
	url, err := l.notebook(s, loadfaults.Cells...)
	if err != nil {
		return nil, err
	}
	wrong, longest := 0, time.Duration(0)
	err = l.on(func(p *browse.Page) error {
		for _, f := range all {
			held, err := f.Load(p, url, filepath.Join(l.root, "dist", "nbextension", "gocomm"))
			longest = max(longest, held)
			if err != nil {
				wrong++
				l.Logf("%s: %v", f.Name, err)
			}
		}
		return nil
	})
	const patience, slack = 5, .5 // s: the page's timers are not exact
	return []Row{
		is(9, fmt.Sprintf("of %d load faults, those that are not as promised", len(all)), float64(wrong), 0),
		atMost(9, "the longest time that messages were held", longest.Seconds(), patience+slack, "s"),
	}, err
}
