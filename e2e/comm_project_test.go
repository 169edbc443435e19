package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestCommProject does what docs/cookbook.md says, in the order in which it is said, in an environment that has what the wheel
// needs, and shows the project's wheel on each kind of page.
func TestCommProject(t *testing.T) {
	// With TestTutorial: each is one step after the other at first.
	t.Parallel()
	env := layer(t, filepath.Join(fixture.envs, string(jupyter.H2))) // its pages are there sooner than Lab's
	// These get the project's wheel.
	installed := map[jupyter.Host]string{jupyter.H1: layer(t, filepath.Join(fixture.envs, string(jupyter.H1))), jupyter.H2: env}
	pack := filepath.Join(fixture.envs, "pack", "bin", "python")
	dir := t.TempDir() // where gocomm's repository would be
	copyFile(t, theWheel(t), filepath.Join(dir, "dist", filepath.Base(theWheel(t))))
	made := &project{folder: filepath.Join(dir, "my_comm"), env: env, python: filepath.Join(env, "bin", "python")}
	at := dir
	pip := func(env string, words ...string) { // what the package index would give is there
		made.in(t, at, filepath.Join(env, "bin", "python"), append([]string{"-m", "pip", "--no-input", "--disable-pip-version-check", "install", "--no-index"}, words...)...)
	}
	plain := withoutPackers(t)
	var page *paper // in dev's Jupyter
	var dev *process
	var module string
	ran := map[string]int{}
	for _, b := range blocks(t, filepath.Join(fixture.root, "docs", "cookbook.md")) {
		kind, file, isFile := strings.Cut(b.info, " ")
		ran[kind]++
		switch {
		case isFile:
			require.NoError(t, os.WriteFile(filepath.Join(made.folder, file), []byte(b.text), 0o644))
			made.in(t, made.folder, "go", "vet", "./...")
			require.Eventually(t, func() bool { return strings.Contains(dev.said(), "reload the notebook's page") }, 4*soon, 50*time.Millisecond, "%s: %s", file, dev.said)
			page.reload(t)
			page.cookbook(t, module)
		case kind == "python" && module == "":
			module = b.text
		case kind == "sh":
			for line := range strings.Lines(b.text) {
				line = strings.TrimSpace(line)
				words := strings.Fields(line)
				switch {
				case line == "cd my_comm":
					at = made.folder
				case line == "python -m gocomm dev":
					var url string
					url, dev = made.launch(t, jupyter.H2)
					page = openPaperAt(t, &host{Name: jupyter.H2}, url)
					page.greets(t)
					require.Regexp(t, `my_comm v0\.1\.0 .*enabled.* .*OK`, made.in(t, at, "env", "JUPYTER_CONFIG_DIR="+t.TempDir(), "JUPYTER_PATH="+filepath.Join(at, "my_comm", "static", "share", "jupyter"),
						filepath.Join(installed[jupyter.H1], "bin", "jupyter-labextension"), "list"), "dev's Lab finds it too")
				case strings.HasPrefix(line, "pip install") && strings.Contains(line, "dist/my_comm"):
					for _, env := range installed {
						pip(env, words[2:]...)
					}
				case strings.HasPrefix(line, "pip install"):
					pip(env, strings.TrimSuffix(line, " jupyterlab")[len("pip install "):])
				case line == "python -m build": // its environment would be filled from the package index
					made.in(t, at, pack, "-m", "build", "--no-isolation")
				case words[0] == "python":
					if line == "python -m gocomm build" {
						require.NoError(t, os.RemoveAll(filepath.Join(at, "my_comm", "static"))) // that dev has filled
						made.refusesToPack(t, pack, "my_comm/static/share/jupyter/nbextensions/my_comm/my_comm.wasm.gz is not there: run `python -m gocomm build` first")
					}
					said := made.in(t, at, "env", append([]string{plain, made.python}, words[1:]...)...)
					require.NotContains(t, said, "delta", "it would not be shipped")
				default:
					made.in(t, at, words[0], words[1:]...)
				}
			}
		}
	}
	require.Equal(t, 6, ran["sh"])
	seed, err := os.ReadFile("testdata/seed/comm_module.py")
	require.NoError(t, err)
	require.Equal(t, string(seed), module, "the cookbook's Python module")
	dist, err := filepath.Glob(filepath.Join(made.folder, "dist", "my_comm*"))
	require.NoError(t, err)
	require.Len(t, dist, 2, "a wheel, and a source distribution")
	require.NotContains(t, made.in(t, at, pack, append([]string{"-m", "twine", "check", "--strict"}, dist...)...), "WARNING")
	// The program needs gocomm's module, and not that gocomm is the notebook's comm manager.
	command(t, filepath.Join(env, "bin", "jupyter"), disabling(t, jupyter.H2)...)
	require.Empty(t, page.Errors())
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.H2, jupyter.Lab, jupyter.Notebook7}, func(t *testing.T, name jupyter.Host) {
		server, err := jupyter.Start(context.Background(), jupyter.Config{Host: name, Env: installed[name.Env()], Dir: t.TempDir()})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, server.Stop()) })
		h := &host{Server: server, Name: name}
		h.AddFile(t, filepath.Join(made.folder, "my_comm.ipynb"))
		page := openPaperAt(t, h, h.NotebookURL("my_comm.ipynb"))
		page.greets(t)
		page.cookbook(t, module)
		require.NoError(t, page.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "examples", "comm-project-"+string(name)+".png")))
		require.Empty(t, page.Errors())
		if name == jupyter.H1 { // the wheel of gocomm is missing
			require.NoError(t, page.Break("*/nbextensions/gocomm/main.js*"))
			page.reload(t)
			console(t, page.Page, "gocomm: the program of the extension my_comm does not run", "install gocomm's wheel")
		}
	})
}

// greets runs the project's notebook: the program on the page answers.
func (p *paper) greets(t *testing.T) {
	t.Helper()
	shown := func(name string) {
		t.Helper()
		require.NoError(t, p.Wait(p.cell(1)+`.textContent.includes("{'greeting': 'hello, `+name+`', 'page': 'my_comm")`, soon))
	}
	p.run(t, 1) // after a heading
	shown("Ann")
	p.run(t, 3)
	shown("Bob")
}

// cookbook runs the cookbook's Python module in a cell.
func (p *paper) cookbook(t *testing.T, module string) {
	t.Helper()
	p.run(t, p.addCell(t, module))
	exchange(t, p.Page)
	console(t, p.Page, "cookbook: opened with", `{"foo":1}`)
	console(t, p.Page, "cookbook: got", `"data":{"foo":0}`)
}
