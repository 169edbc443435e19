package e2e

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// A project is what `python -m gocomm new` has made.
type project struct {
	folder string
	env    string // with the wheel
	python string
}

// newProject makes one in a folder, by the wheel that is installed in a host's environment.
func newProject(t *testing.T, dir string, host jupyter.Host, name string) *project {
	t.Helper()
	env := wheelEnv(t, host)
	p := &project{folder: filepath.Join(dir, name), env: env, python: filepath.Join(env, "bin", "python")}
	out := p.in(t, dir, p.python, "-m", "gocomm", "new", name)
	require.Contains(t, out, "python -m gocomm dev")
	return p
}

// in runs a command in a folder, and gives what it printed.
func (p *project) in(t *testing.T, folder, program string, args ...string) string {
	t.Helper()
	c := exec.Command(program, args...)
	c.Dir = folder
	// Neither a workspace nor this repository's module takes part.
	c.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s %q:\n%s", program, args, out)
	return string(out)
}

// edit changes a file of the project, as an editor saves it.
func (p *project) edit(t *testing.T, name, old, new string) {
	t.Helper()
	path := filepath.Join(p.folder, name)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(text), old, new)), 0o644))
}

// A process is a command that runs beside the test.
type process struct {
	cmd  *exec.Cmd
	stop os.Signal  // that ends it
	mu   sync.Mutex // protects out
	out  bytes.Buffer
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// withoutPackers gives what a command's environment needs for projects to be built without zopfli and brotli, which take most of a
// build's time: TestProjectPacked has them.
func withoutPackers(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"brotli.py", "zopfli.py"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("raise ImportError\n"), 0o644))
	}
	return "PYTHONPATH=" + dir
}

// develop starts `python -m gocomm dev`, which is interrupted when the test ends. env is nil for the test's own.
func (p *project) develop(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	c := exec.Command(p.python, append([]string{"-m", "gocomm", "dev"}, args...)...)
	c.Dir, c.Env = p.folder, env
	d := &process{cmd: c, stop: syscall.SIGINT}
	c.Stdout, c.Stderr = d, d
	c.WaitDelay = soon
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		require.NoError(t, c.Process.Signal(d.stop))
		_ = c.Wait()
		if t.Failed() {
			t.Log(d.said())
		}
	})
	return d
}

// launch has `python -m gocomm dev` start the environment's Jupyter, and gives the page that it opens in the
// user's browser. Jupyter ends with it.
func (p *project) launch(t *testing.T, name jupyter.Host) (url string, dev *process) {
	t.Helper()
	opened := filepath.Join(t.TempDir(), "opened.html")
	browser := filepath.Join(t.TempDir(), "browser") // it is given a page that leads on to Jupyter's, with the token
	script := "#!/bin/sh\ncp \"${1#file://}\" " + opened + ".part && mv " + opened + ".part " + opened + "\n"
	require.NoError(t, os.WriteFile(browser, []byte(script), 0o755))
	env, err := jupyter.Environ(jupyter.Config{Host: name, Env: p.env, Dir: p.folder, Settings: jupyter.NoDelay}, t.TempDir())
	require.NoError(t, err)
	var options []string
	if name == jupyter.Lab {
		options = append(options, "--LabApp.expose_app_in_browser=True") // how a test gets at a page's notebook
	}
	if os.Geteuid() == 0 {
		options = append(options, "--allow-root")
	}
	t.Cleanup(func() { // after develop's
		_, err := http.Get(url)
		require.Error(t, err, "Jupyter goes on without dev")
	})
	dev = p.develop(t, append(env, "BROWSER="+browser), append([]string{"--"}, options...)...)
	dev.stop = syscall.SIGTERM // unlike Ctrl-C it does not reach Jupyter
	require.Eventually(t, func() bool {
		page, err := os.ReadFile(opened)
		if err != nil {
			return false
		}
		_, rest, _ := strings.Cut(string(page), ";url=")
		url, _, _ = strings.Cut(rest, `"`)
		return true
	}, 4*soon, 50*time.Millisecond, "no browser was opened; it said: %s", dev.said)
	url = html.UnescapeString(url)
	require.Contains(t, url, filepath.Base(p.folder)+".ipynb")
	return url, dev
}

// TestProjectDev makes a project, and works on it, in a Jupyter that is there or in dev's own: what is saved is shown, with the
// state that the widget has; what does not compile is reported, with its place, while the program before goes on.
func TestProjectDev(t *testing.T) {
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.H2, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		called := "tally_" + string(name)
		class := "Tally" + strings.ToUpper(string(name)[:1]) + string(name)[1:]
		var made *project
		var p *paper
		if name == jupyter.H1 {
			h := startWidgetHost(t, name)
			made = newProject(t, h.Dir(), name, called)
			d := made.develop(t, nil, "--no-jupyter")
			require.Eventually(t, func() bool { return strings.Contains(d.said(), "built in") }, 4*soon, 50*time.Millisecond)
			p = openPaperAt(t, h, h.NotebookURL(called+"/"+called+".ipynb"))
		} else {
			made = newProject(t, t.TempDir(), name, called)
			url, _ := made.launch(t, name)
			p = openPaperAt(t, &host{Name: name}, url)
		}
		p.run(t, 1) // after a heading
		p.shows(t, 1, "count is 0")
		require.NoError(t, p.Click(p.in(1, ".gocomm-view button")))
		p.shows(t, 1, "count is 1")
		p.pythonPrints(t, "1", `print(`+called+`.value)`)
		require.Contains(t, p.python(t, `print(repr(`+called+`))`), class+"(value=1)")

		start := time.Now()
		made.edit(t, called+".go", `"count is "`, `"clicked: "`)
		p.shows(t, 1, "clicked: 1")
		t.Logf("%s: shown %.1f s after it was saved", name, time.Since(start).Seconds())
		require.NoError(t, p.Click(p.in(1, ".gocomm-view button")))
		p.shows(t, 1, "clicked: 2")

		made.edit(t, called+".go", `"clicked: "`, `clicked`)
		require.NoError(t, p.Wait(p.in(1, ".gocomm-report")+`.textContent.includes(".go:1")`, soon))
		require.NoError(t, p.Wait(p.in(1, ".gocomm-report")+`.textContent.includes("undefined: clicked")`, soon))
		p.shoot(t, "dev-error")
		require.NoError(t, p.Click(p.in(1, ".gocomm-view button"))) // it goes on
		p.shows(t, 1, "clicked: 3")

		start = time.Now()
		made.edit(t, called+".go", ` clicked +`, ` "mended: " +`)
		p.shows(t, 1, "mended: 3")
		require.NoError(t, p.Wait(p.in(1, ".gocomm-report")+` === null`, soon))
		t.Logf("%s: mended, shown %.1f s after it was saved", name, time.Since(start).Seconds())
		p.pythonPrints(t, "3", `print(`+called+`.value)`)
		require.Empty(t, p.Errors())
	})
}

// shows waits until the first button of a cell's views has a text.
func (p *paper) shows(t *testing.T, cell int, text string) {
	t.Helper()
	require.NoError(t, p.Wait(p.in(cell, ".gocomm-view button")+`.textContent === "`+text+`"`, soon))
}

// TestProjectPacked makes a project, tests, builds and packs it as a user does, and shows
// its widget where there is no Go: from the server, and, when what the server has is another file, from the kernel.
func TestProjectPacked(t *testing.T) {
	h := startWidgetHost(t, jupyter.H1)
	made := newProject(t, h.Dir(), h.Name, "badge")
	made.in(t, made.folder, "go", "vet", "./...")
	made.in(t, made.folder, "go", "test", "./...")
	made.in(t, made.folder, "go", "build", "./...")
	pack := filepath.Join(fixture.envs, "pack", "bin", "python")
	require.FileExists(t, pack, "run `dist/tool venv pack`")
	made.refusesToPack(t, pack, "badge/static/badge.wasm.gz is not there: run `python -m gocomm build` first")

	made.in(t, made.folder, made.python, "-m", "gocomm", "build")
	cloned(t, made)
	made.in(t, made.folder, pack, "-m", "build", "--no-isolation")
	dist, err := filepath.Glob(filepath.Join(made.folder, "dist", "*"))
	require.NoError(t, err)
	require.Len(t, dist, 2, "a wheel, and a source distribution")
	require.NotContains(t, made.in(t, made.folder, pack, append([]string{"-m", "twine", "check", "--strict"}, dist...)...), "WARNING")
	wheel, err := filepath.Glob(filepath.Join(made.folder, "dist", "*.whl"))
	require.NoError(t, err)
	require.Len(t, wheel, 1)

	t.Setenv("PATH", t.TempDir())
	_, err = exec.LookPath("go")
	require.Error(t, err, "the servers' PATH has a Go")
	for _, name := range []jupyter.Host{jupyter.H1, jupyter.Lab} {
		t.Run(string(name), func(t *testing.T) {
			env := layer(t, filepath.Join(fixture.envs, string(name.Env())))
			pipInstall(t, env, theWheel(t), wheel[0])
			server, err := jupyter.Start(context.Background(), jupyter.Config{Host: name, Env: env, Dir: t.TempDir()})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, server.Stop()) })
			p := openPaper(t, &host{Server: server, Name: name}, `from badge import Badge
one, two = Badge(value=8), None
one`, `two = Badge(value=9)
two`)
			p.run(t, 0)
			p.shows(t, 0, "count is 8")
			require.NoError(t, p.Click(p.in(0, ".gocomm-view button")))
			p.pythonPrints(t, "9", `print(one.value)`)
			require.Empty(t, p.bigBuffers(), "the program came from the kernel, though the server has it")
			// Classic pages have the drop-in, and fetch what is different in the program.
			form := map[jupyter.Host]string{jupyter.H1: "badge.wasm.delta", jupyter.Lab: "badge.wasm.gz"}[name]
			fetched, err := browse.Eval[string](p.Page, `performance.getEntriesByType("resource").map(e => e.name.split("/").pop()).filter(n => /badge.wasm.(delta|gz|br)/.test(n)).join()`)
			require.NoError(t, err)
			require.Equal(t, form, fetched)
			require.Empty(t, p.Errors())

			// The page is loaded anew, and the server has another file by then.
			served, err := filepath.Glob(filepath.Join(env, "share", "jupyter", "*extensions", "badge", "badge.wasm.*"))
			require.NoError(t, err)
			require.Len(t, served, 8, "in four forms")
			for _, file := range served {
				require.NoError(t, os.WriteFile(file, []byte("something else"), 0o644))
			}
			p.reload(t)
			p.run(t, 1)
			p.shows(t, 1, "count is 9")
			require.NotEmpty(t, p.bigBuffers())
		})
	}
}

// refusesToPack packs a project whose program is not built, and finds why that cannot be.
func (p *project) refusesToPack(t *testing.T, python, why string) {
	t.Helper()
	c := exec.Command(python, "-m", "build", "--no-isolation")
	c.Dir = p.folder
	out, err := c.CombinedOutput()
	require.Error(t, err, "a wheel without the program: %s", out)
	require.Contains(t, string(out), why)
	require.NotContains(t, string(out), "Traceback")
}

// cloned commits a project and clones it, and has Go alone build and test the clone.
func cloned(t *testing.T, p *project) {
	t.Helper()
	clone := filepath.Join(t.TempDir(), "clone")
	p.in(t, p.folder, "git", "init", "--quiet", ".")
	p.in(t, p.folder, "git", "add", "--all")
	p.in(t, p.folder, "git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "all")
	p.in(t, p.folder, "git", "clone", "--quiet", p.folder, clone)
	require.NoDirExists(t, filepath.Join(clone, filepath.Base(p.folder), "static"))
	p.in(t, clone, "go", "build", "./...")
	p.in(t, clone, "go", "test", "./...")
	require.Empty(t, p.in(t, clone, "git", "status", "--porcelain"))
}

// TestProjectRefusals has what cannot be done said in a sentence.
func TestProjectRefusals(t *testing.T) {
	t.Parallel()
	python := filepath.Join(wheelEnv(t, jupyter.H1), "bin", "python")
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "taken"), 0o755))
	for args, want := range map[string]string{
		"new taken": "is there already", "new 9lives": "begin with a letter", "new syscall": "Go has a package of that name", "new anywidget": "is installed", "new json": "Python has a module of that name",
		"build": "is no project", "dev --no-jupyter": "is no project",
	} {
		c := exec.Command(python, append([]string{"-m", "gocomm"}, strings.Fields(args)...)...)
		c.Dir = folder
		out, err := c.CombinedOutput()
		require.Error(t, err, args)
		require.Contains(t, string(out), want, args)
		require.Equal(t, 1, bytes.Count(out, []byte("\n")), "%s: %s", args, out)
	}
	made := exec.Command(python, "-m", "gocomm", "new", "fine")
	made.Dir = folder
	require.NoError(t, made.Run())
	build := exec.Command(python, "-m", "gocomm", "build", "--project", "fine")
	build.Dir, build.Env = folder, []string{"PATH=/nowhere"}
	out, err := build.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "there is no Go on PATH: 1.26 or newer is needed")

	// As where the project is another user's, in a CI job's container for one: git answers nothing.
	require.NoError(t, os.Mkdir(filepath.Join(folder, "fine", ".git"), 0o755))
	bad := exec.Command(python, "-m", "gocomm", "dev", "--project", "fine", "--", "--ServerApp.port=none")
	bad.Dir = folder
	bad.Env, err = jupyter.Environ(jupyter.Config{Host: jupyter.Lab, Env: wheelEnv(t, jupyter.H1), Dir: folder}, t.TempDir())
	require.NoError(t, err)
	out, err = bad.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "built in")
	require.Contains(t, string(out), "gocomm: Jupyter has ended with status")
}
