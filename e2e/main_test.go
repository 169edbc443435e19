// Package e2e tests the built files in headless Chromium against real classic
// Notebook servers: H1 (nbclassic, ipykernel 7) and H2 (notebook 6.4).
package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"testing"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// fixture is what all tests share: one browser, and one server per [setup],
// each started by the first test that asks for it.
var fixture struct {
	root    string // of the repository
	envs    string // the folder of the Python environments
	tmp     string
	browser func() (*browse.Browser, error)

	mu      sync.Mutex // protects servers
	servers map[string]*running
}

type running struct {
	server *jupyter.Server
	err    error
}

func TestMain(m *testing.M) {
	flag.Parse()
	// A job in a shell's background ignores Ctrl-C, and so would what it starts, which tests end by it.
	if signal.Ignored(os.Interrupt) {
		signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	}
	os.Exit(run(m))
}

func run(m *testing.M) (code int) {
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	if err := prepare(); err != nil {
		return fail(err)
	}
	tmp, err := os.MkdirTemp("", "gocomm-e2e-")
	if err != nil {
		return fail(err)
	}
	fixture.tmp = tmp
	fixture.servers = map[string]*running{}
	fixture.browser = sync.OnceValues(func() (*browse.Browser, error) { return browse.Launch(context.Background()) })
	defer func() {
		if err := cleanup(); err != nil {
			code = max(code, fail(err))
		}
	}()
	// Without a browser every test would fail on its own; say it once.
	if _, err := fixture.browser(); err != nil {
		return fail(err)
	}
	return m.Run()
}

// prepare finds the repository and checks that what the tests look at was built.
func prepare() error {
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	fixture.root = filepath.Dir(wd)
	if _, err := os.Stat(filepath.Join(fixture.root, "go.mod")); err != nil {
		return fmt.Errorf("%s is not the repository's root: %w", fixture.root, err)
	}
	fixture.envs = os.Getenv("GOCOMM_ENVS")
	if fixture.envs == "" {
		fixture.envs = filepath.Join(fixture.root, ".envs")
	}
	var missing []error
	for _, host := range jupyter.Hosts() {
		if _, err := os.Stat(filepath.Join(fixture.envs, string(host), "bin", "python")); err != nil {
			missing = append(missing, fmt.Errorf("no Python environment for %s (%w): run `make test`, or `go run ./internal/tool venv %[1]s`", host, err))
		}
	}
	main := filepath.Join(fixture.root, "dist", "nbextension", "gocomm", "main.js")
	if _, err := os.Stat(main); err != nil {
		missing = append(missing, fmt.Errorf("the nbextension is not built (%w): run `make build`", err))
	}
	return errors.Join(missing...)
}

func cleanup() error {
	var errs []error
	if browser, err := fixture.browser(); err == nil {
		errs = append(errs, browser.Close())
	}
	fixture.mu.Lock()
	defer fixture.mu.Unlock()
	var all sync.WaitGroup
	stopped := make(chan error, len(fixture.servers))
	for _, r := range fixture.servers {
		if r.server != nil {
			all.Go(func() { stopped <- r.server.Stop() }) // each waits for its kernels
		}
	}
	all.Wait()
	close(stopped)
	for err := range stopped {
		errs = append(errs, err)
	}
	return errors.Join(append(errs, os.RemoveAll(fixture.tmp))...)
}
