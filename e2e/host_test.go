package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// setup is a way to configure a server. Tests with the same name of a setup share a server per host.
type setup struct {
	name         string
	nbextensions func(t *testing.T) string // the folder to serve, made when the server starts
	enable       []string
	settings     string // Python that the server runs at its start
	token        string // that it wants to see
}

// withGocomm serves the built nbextension, enabled as the wheel does.
var withGocomm = setup{
	name:         "gocomm",
	nbextensions: func(*testing.T) string { return filepath.Join(fixture.root, "dist", "nbextension") },
	enable:       []string{"gocomm/main"},
}

// host is a running server, as a test sees it.
type host struct {
	*jupyter.Server
	Name jupyter.Host
}

// forHosts runs a test on each kind of server. A test that is no part of another runs beside others, after those that do not: it looks at
// its own notebooks and kernels alone.
func forHosts(t *testing.T, s setup, test func(t *testing.T, h *host)) {
	t.Helper()
	if !strings.Contains(t.Name(), "/") {
		t.Parallel()
	}
	sideBySide(t, jupyter.Hosts(), func(t *testing.T, name jupyter.Host) { test(t, startHost(t, s, name)) })
}

// sideBySide runs a test for several hosts at once: most of the time is spent in waiting for a server or a kernel.
// The calling test goes on before they have run.
func sideBySide(t *testing.T, hosts []jupyter.Host, test func(t *testing.T, name jupyter.Host)) {
	t.Helper()
	for _, name := range hosts {
		t.Run(strings.ToUpper(string(name)), func(t *testing.T) {
			t.Parallel()
			test(t, name)
		})
	}
}

// startHost returns the setup's server on this kind of host; the first call starts it.
func startHost(t *testing.T, s setup, name jupyter.Host) *host {
	t.Helper()
	fixture.mu.Lock()
	defer fixture.mu.Unlock()
	key := s.name + "-" + string(name)
	r := fixture.servers[key]
	if r == nil {
		dir := filepath.Join(fixture.tmp, key)
		require.NoError(t, os.MkdirAll(dir, 0o755))
		config := jupyter.Config{Host: name, Env: filepath.Join(fixture.envs, string(name)), Dir: dir, Enable: s.enable, Settings: s.settings, Token: s.token}
		if s.nbextensions != nil {
			config.Nbextensions = s.nbextensions(t)
		}
		r = &running{}
		r.server, r.err = jupyter.Start(context.Background(), config)
		fixture.servers[key] = r // a failed start is not tried again by the next test
	}
	require.NoError(t, r.err)
	return &host{Server: r.server, Name: name}
}

// NewNotebook writes a notebook into the server's folder and returns its page's address.
func (h *host) NewNotebook(t *testing.T, cells ...string) string {
	t.Helper()
	name := notebookName(t)
	path := filepath.Join(h.Dir(), name)
	// A session is found by its notebook's path, so two notebooks must not share one.
	require.NoFileExists(t, path, "one notebook per test: use a subtest for another one")
	require.NoError(t, browse.WriteNotebook(path, cells...))
	return h.NotebookURL(name)
}

// notebookName is the file of the test's notebook.
func notebookName(t *testing.T) string {
	return strings.NewReplacer("/", "-", " ", "_").Replace(t.Name()) + ".ipynb"
}

// AddFile puts a file beside the notebooks, where kernels import from.
func (h *host) AddFile(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(h.Dir(), filepath.Base(path)), b, 0o644))
}

// newPage opens a blank page, which is closed with its kernel when the test
// ends. A test that failed leaves console, wire and screenshot in dist/e2e.
func newPage(t *testing.T) *browse.Page {
	t.Helper()
	browser, err := fixture.browser()
	require.NoError(t, err)
	page, err := browser.NewPage()
	require.NoError(t, err)
	closeAtEnd(t, page)
	return page
}

func closeAtEnd(t *testing.T, page *browse.Page) {
	t.Cleanup(func() {
		dump(t, page)
		if err := page.Close(); err != nil {
			t.Errorf("closing the page: %v", err)
		}
	})
}

func dump(t *testing.T, page *browse.Page) {
	if !t.Failed() {
		return
	}
	dir := filepath.Join(fixture.root, "dist", "e2e")
	if err := page.Dump(dir, t.Name()); err != nil {
		t.Logf("dump of the page: %v", err)
		return
	}
	t.Logf("console, wire and screenshot of the page are in dist/e2e")
}

// openNotebook opens a new notebook with these cells in a new page and waits for its kernel.
func openNotebook(t *testing.T, h *host, cells ...string) *browse.Page {
	t.Helper()
	page := newPage(t)
	require.NoError(t, page.OpenNotebook(h.NewNotebook(t, cells...)))
	require.NoError(t, page.WaitKernelReady())
	return page
}
