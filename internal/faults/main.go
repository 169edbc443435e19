// Command faults measures what gocomm promises when things go wrong, with the stock
// comm manager as the control, in headless Chromium against classic Notebook servers.
//
// It prints a table and writes dist/faults.json. docs/faults.md says what each row is.
// The exit status is 1 when one of them is not as promised.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"gocomm/e2e/browse"
	"gocomm/e2e/faults"
)

// options are the flags.
type options struct {
	only  []int
	short bool
	out   string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "error: faults:", err)
		os.Exit(1)
	}
}

func parse(args []string) (*options, error) {
	o := &options{}
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "faults measures what gocomm promises when things go wrong, and writes dist/faults.json.")
		flags.PrintDefaults()
	}
	only := flags.String("only", "", "measure the figures with these `ids` alone, as in 4,11")
	flags.BoolVar(&o.short, "short", false, "measure a small part of each: seconds, as in a test")
	flags.StringVar(&o.out, "o", "dist/faults.json", "the file for the rows")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var ids []int
	for _, f := range faults.Figures() {
		ids = append(ids, f.ID)
	}
	for _, s := range strings.FieldsFunc(*only, func(r rune) bool { return r == ',' || r == ' ' }) {
		id, err := strconv.Atoi(s)
		if err != nil || !slices.Contains(ids, id) {
			return nil, fmt.Errorf("-only: there is no figure %q, only %v", s, ids)
		}
		o.only = append(o.only, id)
	}
	if len(o.only) == 0 {
		o.only = ids
	}
	return o, nil
}

func run(ctx context.Context, args []string) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	root, err := repositoryRoot(ctx)
	if err != nil {
		return err
	}
	if !filepath.IsAbs(o.out) {
		o.out = filepath.Join(root, o.out)
	}
	browser := sync.OnceValues(func() (*browse.Browser, error) { return browse.Launch(ctx, "") })
	b, err := browser()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	lab, err := faults.New(ctx, root, filepath.Join(root, ".envs"), browser)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lab.Close()) }()
	lab.Short = o.short
	lab.Logf = func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

	var rows []faults.Row
	for _, f := range faults.Figures() {
		if !slices.Contains(o.only, f.ID) {
			continue
		}
		rows = append(rows, f.Measure(lab)...)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		// What there is so far is worth keeping.
		if err := faults.WriteJSON(o.out, rows); err != nil {
			return err
		}
	}
	if failed := faults.PrintTable(os.Stdout, rows); failed > 0 {
		return fmt.Errorf("%d rows are not as promised", failed)
	}
	return nil
}

// repositoryRoot is the folder of go.mod.
func repositoryRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	mod := strings.TrimSpace(string(out))
	if err != nil || mod == "" || mod == os.DevNull {
		return "", fmt.Errorf("run this inside the gocomm repository: no go.mod found (%v)", err)
	}
	return filepath.Dir(mod), nil
}
