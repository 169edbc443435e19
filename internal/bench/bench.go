package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"gocomm/internal/jupyter"
)

// A bench is what the rows are measured with.
type bench struct {
	root, dir string
	o         *options
	programs  *programs
	server    *jupyter.Server
	chrome    *chrome
}

func newBench(ctx context.Context, root string, o *options) (b *bench, err error) {
	b = &bench{root: root, o: o}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	if b.dir, err = os.MkdirTemp("", "gocomm-bench-"); err != nil {
		return b, err
	}
	if b.programs, err = loadPrograms(ctx, root, b.dir, o.slow); err != nil {
		return b, err
	}
	if err = b.serve(ctx); err != nil {
		return b, err
	}
	b.chrome, err = launch(ctx, b.server.URL()+"/nbclassic/tree")
	return b, err
}

func (b *bench) serve(ctx context.Context) error {
	nbextensions, err := extensions(b.root, b.dir, b.programs)
	if err != nil {
		return err
	}
	if b.o.profile != "" {
		if err := named(ctx, b.root, b.dir, nbextensions); err != nil {
			return err
		}
	}
	env, err := environment(b.root, b.dir)
	if err != nil {
		return err
	}
	notebooks, err := os.MkdirTemp(b.dir, "notebooks-")
	if err != nil {
		return err
	}
	b.server, err = jupyter.Start(ctx, jupyter.Config{Host: jupyter.H1, Env: env, Dir: notebooks, Nbextensions: nbextensions})
	return err
}

func (b *bench) close() error {
	var errs []error
	if b.chrome != nil {
		errs = append(errs, b.chrome.close())
	}
	if b.server != nil {
		errs = append(errs, b.server.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(b.dir))...)
}

const (
	stock = "stock comm manager"
	least = 22 // ms that one repetition takes at the least
	few   = 21 // repetitions where one takes long
)

// A step measures one row, or two that come of the same work.
type step struct {
	names   []string
	measure func() ([]row, error)
}

func (b *bench) steps() []step {
	micro := func(name, unit string, goal float64, key string) step {
		return step{[]string{name}, func() ([]row, error) {
			s, err := b.samples(fmt.Sprintf("(await bench('rows')).against(%q, %s)", key, b.settings()))
			return []row{ratioRow(name, unit, stock, goal, s)}, err
		}}
	}
	const crowd, trip = "cost per message at 10,000 live comms", "round trip with a real kernel, without Nagle's delay"
	const heapJS, heapGo = "JavaScript heap growth, 100,000 open/close", "Go heap growth, 100,000 open/close"
	const load = "nbextension load to ready, warm cache"
	return []step{
		micro("dispatch of a comm_msg to a JavaScript handler, awaited, 100 comms", "ns", 0.5, "dispatch"),
		micro("the kernel's whole receive path, text frame", "ns", 1, "text"),
		micro("the kernel's whole receive path, binary frame", "ns", 1, "binary"),
		micro("comm.send of a small message up to ws.send", "ns", 1, "send"),
		micro("open + close of a comm, by the kernel", "ns", 0.7, "openClose"),
		micro("open + close of a comm, by the page", "ns", 0.7, "openCloseHere"),
		{[]string{crowd}, func() ([]row, error) {
			s, err := b.samples(fmt.Sprintf("(await bench('rows')).crowd(100, 10000, %s)", b.settings()))
			return []row{ratioRow(crowd, "ns", "gocomm at 100 comms", 1.2, s)}, err
		}},
		{[]string{trip}, func() ([]row, error) {
			s, err := b.roundTrips()
			return []row{ratioRow(trip, "ms", stock, 1, s)}, err
		}},
		{[]string{heapJS, heapGo}, func() ([]row, error) { return b.heaps(heapJS, heapGo) }},
		{[]string{"size of the drop-in, gzip", "size of the drop-in, brotli"}, func() ([]row, error) { return b.programs.rows(), nil }},
		{[]string{load}, func() ([]row, error) {
			s, err := b.loads()
			return []row{ratioRow(load, "ms", "empty Go program's load to main", 1.5, s)}, err
		}},
	}
}

func (b *bench) measure(ctx context.Context) ([]row, error) {
	var rows []row
	for _, s := range b.steps() {
		wanted := false
		for _, name := range s.names {
			wanted = wanted || b.o.only.MatchString(name)
		}
		if !wanted {
			continue
		}
		start := time.Now()
		got, err := s.measure()
		if ctx.Err() != nil {
			return nil, errors.New("interrupted")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.names[0], err)
		}
		fmt.Fprintf(os.Stderr, "%-68s measured in %.0f s\n", s.names[0], time.Since(start).Seconds())
		for _, r := range got {
			if b.o.only.MatchString(r.Name) {
				rows = append(rows, r)
			}
		}
	}
	return rows, nil
}

// noise tells how far two measurements of the same are apart.
func (b *bench) noise() (string, error) {
	s, err := b.samples(fmt.Sprintf("(await bench('rows')).itself('send', %s)", settings(b.o.repetitions, 1)))
	if err != nil {
		return "", fmt.Errorf("the noise: %w", err)
	}
	r := ratioRow("noise", "ns", stock, 1, s)
	return fmt.Sprintf("Noise of this run: the stock manager's comm.send against itself has the ratio %.2f (quartiles %s).", r.Ratio, r.spread), nil
}

func (b *bench) settings() string { return settings(b.o.repetitions, b.o.slow) }

func settings(repetitions, slow int) string {
	text, err := json.Marshal(map[string]int{"repetitions": repetitions, "least": least, "slow": slow})
	if err != nil {
		panic(err) // numbers have JSON
	}
	return string(text)
}

// samples runs a row's script in a tab of its own.
func (b *bench) samples(script string) (s samples, err error) {
	err = b.chrome.on(func(t *tab) error {
		s, err = eval[samples](t, script)
		return err
	})
	return s, err
}
