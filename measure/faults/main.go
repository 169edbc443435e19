//go:build measure

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"gocomm/e2e/browse"
	"gocomm/measure/cli"
)

// options are the flags.
type options struct {
	only   string
	wanted []Figure // that only names
	short  bool
}

func main() {
	cli.Main("faults", "faults measures what gocomm promises when things go wrong.", &options{})
}

func (o *options) Define(flags *flag.FlagSet) {
	flags.StringVar(&o.only, "only", "", "measure the figures with these `ids` alone, as in 4,11")
	flags.BoolVar(&o.short, "short", false, "measure a small part of each: seconds, as in a test")
}

func (o *options) Check() error {
	all := Figures()
	for _, s := range strings.FieldsFunc(o.only, func(r rune) bool { return r == ',' || r == ' ' }) {
		i := slices.IndexFunc(all, func(f Figure) bool { return strconv.Itoa(f.ID) == s })
		if i < 0 {
			return fmt.Errorf("-only: there is no figure %q", s)
		}
		o.wanted = append(o.wanted, all[i])
	}
	if len(o.wanted) == 0 {
		o.wanted = all
	}
	return nil
}

func (o *options) Measure(ctx context.Context, root, out string) (err error) {
	browser, err := browse.Launch(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, browser.Close()) }()
	lab, err := New(ctx, root, browser)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lab.Close()) }()
	lab.Short = o.short
	lab.Logf = func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

	var rows []Row
	for _, f := range o.wanted {
		rows = append(rows, f.Measure(lab)...)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		// What there is so far is worth keeping.
		if err := cli.WriteJSON(out, rows); err != nil {
			return err
		}
	}
	if failed := PrintTable(os.Stdout, rows); failed > 0 {
		return fmt.Errorf("%d rows are not as promised", failed)
	}
	return nil
}
