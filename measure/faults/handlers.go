//go:build measure

package main

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"time"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

//go:embed page/handlers.py
var handlersPY string

// A way is one in which a handler fails.
type way struct {
	name, target string
	say          any // what the failing handler is sent
	js           bool
	stops        bool // the stock manager keeps others waiting for it
	brief        bool // it is among those of the short form
}

var ways = []way{
	{name: "a JavaScript handler that throws", target: "faults.throws", js: true},
	{name: "a JavaScript handler that throws null", target: "faults.null", js: true, brief: true},
	{name: "a JavaScript handler that rejects", target: "faults.rejects", js: true},
	{name: "a JavaScript handler that never resolves", target: "faults.never", js: true, stops: true, brief: true},
	{name: "a JavaScript handler that takes 1 s", target: "faults.slow", js: true, stops: true},
	{name: "a Go handler that panics", target: "probe.panics", brief: true},
	{name: "a Go handler that calls Goexit", target: "probe.goexit"},
	{name: "a Go handler that never returns", target: "probe.forever", brief: true},
	{name: "a Go handler that takes 1 s", target: "probe.block", say: 1000},
}

// quiet is what the others' latency is without a fault.
var quiet = way{name: "no fault", target: "faults.none", js: true}

// A scene is what has come of it on a page.
type scene struct {
	Latencies      []float64 // of the others, in ms
	Missing        int       // messages of theirs that have not come
	Cells, Printed int
}

// p99 of the others' latencies; what has not come took as long as it was waited for.
func (s scene) p99(patience time.Duration) float64 {
	all := slices.Clone(s.Latencies)
	for range s.Missing {
		all = append(all, float64(patience.Milliseconds()))
	}
	if len(all) == 0 {
		return float64(patience.Milliseconds())
	}
	slices.Sort(all)
	return all[min(len(all)-1, len(all)*99/100)]
}

const (
	manyOthers = 100
	between    = 50 // ms, of faults
	perRound   = 5  // messages to others
	roundPause = 20 // ms
)

// handlers has handlers fail among a hundred comms of others.
func handlers(l *Lab) ([]Row, error) {
	n := l.n(100, 20)
	patience := 15 * time.Second
	ways := slices.DeleteFunc(slices.Clone(ways), func(w way) bool { return l.Short && !w.brief })
	var rows []Row
	missing, controlMissing := 0, 0
	err := l.crowd(true, func(p *browse.Page) error {
		for _, w := range append([]way{quiet}, ways...) {
			s, err := l.fail(p, true, w, n, patience)
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			missing += s.Cells - s.Printed
			if w == quiet {
				l.Logf("without a fault the p99 is %.0f ms", s.p99(patience))
				continue
			}
			rows = append(rows, beside(w, n, s.p99(patience)))
		}
		return nil
	})
	if err != nil {
		return rows, err
	}
	// One halt of the machine is enough to miss the goal: then the median of three counts,
	// each on a page of its own.
	for i, w := range ways {
		if rows[i].Pass || l.Short {
			continue
		}
		all := []float64{*rows[i].Value}
		for range 2 {
			err := l.crowd(true, func(p *browse.Page) error {
				s, err := l.fail(p, true, w, n, patience)
				missing += s.Cells - s.Printed
				all = append(all, s.p99(patience))
				return err
			})
			if err != nil {
				return rows, fmt.Errorf("%s: %w", w.name, err)
			}
		}
		l.Logf("%s: %.0f ms", w.name, all)
		slices.Sort(all)
		rows[i] = beside(w, n, all[1])
	}
	// The control, each on a page of its own: some stop it for good.
	for i, w := range ways {
		if !w.js || l.Short && !w.stops {
			continue
		}
		var s scene
		err := l.crowd(false, func(p *browse.Page) (err error) {
			s, err = l.fail(p, false, w, min(n, 40), 5*time.Second)
			return err
		})
		if err != nil {
			return rows, fmt.Errorf("the control: %s: %w", w.name, err)
		}
		controlMissing += s.Cells - s.Printed
		if w.stops {
			rows[i] = rows[i].failing(s.p99(5 * time.Second))
		} else {
			rows[i] = rows[i].against(s.p99(5 * time.Second))
		}
	}
	return append(rows, is(7, "cells whose output has not come, of all of these", float64(missing), 0).failing(float64(controlMissing))), nil
}

func beside(w way, n int, p99 float64) Row {
	return atMost(7, fmt.Sprintf("p99 of the others beside %s, %d times", w.name, n), p99, 50, "ms")
}

// crowd opens a page with comms of others, half of them Go's.
func (l *Lab) crowd(gocomm bool, f func(p *browse.Page) error) error {
	return l.desk(jupyter.H1, gocomm, nil, func(p *browse.Page) error {
		if err := errors.Join(p.StopWire(), begin(p, "handlers", "begin", nil)); err != nil {
			return err
		}
		probes := "False"
		if gocomm {
			probes = "True"
		}
		if _, err := python(p, handlersPY+fmt.Sprintf("\nopen_others(%d, %s)\n", manyOthers, probes)); err != nil {
			return err
		}
		return f(p)
	})
}

// fail has handlers fail in a way, n times.
func (l *Lab) fail(p *browse.Page, gocomm bool, w way, n int, patience time.Duration) (scene, error) {
	rounds := n * between / roundPause
	pings := rounds * perRound
	share := 1
	if gocomm {
		share = 2
	}
	if err := begin(p, "handlers", "clear", nil); err != nil {
		return scene{}, err
	}
	if _, err := python(p, fmt.Sprintf("reports.clear(); pinging = asyncio.ensure_future(ping(%d, %g))", rounds, roundPause/1000.)); err != nil {
		return scene{}, err
	}
	s, err := call[scene](p, "handlers", "run", map[string]any{
		"target": w.target, "say": w.say, "n": n, "ms": between, "pings": pings / share, "patience": patience.Milliseconds(),
	})
	if err != nil || !gocomm {
		return s, err
	}
	if _, err := python(p, `await pinging
for comm in go: comm.send("report")`); err != nil {
		return s, err
	}
	reports, err := until(soon, func() ([][]float64, error) { return told[[][]float64](p, `print(json.dumps(reports))`) },
		func(r [][]float64) bool { return len(r) == manyOthers/2 })
	if err != nil || len(reports) != manyOthers/2 {
		return s, errors.Join(err, fmt.Errorf("%d of %d comms have reported", len(reports), manyOthers/2))
	}
	s.Missing += pings / share
	for _, r := range reports {
		s.Latencies = append(s.Latencies, r...)
		s.Missing -= len(r)
	}
	return s, nil
}
