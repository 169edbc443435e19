package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// TestWidgetHTML exports notebooks by nbconvert. An executed one has the widget's last
// state, and what is shown of it without a kernel is one sentence; one without states has the widget's text.
func TestWidgetHTML(t *testing.T) {
	env := wheelEnv(t, jupyter.H1)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join(fixture.root, "dist", "examples", "counter"))))
	require.NoError(t, browse.WriteNotebook(filepath.Join(dir, "export.ipynb"), "from counter import Counter\nc = Counter(value=3)\nc", "c.value = 12"))
	convert := func(args ...string) string {
		c := exec.Command(filepath.Join(env, "bin", "jupyter-nbconvert"), append(args, "--to", "html", "--output", "export.html", "export.ipynb")...)
		c.Dir = dir
		c.Env = append(os.Environ(), "PATH="+filepath.Join(env, "bin")+":"+os.Getenv("PATH"), "JUPYTER_CONFIG_DIR="+dir, "JUPYTER_DATA_DIR="+dir)
		out, err := c.CombinedOutput()
		require.NoError(t, err, string(out))
		html, err := os.ReadFile(filepath.Join(dir, "export.html"))
		require.NoError(t, err)
		return string(html)
	}
	html := convert("--execute")
	found := regexp.MustCompile(`(?s)<script type="application/vnd.jupyter.widget-state\+json">(.*?)</script>`).FindStringSubmatch(html)
	require.NotNil(t, found, "the page has no states of widgets")
	var states struct {
		State map[string]struct {
			Name  string         `json:"model_name"`
			State map[string]any `json:"state"`
		} `json:"state"`
	}
	require.NoError(t, json.Unmarshal([]byte(found[1]), &states))
	var state map[string]any
	for _, s := range states.State {
		if s.Name == "AnyModel" {
			state = s.State
		}
	}
	require.NotNil(t, state)
	require.Equal(t, 12.0, state["value"])

	// What such a page does with that state: anywidget's module of the model is rendered, and nobody answers it.
	esm, _ := state["_esm"].(string)
	require.NotEmpty(t, esm)
	require.LessOrEqual(t, len(esm), 2048)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "esm.js"), []byte(esm), 0o644))
	text, err := json.Marshal(state)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "state.json"), text, 0o644))
	copyFile(t, "testdata/widgets/alone.html", filepath.Join(dir, "alone.html"))
	server := httptest.NewServer(http.FileServerFS(os.DirFS(dir)))
	t.Cleanup(server.Close)
	page := newPage(t)
	require.NoError(t, page.Navigate(server.URL+"/alone.html"))
	require.NoError(t, page.Wait(`document.querySelector("main").innerText === "counter value=12: its program comes from a running kernel"`, soon))
	require.Empty(t, page.Errors())

	// Not executed by nbconvert, and saved without states.
	notebook := `{"cells": [{"cell_type": "code", "execution_count": 1, "metadata": {}, "source": "c", "outputs": [{"output_type": "execute_result", "execution_count": 1,
		"metadata": {}, "data": {"text/plain": "Counter(value=3)", "application/vnd.jupyter.widget-view+json": {"version_major": 2, "version_minor": 1, "model_id": "1"}}}]}],
		"metadata": {}, "nbformat": 4, "nbformat_minor": 4}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "export.ipynb"), []byte(notebook), 0o644))
	require.Contains(t, convert(), "Counter(value=3)")
}
