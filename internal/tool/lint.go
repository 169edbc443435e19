package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// runLint runs every check, so that one run shows all that is wrong.
func runLint(ctx context.Context, root string, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	failed := 0
	for _, c := range []struct {
		name  string
		check func(context.Context, string) error
	}{
		{"gofmt", lintFormat},
		{"go vet, native", lintVet},
		{"go vet, wasm", lintVetWasm},
		{"staticcheck", lintStatic},
		{"JavaScript types", lintJavaScript},
		{"ESLint", lintESLint},
		{"ruff", lintPython},
	} {
		start := time.Now()
		if err := c.check(ctx, root); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			failed++
			say("%-17s failed: %v", c.name, err)
			continue
		}
		say("%-17s ok, %s", c.name, took(start))
	}
	if failed > 0 {
		return fmt.Errorf("%d checks failed", failed)
	}
	return nil
}

func lintFormat(ctx context.Context, root string) error {
	gofmt, err := exec.LookPath("gofmt")
	if err != nil {
		goroot, err := output(ctx, root, nil, "go", "env", "GOROOT")
		if err != nil {
			return err
		}
		gofmt = filepath.Join(goroot, "bin", "gofmt")
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	args := []string{"-l"}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "dist" || strings.HasSuffix(e.Name(), ".go") {
			args = append(args, e.Name())
		}
	}
	unformatted, err := output(ctx, root, nil, gofmt, args...)
	if err == nil && unformatted != "" {
		err = errors.New("not formatted (run `gofmt -w`):\n" + unformatted)
	}
	return err
}

func lintVet(ctx context.Context, root string) error {
	_, err := output(ctx, root, nil, "go", "vet", "-tags=measure,hosts", "./...")
	return err
}

func lintVetWasm(ctx context.Context, root string) error {
	packages, err := wasmPackages(ctx, root)
	if err == nil {
		_, err = output(ctx, root, forWasm, "go", append([]string{"vet", "-tags=measure,hosts"}, packages...)...)
	}
	return err
}

var forWasm = []string{"GOOS=js", "GOARCH=wasm"}

// wasmPackages leaves out what drives a browser or a server from outside: it needs processes, and does not compile for wasm.
func wasmPackages(ctx context.Context, root string) ([]string, error) {
	listed, err := output(ctx, root, forWasm, "go", "list", "-tags=measure,hosts", "-f", `{{.ImportPath}} {{join .Deps " "}} {{join .TestImports " "}}`, "./...")
	if err != nil {
		return nil, err
	}
	var packages []string
	for line := range strings.Lines(listed) {
		if !strings.Contains(line, "/chromedp") && !strings.Contains(line, "/e2e/") {
			packages = append(packages, strings.Fields(line)[0])
		}
	}
	if len(packages) == 0 {
		return nil, errors.New("no packages for wasm")
	}
	return packages, nil
}

// lintStatic runs staticcheck, which tools.mod pins, native and wasm.
func lintStatic(ctx context.Context, root string) error {
	scratch, err := os.MkdirTemp("", "gocomm-lint-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	staticcheck, err := buildTool(ctx, root, scratch, "honnef.co/go/tools/cmd/staticcheck")
	if err != nil {
		return err
	}
	_, native := output(ctx, root, nil, staticcheck, "-tags=measure,hosts", "./...")
	packages, err := wasmPackages(ctx, root)
	if err == nil {
		_, err = output(ctx, root, forWasm, staticcheck, append([]string{"-tags=measure,hosts"}, packages...)...)
	}
	return errors.Join(native, err)
}

// ruffPin is the Python linter.
const ruffPin = "ruff==0.17.6\n"

func lintPython(ctx context.Context, root string) error {
	env, err := ensureVenv(ctx, root, "lint", ruffPin, "a few seconds")
	if err == nil {
		_, err = output(ctx, root, nil, filepath.Join(env, "bin", "ruff"), "check", "--quiet", "--no-cache", "--output-format=concise",
			"--config", filepath.Join(root, "internal", "tool", "ruff.toml"), "nbextension", "examples", "e2e", "measure")
	}
	return err
}
