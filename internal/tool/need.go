package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// runNeed says for each missing tool, in one line, what to do; then it fails.
func runNeed(ctx context.Context, root string, args []string) error {
	missing := 0
	for _, name := range args {
		check, ok := needs[name]
		if !ok {
			return fmt.Errorf("unknown tool %q", name)
		}
		if err := check(ctx); err != nil {
			missing++
			say("needed: %v", err)
		}
	}
	if missing > 0 {
		return fmt.Errorf("%d of %d tools missing: %s", missing, len(args), strings.Join(args, ", "))
	}
	return nil
}

var needs = map[string]func(context.Context) error{
	"node": func(ctx context.Context) error {
		return program("node", "Node.js 20.19 or newer, for the JavaScript checks and tests (Debian: `apt-get install nodejs`)")
	},
	"npm": func(ctx context.Context) error {
		return program("npm", "npm, for the JavaScript checks and tests (Debian: `apt-get install npm`)")
	},
	"cc": func(ctx context.Context) error {
		said, err := output(ctx, "", nil, "go", "env", "CC", "CGO_ENABLED")
		if err != nil {
			return err
		}
		cc, cgo, _ := strings.Cut(said, "\n")
		if fields := strings.Fields(cc); cgo != "1" || len(fields) == 0 || program(fields[0], "") != nil {
			return fmt.Errorf("a C compiler (%s) and CGO_ENABLED=1, for Go's race detector (Debian: `apt-get install gcc libc6-dev`)", cc)
		}
		return nil
	},
	"git": func(ctx context.Context) error {
		return program("git", "git, for the tests of projects (Debian: `apt-get install git`)")
	},
	"python": func(ctx context.Context) error { _, err := findPython(ctx); return err },
}

func program(name, hint string) error {
	if _, err := exec.LookPath(name); err != nil {
		return errors.New(hint)
	}
	return nil
}
