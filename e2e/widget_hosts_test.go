package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// widgetHosts are the pages of Jupyter that gocomm.Widget is shown on.
var widgetHosts = []jupyter.Host{jupyter.H1, jupyter.H2, jupyter.Lab, jupyter.Notebook7}

// wheelEnvs are environments with the wheel, one for each host's environment.
var wheelEnvs = struct {
	sync.Mutex // protects made
	made       map[jupyter.Host]string
}{made: map[jupyter.Host]string{}}

// wheelEnv gives the environment of a host with the wheel installed, which tests share: they must not change it.
func wheelEnv(t *testing.T, name jupyter.Host) string {
	t.Helper()
	wheelEnvs.Lock()
	defer wheelEnvs.Unlock()
	name = name.Env()
	if wheelEnvs.made[name] == "" {
		dir, err := os.MkdirTemp(fixture.tmp, "wheel-"+string(name)+"-")
		require.NoError(t, err)
		env := layerIn(t, dir, filepath.Join(fixture.envs, string(name)))
		pipInstall(t, env, theWheel(t))
		wheelEnvs.made[name] = env
	}
	return wheelEnvs.made[name]
}

func theWheel(t *testing.T) string {
	t.Helper()
	wheels, err := filepath.Glob(filepath.Join(fixture.root, "dist", "gocomm-*.whl"))
	require.NoError(t, err)
	require.Len(t, wheels, 1, "run `make wheel`")
	return wheels[0]
}

func pipInstall(t *testing.T, env string, wheels ...string) {
	t.Helper()
	command(t, filepath.Join(env, "bin", "python"), append([]string{"-m", "pip", "--no-input", "--disable-pip-version-check", "install", "--no-index", "--no-deps"}, wheels...)...)
}

// A paper is a notebook's page of any host.
type paper struct {
	*browse.Page
	host *host
}

// isLab tells the pages of JupyterLab and Notebook 7 from classic ones.
func (p *paper) isLab() bool { return p.host.Name.Env() != p.host.Name }

// forWidgetHosts runs a test on each kind of page, with the wheel installed.
func forWidgetHosts(t *testing.T, test func(t *testing.T, h *host)) {
	t.Helper()
	sideBySide(t, widgetHosts, func(t *testing.T, name jupyter.Host) { test(t, startWidgetHost(t, name)) })
}

// startWidgetHost returns a host's server, with the wheel installed; the first call starts it.
func startWidgetHost(t *testing.T, name jupyter.Host) *host {
	t.Helper()
	return startShared(t, "wheel-", name, wheelEnv(t, name))
}

// startShared returns the server of a host in an environment, for all tests that use the key; the first call starts it.
func startShared(t *testing.T, key string, name jupyter.Host, env string) *host {
	t.Helper()
	fixture.mu.Lock()
	defer fixture.mu.Unlock()
	key += string(name)
	r := fixture.servers[key]
	if r == nil {
		dir := filepath.Join(fixture.tmp, key)
		require.NoError(t, os.MkdirAll(dir, 0o755))
		r = &running{}
		r.server, r.err = jupyter.Start(context.Background(), jupyter.Config{Host: name, Env: env, Dir: dir, Settings: jupyter.NoDelay}) // a test that goes to and fro waits less
		fixture.servers[key] = r
	}
	require.NoError(t, r.err)
	return &host{Server: r.server, Name: name}
}

// openPaper opens a notebook with these cells, and waits until widgets may be shown.
func openPaper(t *testing.T, h *host, cells ...string) *paper {
	t.Helper()
	return openPaperAt(t, h, h.NewNotebook(t, cells...))
}

func openPaperAt(t *testing.T, h *host, url string) *paper {
	t.Helper()
	p := &paper{Page: newPage(t), host: h}
	p.open(t, url)
	return p
}

// open loads a notebook, and waits until widgets may be shown.
func (p *paper) open(t *testing.T, url string) {
	t.Helper()
	if p.isLab() {
		require.NoError(t, p.OpenLab(url))
		return
	}
	require.NoError(t, p.OpenNotebook(url))
	p.settle(t)
}

// settle waits, on a classic page, until ipywidgets has done what it does at first.
func (p *paper) settle(t *testing.T) {
	t.Helper()
	require.NoError(t, p.WaitKernelReady())
	require.NoError(t, p.Wait(`"jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon))
}

func (p *paper) run(t *testing.T, cell int) {
	t.Helper()
	if p.isLab() {
		require.NoError(t, p.RunLabCell(cell))
		return
	}
	require.NoError(t, p.RunCellWait(cell))
}

func (p *paper) reload(t *testing.T) {
	t.Helper()
	if p.isLab() {
		require.NoError(t, p.ReloadLab())
		return
	}
	require.NoError(t, p.Reload())
	p.settle(t)
}

func (p *paper) save(t *testing.T) {
	t.Helper()
	if p.isLab() {
		require.NoError(t, p.SaveLab())
		return
	}
	require.NoError(t, p.Save())
}

// in gives the first element of a cell that matches, as JavaScript.
func (p *paper) in(cell int, selector string) string {
	return p.cell(cell) + `.querySelector("` + selector + `")`
}

// python runs code in the kernel, and gives what it prints.
func (p *paper) python(t *testing.T, code string) string {
	t.Helper()
	out, err := p.Python(code)
	require.NoError(t, err, code)
	return strings.TrimSpace(out)
}

// addCell appends a code cell, and gives its index.
func (p *paper) addCell(t *testing.T, source string) int {
	t.Helper()
	var i int
	var err error
	if p.isLab() {
		i, err = p.AddLabCell(source)
	} else {
		i, err = p.AddCells(source)
	}
	require.NoError(t, err)
	return i
}

// cell gives the element of a cell, as JavaScript.
func (p *paper) cell(i int) string {
	if p.isLab() {
		return browse.LabCell(i)
	}
	return browse.ClassicCell(i)
}

// output gives the text of a cell's result.
func (p *paper) output(t *testing.T, i int) string {
	t.Helper()
	if !p.isLab() {
		out, err := p.CellOutput(i)
		require.NoError(t, err)
		return strings.TrimSpace(out)
	}
	out, err := browse.Eval[string](p.Page, p.in(i, ".jp-OutputArea-output")+`.innerText`)
	require.NoError(t, err)
	return strings.TrimSpace(out)
}

// shoot writes screenshots of the page into dist/e2e/examples: light, dark and narrow.
func (p *paper) shoot(t *testing.T, name string) {
	t.Helper()
	write := func(kind string) {
		require.NoError(t, p.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "examples", name+"-"+string(p.host.Name)+"-"+kind+".png")))
	}
	write("light")
	dark, light := func() error { return p.Dark(true) }, func() error { return p.Dark(false) }
	if p.isLab() {
		dark, light = func() error { return p.LabTheme("JupyterLab Dark") }, func() error { return p.LabTheme("JupyterLab Light") }
	}
	require.NoError(t, dark())
	write("dark")
	require.NoError(t, light())
	require.NoError(t, p.Resize(420, 800))
	if p.host.Name == jupyter.Lab { // who has so little room closes the list of files
		p.do(t, `jupyterapp.shell.collapseLeft()`)
	}
	write("narrow")
	require.NoError(t, p.Resize(1400, 1000))
}

// do runs JavaScript on the page, and waits for what it returns.
func (p *paper) do(t *testing.T, js string) {
	t.Helper()
	_, err := browse.Eval[browse.Void](p.Page, `(async () => { await (`+js+`) })()`)
	require.NoError(t, err)
}

// pythonPrints waits until code in the kernel prints a text. ipywidgets sends what has changed on the page when the kernel has seen the
// change before: code that runs meanwhile is earlier.
func (p *paper) pythonPrints(t *testing.T, want, code string) {
	t.Helper()
	deadline := time.Now().Add(soon)
	got := p.python(t, code)
	for got != want && time.Now().Before(deadline) {
		got = p.python(t, code)
	}
	require.Equal(t, want, got, code)
}
