//go:build measure

// Package cli is what the commands of this folder share: their flags, an orderly end,
// and the file of their results.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// A Command measures.
type Command interface {
	// Define adds the command's own flags.
	Define(*flag.FlagSet)
	// Check looks at the flags' values.
	Check() error
	// Measure does the work: root is the repository, out the file for the results.
	Measure(ctx context.Context, root, out string) error
}

// Main runs a command and exits. By itself the results go to dist/NAME.json.
func Main(name, does string, c Command) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, name, does, c)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "error: %s: %v\n", name, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, name, does string, c Command) error {
	out, err := Parse(name, does, c, os.Args[1:])
	if err != nil {
		return err
	}
	root, err := Root(ctx)
	if err != nil {
		return err
	}
	if !filepath.IsAbs(out) {
		out = filepath.Join(root, out)
	}
	return c.Measure(ctx, root, out)
}

// Parse reads a command's flags, and gives the file for the results.
func Parse(name, does string, c Command, args []string) (out string, err error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), does)
		flags.PrintDefaults()
	}
	flags.StringVar(&out, "o", filepath.Join("dist", name+".json"), "the `file` for the results")
	c.Define(flags)
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	if flags.NArg() > 0 {
		return "", fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return out, c.Check()
}

// Root is the folder of go.mod.
func Root(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	mod := strings.TrimSpace(string(out))
	if err != nil || mod == "" || mod == os.DevNull {
		return "", errors.Join(errors.New("run this inside the gocomm repository: no go.mod found"), err)
	}
	return filepath.Dir(mod), nil
}

// WriteJSON writes rows as a list.
func WriteJSON[R any](path string, rows []R) error {
	text, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
