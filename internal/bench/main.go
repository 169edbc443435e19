// Command bench measures gocomm's drop-in against classic Notebook's own comm
// manager, in headless Chromium on pages of a classic Notebook server (H1).
//
// It prints a table and writes dist/bench.json. docs/bench.md says what each row
// measures. A missed goal is no error: it is printed, and the exit status is 0.
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
	"regexp"
	"strings"
	"syscall"
)

// options are the flags.
type options struct {
	repetitions int
	slow        int
	only        *regexp.Regexp
	profile     string
	out         string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "error: bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (*options, error) {
	o := &options{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "bench measures gocomm against the stock comm manager and writes dist/bench.json.\n"+
			"The exit status is 1 for an error only: missed goals are marked in the table, with pass: false.")
		flags.PrintDefaults()
	}
	flags.IntVar(&o.repetitions, "repetitions", 61, "how often each side of a row is measured, by turns; 21 at most where one takes long")
	flags.IntVar(&o.slow, "slow", 1, "slow gocomm's side down by this factor on purpose: its rows are to fail")
	only := flags.String("only", "", "measure the rows whose names match this `regexp` alone")
	flags.StringVar(&o.profile, "profile", "", "measure nothing: profile a `row` (dispatch, text, binary, blob, send, openClose, openCloseHere; burst, single) on both sides")
	flags.StringVar(&o.out, "o", "dist/bench.json", "the file for the results")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.repetitions < 1 || o.slow < 1 {
		return nil, errors.New("-repetitions and -slow are at least 1")
	}
	var err error
	if o.only, err = regexp.Compile(*only); err != nil {
		return nil, fmt.Errorf("-only: %w", err)
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
	b, err := newBench(ctx, root, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if o.profile != "" {
		return b.profileRow(ctx, o.profile)
	}
	noise, err := b.noise()
	if err != nil {
		return err
	}
	rows, err := b.measure(ctx)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("no row's name matches -only %q", o.only)
	}
	if err := writeJSON(o.out, rows); err != nil {
		return err
	}
	printTable(os.Stdout, rows)
	fmt.Println("\n" + noise)
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
