package e2e

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestStart does what the pages do that begin docs: start-notebook.md, start-go.md and start-page.md, block by block.
func TestStart(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T, []block){"notebook": startNotebook, "go": startGo, "page": startPage} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start(t, blocks(t, filepath.Join(fixture.root, "docs", "start-"+name+".md")))
		})
	}
}

// beginning runs a block of a shell that makes an environment, which has a host's packages, and installs the wheel from dist.
// It gives the other lines.
func beginning(t *testing.T, dir, shell string) (env string, rest []string) {
	t.Helper()
	copyFile(t, theWheel(t), filepath.Join(dir, "dist", filepath.Base(theWheel(t))))
	for line := range strings.Lines(shell) {
		switch line = strings.TrimSpace(line); {
		case line == "python -m venv try":
			env = layer(t, filepath.Join(fixture.envs, string(jupyter.H1)))
		case line == ". try/bin/activate":
		case strings.HasPrefix(line, "pip install "):
			c := exec.Command(filepath.Join(env, "bin", "python"), append([]string{"-m", "pip", "--no-input", "--disable-pip-version-check", "install", "--no-index"},
				strings.Fields(strings.ReplaceAll(line, `"`, ""))[2:]...)...)
			c.Dir = dir
			out, err := c.CombinedOutput()
			require.NoError(t, err, "%s", out)
		default:
			rest = append(rest, line)
		}
	}
	require.NotEmpty(t, env)
	return env, rest
}

func startNotebook(t *testing.T, all []block) {
	require.Len(t, all, 3)
	dir := t.TempDir()
	env, rest := beginning(t, dir, all[0].text)
	require.Empty(t, rest)
	enable, serve, _ := strings.Cut(strings.TrimSpace(all[1].text), "\n")
	words := strings.Fields(enable)
	command(t, filepath.Join(env, "bin", words[0]), words[1:]...)
	require.Equal(t, "jupyter nbclassic", serve)
	server, err := jupyter.Start(context.Background(), jupyter.Config{Host: jupyter.H1, Env: env, Dir: dir})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	h := &host{Server: server, Name: jupyter.H1}
	require.Equal(t, "python", all[2].info)
	page := openPaper(t, h, all[2].text)
	page.run(t, 0)
	require.NoError(t, page.WaitOutput(0, "{'foo': 0}", soon))
	console(t, page.Page, "cookbook: opened with", `{"foo":1}`)
	require.Empty(t, page.Errors())
}

func startGo(t *testing.T, all []block) {
	require.Len(t, all, 3)
	dir := t.TempDir()
	env, rest := beginning(t, dir, all[0].text)
	p := &project{folder: filepath.Join(dir, "hello"), python: filepath.Join(env, "bin", "python")}
	require.Equal(t, []string{"python -m gocomm new hello", "cd hello", "go test ./..."}, rest)
	p.in(t, dir, p.python, strings.Fields(rest[0])[1:]...)
	p.in(t, p.folder, "go", "test", "./...")
	require.Equal(t, "python -m gocomm dev\n", all[1].text)
	dev := p.develop(t, nil, "--no-jupyter")
	require.Eventually(t, func() bool { return strings.Contains(dev.said(), "built in") }, 4*soon, 50*time.Millisecond)
	h := tutorialHost(t, env, p.folder)
	page := openPaperAt(t, h, h.NotebookURL("hello.ipynb"))
	page.run(t, 1) // after a heading
	page.shows(t, 1, "count is 0")
	require.NoError(t, page.Click(page.in(1, ".gocomm-view button")))
	page.shows(t, 1, "count is 1")
	code, err := os.ReadFile(filepath.Join(p.folder, "hello.go"))
	require.NoError(t, err)
	change := strings.TrimSpace(all[2].text)
	signature, _, _ := strings.Cut(change, "{")
	for line := range strings.Lines(string(code)) {
		if strings.HasPrefix(line, signature) {
			p.edit(t, "hello.go", strings.TrimSpace(line), change)
		}
	}
	page.shows(t, 1, "clicked 1 times")
	require.Empty(t, page.Errors())
}

// startPage gives the two servers the documented command lines, with other ports.
func startPage(t *testing.T, all []block) {
	require.Len(t, all, 4)
	dir := t.TempDir()
	ports := strings.NewReplacer("8888", freePort(t), "8000", freePort(t))
	require.Equal(t, "make build\ncp -r dist/web page\n", all[0].text)
	require.NoError(t, os.CopyFS(filepath.Join(dir, "page"), os.DirFS(filepath.Join(fixture.root, "dist", "web"))))
	_, file, _ := strings.Cut(all[1].info, " ")
	require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(ports.Replace(all[1].text)), 0o644))
	env := filepath.Join(fixture.envs, string(jupyter.H1))
	isolated, err := jupyter.Environ(jupyter.Config{Host: jupyter.H1, Env: env, Dir: dir}, t.TempDir())
	require.NoError(t, err)
	for _, b := range all[2:] {
		words := strings.Fields(ports.Replace(b.text))
		if words[0] == "jupyter" && os.Geteuid() == 0 {
			words = append(words, "--allow-root")
		}
		c := exec.Command(filepath.Join(env, "bin", words[0]), words[1:]...)
		c.Dir, c.Env = dir, isolated
		said := &process{cmd: c}
		c.Stdout, c.Stderr = said, said
		require.NoError(t, c.Start())
		t.Cleanup(func() {
			require.NoError(t, c.Process.Signal(syscall.SIGTERM))
			_ = c.Wait()
			if t.Failed() {
				t.Log(said.said())
			}
		})
	}
	for _, at := range []string{"http://127.0.0.1:8888/api", "http://127.0.0.1:8000"} {
		require.Eventually(t, func() bool {
			r, err := http.Get(ports.Replace(at))
			if err == nil {
				r.Body.Close()
			}
			return err == nil
		}, 4*soon, 50*time.Millisecond)
	}
	page := newPage(t)
	require.NoError(t, page.Navigate(ports.Replace("http://127.0.0.1:8000")))
	require.NoError(t, page.Wait(`document.getElementById("list")?.innerText === "the kernel got: the page got 6"`, 4*soon))
	require.Empty(t, page.Errors())
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}
