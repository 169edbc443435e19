package e2e

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestWheel installs the wheel into an environment, with pip alone: the manager of a
// notebook's page is the one in Go then, and the cookbook's extension is there and
// off. Uninstalling leaves the environment as it was.
func TestWheel(t *testing.T) {
	wheel := theWheel(t)
	sideBySide(t, jupyter.Hosts(), func(t *testing.T, name jupyter.Host) {
		env := layer(t, filepath.Join(fixture.envs, string(name)))
		pip := func(args ...string) {
			command(t, filepath.Join(env, "bin", "python"), append([]string{"-m", "pip", "--no-input", "--disable-pip-version-check"}, args...)...)
		}
		before := listing(t, env)
		pip("install", "--no-index", "--no-deps", wheel)
		require.NotEqual(t, before, listing(t, env))
		if name == jupyter.H1 {
			list := exec.Command(filepath.Join(env, "bin", "jupyter-labextension"), "list")
			list.Env = append(os.Environ(), "JUPYTER_CONFIG_DIR="+t.TempDir())
			out, err := list.CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.Regexp(t, `gocomm v0\.1\.0 .*enabled.* .*OK`, string(out))
		}

		server, err := jupyter.Start(context.Background(), jupyter.Config{Host: name, Env: env, Dir: t.TempDir()})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, server.Stop()) })
		h := &host{Server: server, Name: name}
		page := openNotebook(t, h, `import gocomm; from gocomm import calls; [x["require"] for x in gocomm._jupyter_nbextension_paths()]`)
		ready(t, page, "")
		require.NoError(t, page.RunCellWait(0))
		out, err := page.CellOutput(0)
		require.NoError(t, err)
		require.Contains(t, out, "gocomm/main")
		script(t, page, `require(['nbextensions/gocomm/cookbook'], () => { window.carried = true }, e => { throw e })`)
		require.NoError(t, page.Wait(`carried`, soon))
		require.Empty(t, page.Errors())

		main := []string{"-m", "gocomm"}
		require.Contains(t, doctor(t, env, 0), "No problem was found.")
		command(t, filepath.Join(env, "bin", "jupyter"), disabling(t, name)...)
		require.Regexp(t, `classic Notebook does not load gocomm, as \S+notebook\.json says: .* -m gocomm enable classic`, doctor(t, env, 1))
		command(t, filepath.Join(env, "bin", "python"), append(main, "enable")...)
		require.Contains(t, doctor(t, env, 0), "No problem was found.")
		command(t, filepath.Join(env, "bin", "python"), append(main, "disable")...)
		require.NoError(t, page.Reload())
		require.NoError(t, page.WaitKernelReady())
		require.NoError(t, page.Wait(`Jupyter.notebook.config.data.load_extensions["gocomm/main"] === false`, soon))
		require.NoError(t, page.Wait(`"jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon), "the other extensions")
		require.NoError(t, page.Wait(`!("_hub" in Jupyter.notebook.kernel.comm_manager) && !require.defined("nbextensions/gocomm/main")`, soon))
		command(t, filepath.Join(env, "bin", "python"), append(main, "enable")...) // what disable wrote would stay

		pip("uninstall", "--yes", "gocomm")
		require.Equal(t, before, listing(t, env))
	})
}

// doctor returns what the doctor says of an environment, after a look at its exit status.
func doctor(t *testing.T, env string, status int) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(env, "bin", "python"), "-m", "gocomm", "doctor")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "JUPYTER_CONFIG_DIR="+t.TempDir(), "JUPYTER_DATA_DIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if status == 0 {
		require.NoError(t, err, "%s", out)
	} else {
		require.Equal(t, status, cmd.ProcessState.ExitCode(), "%s", out)
	}
	return string(out)
}

// disabling is the command that the package's README gives for switching it off.
func disabling(t *testing.T, name jupyter.Host) []string {
	t.Helper()
	command := map[jupyter.Host]string{jupyter.H1: "nbclassic-extension", jupyter.H2: "nbextension"}[name]
	for _, b := range blocks(t, filepath.Join(fixture.root, "nbextension", "README.md")) {
		for line := range strings.Lines(b.text) {
			line, _, _ = strings.Cut(line, "#")
			if words := strings.Fields(line); len(words) > 2 && words[0] == "jupyter" && words[1] == command && words[2] == "disable" {
				return words[1:]
			}
		}
	}
	t.Fatalf("the README does not say how `jupyter %s` disables the extension", command)
	return nil
}

// TestWheelDescribesItself looks at what an index, pip and type checkers read.
func TestWheelDescribesItself(t *testing.T) {
	wheel, err := zip.OpenReader(theWheel(t))
	require.NoError(t, err)
	defer wheel.Close()
	files := map[string]string{}
	for _, f := range wheel.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		files[f.Name] = string(text)
	}
	info := strings.TrimSuffix(filepath.Base(theWheel(t)), "-py3-none-any.whl") + ".dist-info/"
	head, _, _ := strings.Cut(files[info+"METADATA"], "\n\n")
	for _, line := range []string{
		"License-Expression: BSD-3-Clause", "License-File: LICENSE", "Author: the gocomm authors", "Keywords: ", "Summary: ", "Classifier: Framework :: Jupyter",
		"Classifier: Typing :: Typed",
	} {
		require.Contains(t, head, "\n"+line)
	}
	licence, err := os.ReadFile(filepath.Join(fixture.root, "LICENSE"))
	require.NoError(t, err)
	require.Equal(t, string(licence), files[info+"licenses/LICENSE"])
	require.Contains(t, files, "gocomm/py.typed")
}

// TestDocsNameTheWheel holds the commands of the documents to the name and the place that `make wheel` gives the wheel.
func TestDocsNameTheWheel(t *testing.T) {
	named := regexp.MustCompile(`[^\s"'` + "`" + `]*\bgocomm-[0-9][^\s"'` + "`" + `\[]*\.whl`)
	found := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "nbextension/*.md"} {
		paths, err := filepath.Glob(filepath.Join(fixture.root, pattern))
		require.NoError(t, err)
		for _, path := range paths {
			for _, b := range blocks(t, path) {
				for _, name := range named.FindAllString(b.text, -1) {
					found++
					require.Equal(t, "dist/"+filepath.Base(theWheel(t)), strings.TrimPrefix(name, "../"), path)
				}
			}
		}
	}
	require.NotZero(t, found)
}

// TestTypes has a type checker see the class, its traits, the calls, and what live comms need.
func TestTypes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sample.py"), []byte(`import pathlib
import gocomm
import traitlets
from gocomm import calls, reliable

class Counter(gocomm.Widget):
    _wasm = pathlib.Path("static")
    value = traitlets.Int(0).tag(sync=True)

counter = Counter(value=1)
reveal_type(counter.value)
reveal_type(calls.attach(None).start("area", timeout=5))
with gocomm.live(counter) as lively: reveal_type(lively)
reveal_type(gocomm.poll())
reveal_type(reliable.of(reliable.open("stream", timeout=5)))
gocomm.Wiget
`), 0o644))
	check := exec.Command(filepath.Join(fixture.envs, "pack", "bin", "python"), "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", filepath.Join(dir, "cache"),
		"--python-executable", filepath.Join(wheelEnv(t, jupyter.H1), "bin", "python"), "sample.py")
	check.Dir = dir
	out, err := check.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, `sample.py:11: note: Revealed type is "int"
sample.py:12: note: Revealed type is "gocomm.calls.Pending"
sample.py:13: note: Revealed type is "gocomm._live.Lively"
sample.py:14: note: Revealed type is "int"
sample.py:15: note: Revealed type is "gocomm.reliable.Stream | None"
sample.py:16: error: Module has no attribute "Wiget"; maybe "Widget"?  [attr-defined]
`, string(out))
}

// layer makes an environment of its own that sees a host's packages under its own.
func layer(t *testing.T, host string) string {
	t.Helper()
	return layerIn(t, t.TempDir(), host)
}

// layerIn makes it in a folder.
func layerIn(t *testing.T, dir, host string) string {
	t.Helper()
	env := filepath.Join(dir, "env")
	command(t, filepath.Join(host, "bin", "python"), "-m", "venv", "--without-pip", env)
	addPackages(t, env, host)
	// What nothing is installed into.
	for _, dir := range []string{"share/jupyter/lab", "share/jupyter/nbconvert", "share/jupyterhub"} {
		if _, err := os.Stat(filepath.Join(host, dir)); err == nil {
			require.NoError(t, os.Symlink(filepath.Join(host, dir), filepath.Join(env, dir)))
		}
	}
	// The host's commands, run by this environment's Python.
	scripts, err := filepath.Glob(filepath.Join(host, "bin", "jupyter*"))
	require.NoError(t, err)
	for _, from := range scripts {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		_, body, _ := bytes.Cut(text, []byte("\n"))
		text = append([]byte("#!"+filepath.Join(env, "bin", "python")+"\n"), body...)
		require.NoError(t, os.WriteFile(filepath.Join(env, "bin", filepath.Base(from)), text, 0o755))
	}
	return env
}

// addPackages has a layer use what is installed in another environment.
func addPackages(t *testing.T, env, other string) {
	t.Helper()
	packages := func(env string) string {
		dirs, err := filepath.Glob(filepath.Join(env, "lib", "python3*", "site-packages"))
		require.NoError(t, err)
		require.Len(t, dirs, 1)
		return dirs[0]
	}
	require.NoError(t, os.WriteFile(filepath.Join(packages(env), filepath.Base(other)+".pth"), []byte(packages(other)+"\n"), 0o644))
	// What other packages have put into Jupyter's folders, which belong to an environment.
	for _, dir := range []string{"etc/jupyter", "share/jupyter/kernels", "share/jupyter/nbextensions", "share/jupyter/labextensions", "share/jupyter/voila"} {
		if _, err := os.Stat(filepath.Join(other, dir)); err == nil { // not every host has all of it
			require.NoError(t, os.CopyFS(filepath.Join(env, dir), os.DirFS(filepath.Join(other, dir))))
		}
	}
}

func listing(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	}))
	slices.Sort(all)
	return all
}

func command(t *testing.T, program string, args ...string) {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	require.NoError(t, err, "%s %q:\n%s", program, args, out)
}
