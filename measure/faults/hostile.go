//go:build measure

package main

import (
	"fmt"
	"os/exec"
	"strings"

	"gocomm/e2e/browse"
)

// fuzzed are the packages with the fuzz tests of the native side.
var fuzzed = []struct{ pkg, test string }{
	{"./commmgr", "FuzzDeliver"}, {"./commmgr", "FuzzReason"}, {"./commmgr/jsonmsg", "FuzzParse"},
}

// malformed fuzzes the manager natively, and then gives a page messages whose parts are
// missing or strange.
func malformed(l *Lab) ([]Row, error) {
	var rows []Row
	if !l.Short { // the tests run the corpus of each
		failed := 0
		for _, f := range fuzzed {
			cmd := exec.CommandContext(l.ctx, "go", "test", f.pkg, "-run=^$", "-fuzz=^"+f.test+"$", "-fuzztime=10s")
			cmd.Dir = l.root
			if out, err := cmd.CombinedOutput(); err != nil {
				failed++
				l.Logf("%s: %v\n%s", f.test, err, out)
			}
		}
		rows = append(rows, is(6, "native fuzz tests that fail, 10 s each", float64(failed), 0))
	}
	n := l.n(1_000_000, 20_000)
	const every = 1000
	type outcome struct {
		Uncaught, Silent int
		First            []string
		Polluted         bool
	}
	var got outcome
	err := l.objects(func(p *browse.Page) (err error) {
		got, err = call[outcome](p, "malformed", "run", map[string]int{"n": n, "every": every})
		return err
	})
	if len(got.First) > 0 {
		l.Logf("uncaught, the first of %d: %s", got.Uncaught, strings.Join(got.First, "; "))
	}
	if got.Polluted {
		got.Uncaught++
	}
	name := fmt.Sprintf("%d malformed messages: ", n)
	return append(rows,
		is(6, name+"uncaught errors", float64(got.Uncaught), 0),
		is(6, fmt.Sprintf("%scanaries that are silent, after each %d", name, every), float64(got.Silent), 0)), err
}

// hostile opens comms with names and fields that reach for the page's code.
func hostile(l *Lab) ([]Row, error) {
	type seen struct{ Loads, Evals, HTML, Violations, Uncaught, Changed, Strange, Opened, Evil float64 }
	n := l.n(10_000, 1000)
	ours, control, err := both(func(gocomm bool) (s seen, err error) {
		err = l.objects(func(p *browse.Page) error {
			s, err = call[seen](p, "hostile", "run", map[string]any{"gocomm": gocomm, "n": n})
			return err
		})
		return s, err
	})
	name := fmt.Sprintf("%d hostile opens: ", n)
	open := row(14, name+"of those to a target that is there, opened", ours.Opened, "> 0", func(v float64) bool { return v > 0 })
	return []Row{
		is(14, name+"scripts loaded", ours.Loads, 0).failing(control.Loads),
		is(14, name+"eval, Function or HTML reached", ours.Evals+ours.HTML+ours.Evil, 0).against(control.Evals + control.HTML + control.Evil),
		is(14, name+"built-in objects and tables changed", ours.Changed, 0).failing(control.Changed),
		is(14, name+"comms by names that every object has", ours.Strange, 0).failing(control.Strange),
		is(14, name+"violations of the page's policy", ours.Violations, 0).against(control.Violations),
		is(14, name+"uncaught errors", ours.Uncaught, 0).against(control.Uncaught),
		open.against(control.Opened),
	}, err
}
