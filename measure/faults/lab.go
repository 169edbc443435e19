//go:build measure

package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
	bench "gocomm/measure/bench/page"
)

//go:embed page
var pageFiles embed.FS

// A Lab is what figures are measured in: a browser, and servers of several kinds.
type Lab struct {
	// Short asks for a small part of each figure, of seconds, as in a test.
	Short bool
	// Logf tells how far it is.
	Logf func(format string, args ...any)

	ctx        context.Context
	root, envs string
	dir        string
	browser    *browse.Browser

	mu        sync.Mutex // protects what follows
	servers   map[string]*jupyter.Server
	notebooks int
}

// New makes a lab of what is built in the repository. The caller closes the browser.
func New(ctx context.Context, root string, browser *browse.Browser) (*Lab, error) {
	dir, err := os.MkdirTemp("", "gocomm-faults-")
	if err != nil {
		return nil, err
	}
	return &Lab{Logf: func(string, ...any) {}, ctx: ctx, root: root, envs: filepath.Join(root, ".envs"), dir: dir, browser: browser, servers: map[string]*jupyter.Server{}}, nil
}

// Close ends the servers.
func (l *Lab) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for _, s := range l.servers {
		errs = append(errs, s.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(l.dir))...)
}

// n is how often something is done.
func (l *Lab) n(full, short int) int {
	if l.Short {
		return short
	}
	return full
}

// restarts lets a kernel be killed more than five times in a row: the server would give it up.
const restarts = `
get_config().KernelRestarter.restart_limit = 1000
`

// settings are those of the servers. Nothing that is measured here is about Nagle's algorithm.
var settings = map[jupyter.Host]string{jupyter.H1: jupyter.NoDelay + restarts, jupyter.H2: restarts}

// What a server's notebooks load: gocomm and the program for tests, gocomm alone, or, as
// the control, neither.
var (
	withProbe  = []string{"gocomm/main", "probe/main"}
	withGocomm = []string{"gocomm/main"}
	bare       []string
)

// server gives a server whose notebooks load these extensions. It starts it at the first call.
func (l *Lab) server(host jupyter.Host, enable []string) (*jupyter.Server, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := fmt.Sprint(host, enable)
	if s := l.servers[key]; s != nil {
		return s, nil
	}
	nbextensions, err := l.extensions()
	if err != nil {
		return nil, err
	}
	notebooks, err := os.MkdirTemp(l.dir, "notebooks-")
	if err != nil {
		return nil, err
	}
	config := jupyter.Config{Host: host, Env: filepath.Join(l.envs, string(host.Env())), Dir: notebooks, Nbextensions: nbextensions, Settings: settings[host], Enable: enable}
	s, err := jupyter.Start(l.ctx, config)
	if err == nil {
		l.servers[key] = s
	}
	return s, err
}

// extensions lays out what servers offer: gocomm as built, the program for tests, and
// the pages' part of this package and of the bench.
func (l *Lab) extensions() (string, error) {
	out := filepath.Join(l.dir, "nbextensions")
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	page, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return "", err
	}
	for name, files := range map[string]fs.FS{
		"gocomm": os.DirFS(filepath.Join(l.root, "dist", "nbextension", "gocomm")), "bench": bench.Files, "faults": page,
	} {
		if err := os.CopyFS(filepath.Join(out, name), files); err != nil {
			return "", fmt.Errorf("%w: run `make build`", err)
		}
	}
	for _, name := range []string{"probe.wasm.gz", "probe.wasm.js"} {
		b, err := os.ReadFile(filepath.Join(l.root, "dist", "web", name))
		if err != nil {
			return "", fmt.Errorf("%w: run `make build`", err)
		}
		for _, dir := range []string{"bench", "probe"} {
			if err := os.MkdirAll(filepath.Join(out, dir), 0o755); err != nil {
				return "", err
			}
			if err := os.WriteFile(filepath.Join(out, dir, name), b, 0o644); err != nil {
				return "", err
			}
		}
	}
	main, err := os.ReadFile(filepath.Join(l.root, "e2e", "testdata", "probe", "main.js"))
	if err != nil {
		return "", err
	}
	return out, os.WriteFile(filepath.Join(out, "probe", "main.js"), main, 0o644)
}

// notebook writes a notebook with these cells, and gives its page's address.
func (l *Lab) notebook(s *jupyter.Server, cells ...string) (string, error) {
	l.mu.Lock()
	l.notebooks++
	name := fmt.Sprintf("%d.ipynb", l.notebooks)
	l.mu.Unlock()
	return s.NotebookURL(name), browse.WriteNotebook(filepath.Join(s.Dir(), name), cells...)
}

// on has f work on a page of its own.
func (l *Lab) on(f func(p *browse.Page) error) error {
	p, err := l.browser.NewPage()
	if err != nil {
		return err
	}
	stop := context.AfterFunc(l.ctx, func() { _ = p.Close() }) // whatever it waits for
	defer stop()
	err = f(p)
	if err != nil && l.ctx.Err() == nil {
		// What the page shows then is worth a look.
		_ = p.Dump(filepath.Join(l.root, "dist", "e2e"), "faults")
	}
	return errors.Join(err, p.Close())
}

// desk has f work on a notebook's page, when its kernel is ready and the manager in its place.
func (l *Lab) desk(host jupyter.Host, gocomm bool, cells []string, f func(p *browse.Page) error) error {
	enable := bare
	if gocomm {
		enable = withProbe
	}
	s, err := l.server(host, enable)
	if err != nil {
		return err
	}
	url, err := l.notebook(s, cells...)
	if err != nil {
		return err
	}
	return l.on(func(p *browse.Page) error {
		if err := errors.Join(p.OpenNotebook(url), p.WaitKernelReady(), managed(p, gocomm)); err != nil {
			return err
		}
		return f(p)
	})
}

// managed waits until ipywidgets is there, and the manager in its place, with the
// targets of the program for tests.
func managed(p *browse.Page, gocomm bool) error {
	const kernel = `Jupyter.notebook.kernel`
	cond := `"jupyter.widget" in ` + kernel + `.comm_manager.targets && `
	if gocomm {
		cond += `"_hub" in ` + kernel + `.comm_manager && ` + kernel + `.comm_manager._hub.claims.has("probe.echo")`
	} else {
		cond += `!("_hub" in ` + kernel + `.comm_manager)`
	}
	return p.Wait(cond, soon)
}

// objects has f work on a page with classic Notebook's modules, without a kernel: its
// scripts make kernel objects of their own.
func (l *Lab) objects(f func(p *browse.Page) error) error {
	s, err := l.server(jupyter.H1, bare)
	if err != nil {
		return err
	}
	return l.on(func(p *browse.Page) error {
		if err := errors.Join(p.StopWire(), p.Navigate(s.URL()+"/nbclassic/tree")); err != nil {
			return err
		}
		if err := p.Wait(`document.readyState === "complete" && typeof require === "function" && window.Jupyter`, soon); err != nil {
			return err
		}
		return f(p)
	})
}
