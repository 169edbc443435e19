//go:build measure

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gocomm/internal/jupyter"
)

// A bench is what the rows are measured with.
type bench struct {
	root, dir string
	o         *options
	programs  *programs
	server    *jupyter.Server
	served    string // the folder of nbextensions
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
	var err error
	b.served, err = extensions(b.root, b.dir, b.programs, b.o.only.MatchString)
	if err != nil {
		return err
	}
	if b.o.profile != "" {
		if err := named(ctx, b.root, b.dir, b.served); err != nil {
			return err
		}
	}
	b.server, err = b.start(ctx, jupyter.NoDelay+noLimit+fmt.Sprintf(labPage, filepath.Join(b.dir, "labextensions")))
	return err
}

// start starts an H1 server in a folder of its own.
func (b *bench) start(ctx context.Context, settings string) (*jupyter.Server, error) {
	env := filepath.Join(b.root, ".envs", string(jupyter.H1))
	if _, err := os.Stat(env); err != nil {
		return nil, fmt.Errorf("no Python environment for %s (%w): run `make bench`, or `go run ./internal/tool venv %[1]s`", jupyter.H1, err)
	}
	notebooks, err := os.MkdirTemp(b.dir, "notebooks-")
	if err != nil {
		return nil, err
	}
	return jupyter.Start(ctx, jupyter.Config{Host: jupyter.H1, Env: env, Dir: notebooks, Nbextensions: b.served, Settings: settings})
}

// noLimit lets bursts through: by itself the server drops what is beyond 1,000 messages a second.
const noLimit = `
c.ZMQChannelsWebsocketConnection.iopub_msg_rate_limit = 1e9
`

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

// groups are the rows, by subject: each has a file of its own here, and one in page.
var groups = []func(*bench) []step{
	(*bench).messageRows,
	(*bench).kernelRows,
	(*bench).heapRows,
	(*bench).sizeRows,
	(*bench).loadRows,
	(*bench).typedRows,
	(*bench).streamRows,
	(*bench).widgetRows,
	(*bench).sliderRows,
	(*bench).labPageRows,
}

func (b *bench) measure(ctx context.Context) ([]row, error) {
	var rows []row
	var steps []step
	for _, group := range groups {
		steps = append(steps, group(b)...)
	}
	for _, s := range steps {
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
