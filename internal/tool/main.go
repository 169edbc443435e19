// Command tool builds, checks and shows gocomm; the Makefile is its menu.
//
//	go run ./internal/tool build
//
// Everything that it makes is under dist/ and .envs/. Progress and errors go to standard error, results to standard output.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

type command struct {
	name, args, help string
	run              func(ctx context.Context, root string, args []string) error
}

var commands = []command{
	{"build", "", "compile the programs of wasm/ and examples/, and lay out dist/web, dist/nbextension, dist/widgets, dist/examples, dist/python and dist/npm", runBuild},
	{"wheel", "", "pack dist/python as an installable Python wheel", runWheel},
	{"npm", "", "pack dist/npm as a package for npm", runNpm},
	{"venv", "NAME ...", "create the Python environments of the test servers (h1, h2, marimo, voila, hub), those of libraries of widgets beside them (h1-libraries, h2-libraries), and the one that packs projects (pack)", runVenv},
	{"chromium", "[-shell]", "print the path of Chromium, or of its headless shell; on Debian, install it as root when there is none", runChromium},
	{"firefox", "", "print the path of Firefox; on Debian, install it as root when there is none", runFirefox},
	{"need", "NAME ...", "check that tools are installed: node, npm, python, cc", runNeed},
	{"lint", "", "gofmt, go vet and staticcheck (native and wasm), TypeScript and ESLint, ruff", runLint},
	{"wasmtest", "[packages]", "run Go tests in headless Chromium; default ./jsglue/... ./view/...", runWasmtest},
	{"jstest", "[-grep TEXT] [file ...]", "run the JavaScript tests of internal/js/test in headless Chromium", runJstest},
	{"react", "", "make dist/examples/react: the example, with React as one ES module", runReact},
	{"docs", "", "make the site of the documents and the reference: dist/docs", runDocs},
	{"pictures", "", "renew docs/images by the pictures that make test and make demo-headless have made", runPictures},
	{"demo", "[-headless]", "serve examples/cookbook on a classic Notebook with gocomm enabled; PORT= chooses the port", runDemo},
	{"site", "[-headless]", "make dist/site, a JupyterLite with gocomm as static files; or run its notebooks in a headless browser", runSite},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := dispatch(ctx, os.Args[1:])
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case err == nil:
	case interrupted:
		fmt.Fprintln(os.Stderr, "interrupted")
		os.Exit(130)
	default:
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		usage()
		return errors.New("a command is missing")
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		root, err := repositoryRoot(ctx)
		if err != nil {
			return err
		}
		if err := c.run(ctx, root, args[1:]); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		return nil
	}
	usage()
	return fmt.Errorf("unknown command %q", args[0])
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: go run ./internal/tool COMMAND")
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "  %-9s %-11s %s\n", c.name, c.args, c.help)
	}
}

func noArguments(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q", args[0])
	}
	return nil
}
