package jupyter

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// environment is the host's, as `tool venv` creates it; GOCOMM_ENVS names another folder of environments.
func environment(t *testing.T, h Host) string {
	t.Helper()
	envs := os.Getenv("GOCOMM_ENVS")
	if envs == "" {
		envs = filepath.Join("..", "..", ".envs")
	}
	return filepath.Join(envs, string(h))
}

func TestStartServesNotebooksAndNbextensions(t *testing.T) {
	extensions := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(extensions, "hello"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(extensions, "hello", "main.js"), []byte("define({});"), 0o644))
	for _, h := range Hosts() {
		t.Run(string(h), func(t *testing.T) {
			s, err := Start(context.Background(), Config{
				Host: h, Env: environment(t, h), Dir: t.TempDir(), Nbextensions: extensions, Enable: []string{"hello/main"}, Token: "s e&cret",
			})
			require.NoError(t, err)
			defer s.Stop()

			require.Equal(t, http.StatusOK, status(t, s.NotebookURL("")))
			require.Equal(t, http.StatusForbidden, status(t, s.URL()+"/api/sessions"), "the token protects the server")
			require.Equal(t, http.StatusOK, status(t, s.URL()+"/nbextensions/hello/main.js?token=s+e%26cret"))

			pid := s.cmd.Process.Pid
			require.NoError(t, s.Stop())
			require.NoError(t, s.Stop())
			require.ErrorIs(t, syscall.Kill(-pid, 0), syscall.ESRCH, "the process group has ended")
			require.NoDirExists(t, s.root)
		})
	}
}

func TestStartSaysThatThePortIsTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, err = Start(context.Background(), Config{Host: H2, Env: environment(t, H2), Dir: t.TempDir(), Port: l.Addr().(*net.TCPAddr).Port})
	require.ErrorIs(t, err, ErrPortTaken)
}

func TestStartReportsAServerThatEnds(t *testing.T) {
	env := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(env, "bin"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(env, "bin", "jupyter-notebook"), []byte("#!/bin/sh\necho this is why >&2\nexit 3\n"), 0o755))
	_, err := Start(context.Background(), Config{Host: H2, Env: env, Dir: t.TempDir()})
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, "this is why")
}

func TestConfigErrors(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]Config{
		"unknown host":         {Host: "h9", Env: dir, Dir: dir},
		"Config.Env: is missi": {Host: H1, Dir: dir},
		"Config.Dir":           {Host: H1, Env: dir, Dir: filepath.Join(dir, "none")},
		"tool venv h1":         {Host: H1, Env: dir, Dir: dir},
	} {
		_, err := Start(context.Background(), c)
		require.ErrorContains(t, err, name)
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return response.StatusCode
}
