//go:build measure

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
	"regexp"

	"gocomm/measure/cli"
)

// options are the flags.
type options struct {
	repetitions int
	slow        int
	pattern     string
	only        *regexp.Regexp // pattern's
	profile     string
}

const does = "bench measures gocomm against the stock comm manager.\n" +
	"The exit status is 1 for an error only: missed goals are marked in the table, with pass: false."

func main() { cli.Main("bench", does, &options{}) }

func (o *options) Define(flags *flag.FlagSet) {
	flags.IntVar(&o.repetitions, "repetitions", 61, "how often each side of a row is measured, by turns; 21 at most where one takes long")
	flags.IntVar(&o.slow, "slow", 1, "slow gocomm's side down by this factor on purpose: its rows are to fail")
	flags.StringVar(&o.pattern, "only", "", "measure the rows whose names match this `regexp` alone")
	flags.StringVar(&o.profile, "profile", "", "measure nothing: profile a `row` (dispatch, text, binary, blob, send, openClose, openCloseHere; burst, single; labBurst, labSingle; sliders, sliderMoves) on both sides")
}

func (o *options) Check() (err error) {
	if o.repetitions < 1 || o.slow < 1 {
		return errors.New("-repetitions and -slow are at least 1")
	}
	if o.only, err = regexp.Compile(o.pattern); err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	return nil
}

func (o *options) Measure(ctx context.Context, root, out string) (err error) {
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
	if err := cli.WriteJSON(out, rows); err != nil {
		return err
	}
	printTable(os.Stdout, rows)
	fmt.Println("\n" + noise)
	return nil
}
