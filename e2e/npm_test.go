package e2e

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

func theNpmPackage(t *testing.T) string {
	t.Helper()
	packed, err := filepath.Glob(filepath.Join(fixture.root, "dist", "gocomm-*.tgz"))
	require.NoError(t, err)
	require.Len(t, packed, 1, "run `make npm`")
	return packed[0]
}

// npmInstall installs the package into a folder, as a page author does: there is no index to ask.
func npmInstall(t *testing.T, dir string) {
	t.Helper()
	install := exec.Command("npm", "install", "--offline", "--no-audit", "--no-fund", theNpmPackage(t))
	install.Dir = dir
	out, err := install.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// nodeTool is a command of the tools that check and test JavaScript.
func nodeTool(t *testing.T, dir, script string, args ...string) *exec.Cmd {
	t.Helper()
	path := filepath.Join(fixture.root, "internal", "js", "node_modules", script)
	require.FileExists(t, path, "run `make lint`")
	c := exec.Command("node", append([]string{path}, args...)...)
	c.Dir = dir
	return c
}

// TestNpmPackageContent holds what is in the package: nothing that serves the tests, and all that its exports name.
func TestNpmPackageContent(t *testing.T) {
	f, err := os.Open(theNpmPackage(t))
	require.NoError(t, err)
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	require.NoError(t, err)
	files := map[string]string{}
	chunk := regexp.MustCompile(`^chunks/[A-Z0-9]{8}\.js$`)
	var names []string
	for archive := tar.NewReader(unpacked); ; {
		entry, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		text, err := io.ReadAll(archive)
		require.NoError(t, err)
		name := strings.TrimPrefix(entry.Name, "package/")
		files[name] = string(text)
		if !chunk.MatchString(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	require.Equal(t, []string{
		"LICENSE", "README.md", "afm.d.ts", "afm.js", "commmgr.d.ts", "commmgr.js", "commmgr.wasm.d.ts", "commmgr.wasm.gz", "commmgr.wasm.js",
		"gocomm.d.ts", "gocomm.js", "kernel.d.ts", "kernel.js", "package.json",
	}, names)

	var described struct {
		Name, Version, License string
		Dependencies           map[string]string
		Exports                map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(files["package.json"]), &described))
	require.Equal(t, "gocomm", described.Name)
	require.Equal(t, "BSD-3-Clause", described.License)
	require.Contains(t, filepath.Base(theWheel(t)), "gocomm-"+described.Version+"-", "the wheel's version")
	require.Equal(t, "gocomm-"+described.Version+".tgz", filepath.Base(theNpmPackage(t)))
	require.Empty(t, described.Dependencies)
	for name, target := range described.Exports {
		conditions, ok := target.(map[string]any)
		if !ok {
			conditions = map[string]any{"default": target}
		}
		for _, file := range conditions {
			require.Contains(t, files, strings.TrimPrefix(file.(string), "./"), name)
		}
	}
	licence, err := os.ReadFile(filepath.Join(fixture.root, "LICENSE"))
	require.NoError(t, err)
	require.Equal(t, string(licence), files["LICENSE"])

	for _, document := range []string{"README.md", "docs/page.md"} {
		text, err := os.ReadFile(filepath.Join(fixture.root, document))
		require.NoError(t, err)
		named := regexp.MustCompile(`gocomm-[0-9][^\s"`+"`"+`]*\.tgz`).FindAllString(string(text), -1)
		require.NotEmpty(t, named, document)
		for _, name := range named {
			require.Equal(t, filepath.Base(theNpmPackage(t)), name, document)
		}
	}
}

// TestNpmPages builds a page in TypeScript with Vite, and opens it as built, from Vite's development server, and without a bundler.
func TestNpmPages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/npm")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private": true, "type": "module"}`), 0o644))
	for _, name := range []string{"cookbook.wasm.gz", "cookbook.wasm.js"} {
		from := filepath.Join(fixture.root, "dist", "web", name)
		copyFile(t, from, filepath.Join(dir, name))
		copyFile(t, from, filepath.Join(dir, "public", name))
	}
	npmInstall(t, dir)
	run := func(c *exec.Cmd) {
		t.Helper()
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.NotContains(t, strings.ToLower(string(out)), "warn")
	}
	for _, resolution := range [][2]string{{"es2022", "bundler"}, {"node16", "node16"}} { // the second one makes main.js
		run(nodeTool(t, dir, "typescript/bin/tsc", "--strict", "--target", "es2022", "--lib", "es2022,dom",
			"--module", resolution[0], "--moduleResolution", resolution[1], "main.ts", "programs.d.ts"))
	}
	run(nodeTool(t, dir, "vite/bin/vite.js", "build", "--logLevel", "warn"))

	dev := nodeTool(t, dir, "vite/bin/vite.js", "--host", "127.0.0.1", "--port", "0")
	said := &process{cmd: dev}
	dev.Stdout, dev.Stderr = said, said
	dev.Env = append(os.Environ(), "NO_COLOR=1")
	dev.WaitDelay = soon
	require.NoError(t, dev.Start())
	t.Cleanup(func() { _ = dev.Process.Signal(syscall.SIGTERM); _ = dev.Wait() })
	local := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)
	require.Eventually(t, func() bool { return local.MatchString(said.said()) }, 2*soon, 50*time.Millisecond)

	serve := func(dir string) string {
		server := httptest.NewServer(http.FileServerFS(os.DirFS(dir)))
		t.Cleanup(server.Close)
		return server.URL + "/"
	}
	h := startHost(t, forPages, jupyter.H1)
	page := newPage(t)
	query := "?" + url.Values{"server": {h.URL()}, "token": {forPages.token}}.Encode()
	kernels := map[string]bool{}
	for _, place := range []string{serve(filepath.Join(dir, "dist")), local.FindString(said.said()), serve(dir) + "plain.html"} {
		require.NoError(t, page.Navigate(place+query))
		require.NoError(t, page.Wait(`globalThis.page?.heard === 1 && page.afm === "function"`, 2*soon), place)
		_, err := browse.Eval[browse.Void](page, `void page.kernel.execute("c = Comm(target_name='my_comm_target', data={'of': '`+place+`'})")`)
		require.NoError(t, err)
		console(t, page, "cookbook: opened with", `"of":"`+place)
		id, err := browse.Eval[string](page, `page.kernel.id`)
		require.NoError(t, err)
		kernels[id] = true
	}
	require.Len(t, kernels, 1, "the session's kernel")
	_, err := browse.Eval[browse.Void](page, `page.kernel.shutdown().then(() => {})`)
	require.NoError(t, err)
	require.Empty(t, page.Errors())
}

// TestReadmePage does what the README says of a page, with the ports that are free here.
func TestReadmePage(t *testing.T) {
	t.Parallel()
	var steps, html string
	for _, b := range blocks(t, filepath.Join(fixture.root, "README.md")) {
		switch {
		case b.info == "sh" && strings.Contains(b.text, "npm install"):
			steps = b.text
		case b.info == "html":
			html = b.text
		}
	}
	require.Contains(t, steps, filepath.Base(theNpmPackage(t)))
	dir := t.TempDir()
	npmInstall(t, dir)
	pages := httptest.NewServer(http.FileServerFS(os.DirFS(dir)))
	t.Cleanup(pages.Close)

	here := strings.NewReplacer("8888", freePort(t), "http://127.0.0.1:8000", pages.URL)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte(here.Replace(html)), 0o644))
	var server []string
	for line := range strings.Lines(steps) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == "jupyter" {
			server = strings.Fields(here.Replace(line))
		}
	}
	env := filepath.Join(fixture.envs, string(jupyter.H1))
	environ, err := jupyter.Environ(jupyter.Config{Host: jupyter.H1, Env: env, Dir: dir}, t.TempDir())
	require.NoError(t, err)
	if os.Geteuid() == 0 {
		server = append(server, "--allow-root")
	}
	c := exec.Command(filepath.Join(env, "bin", server[0]), server[1:]...)
	c.Dir, c.Env = dir, environ
	said := &process{cmd: c}
	c.Stdout, c.Stderr = said, said
	c.WaitDelay = soon
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Signal(syscall.SIGTERM); _ = c.Wait() })
	require.Eventually(t, func() bool { return strings.Contains(said.said(), "is running at") }, 4*soon, 50*time.Millisecond)

	page := newPage(t)
	for n := 1; n <= 3; n++ {
		require.NoError(t, page.Navigate(pages.URL))
		require.NoError(t, page.Wait(fmt.Sprintf(`document.body.innerText.includes("opened %d times")`, n), 2*soon), said.said)
	}
	require.Equal(t, 1, strings.Count(said.said(), "Kernel started: "), said.said())
	require.Empty(t, page.Errors())
}
