package e2e

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

		pip("uninstall", "--yes", "gocomm")
		require.Equal(t, before, listing(t, env))
	})
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
	packages := func(env string) string {
		dirs, err := filepath.Glob(filepath.Join(env, "lib", "python3*", "site-packages"))
		require.NoError(t, err)
		require.Len(t, dirs, 1)
		return dirs[0]
	}
	require.NoError(t, os.WriteFile(filepath.Join(packages(env), "host.pth"), []byte(packages(host)+"\n"), 0o644))
	// What other packages have put into Jupyter's folders, which belong to an environment.
	for _, dir := range []string{"etc/jupyter", "share/jupyter/kernels", "share/jupyter/nbextensions", "share/jupyter/labextensions"} {
		require.NoError(t, os.CopyFS(filepath.Join(env, dir), os.DirFS(filepath.Join(host, dir))))
	}
	// What nothing is installed into; H2 has no JupyterLab.
	for _, dir := range []string{"share/jupyter/lab", "share/jupyter/nbconvert"} {
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
