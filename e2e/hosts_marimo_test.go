//go:build hosts

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// runModule starts a server of another kind in the environment of its host, with the wheel and the examples.
func runModule(t *testing.T, m jupyter.Module) *host {
	t.Helper()
	m.Env = wheelEnv(t, m.Host)
	server, err := jupyter.Run(context.Background(), m)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(server.LogTail())
		}
		require.NoError(t, server.Stop())
	})
	h := &host{Server: server, Name: m.Host}
	for _, name := range []string{"counter", "stream"} {
		addExample(t, h, name)
	}
	return h
}

// everywhere is a function of the page: all elements that match, also within shadow roots.
const everywhere = `window.everywhere ??= (selector, root = document) => [...root.querySelectorAll(selector), ...[...root.querySelectorAll("*")].flatMap(e => e.shadowRoot ? everywhere(selector, e.shadowRoot) : [])];`

// button gives the n-th button whose text begins so, as JavaScript.
func button(text string, n int) string {
	return fmt.Sprintf(`(() => { %s return everywhere("button").filter(b => b.textContent.trim().startsWith(%q))[%d]; })()`, everywhere, text, n)
}

// shot writes a picture of a host's page into dist/e2e/hosts.
func shot(t *testing.T, page *browse.Page, name string) {
	t.Helper()
	require.NoError(t, page.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "hosts", name+".png")))
}

// TestMarimo shows counters in marimo, as an app and in its editor: clicks, values from Python, cells that run again, and a page
// that is loaded again.
func TestMarimo(t *testing.T) {
	for _, mode := range []string{"run", "edit"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			copyFile(t, "testdata/hosts/app.py", filepath.Join(dir, "app.py"))
			// Without this the editor waits for the user, who runs the cells.
			require.NoError(t, os.WriteFile(filepath.Join(dir, "pyproject.toml"), []byte("[tool.marimo.runtime]\nauto_instantiate = true\n"), 0o644))
			h := runModule(t, jupyter.Module{
				Host: jupyter.Marimo, Name: "marimo", Dir: dir, Ready: "/health",
				Args: []string{mode, "app.py", "--headless", "--no-token", "--host=127.0.0.1"},
			})
			page := newPage(t)
			require.NoError(t, page.Navigate(h.URL()))
			shows := func(one, two int) { // the second counter has two views
				t.Helper()
				for n, value := range []int{one, two, two} {
					require.NoError(t, page.Wait(fmt.Sprintf(`%s.textContent === "count is %d"`, button("count is", n), value), 2*soon), "view %d", n)
				}
				require.NoError(t, page.Wait(fmt.Sprintf(`document.body.innerText.includes("Python has %d and %d")`, one, two), soon))
			}
			shows(0, 7)
			require.NoError(t, page.Click(button("count is", 0)))
			shows(1, 7)
			require.NoError(t, page.Click(button("count is", 1)))
			require.NoError(t, page.Click(button("count is", 2)))
			shows(1, 9)
			require.NoError(t, page.Click(button("assign", 0)))
			shows(1, 100)
			require.NoError(t, page.Wait(`(() => { `+everywhere+` return /^frame [6-9]\d: 200000 samples/.test(everywhere("output")[0].textContent); })()`, 2*soon))
			// marimo's colours are of another colour space than Jupyter's; its text is nearly black.
			require.NoError(t, page.Wait(`(() => {
				const canvas = everywhere("canvas")[0], seen = new Set();
				const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
				for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.add(data.slice(i, i + 3).join());
				return seen.size === 1 && Math.max(...[...seen][0].split(",")) < 64;
			})()`, soon))
			shot(t, page, "marimo-"+mode)
			require.NoError(t, page.Click(button("again", 0))) // two new counters
			shows(10, 7)
			require.NoError(t, page.Click(button("count is", 0)))
			require.NoError(t, page.Click(button("count is", 2)))
			shows(11, 8)
			if mode == "edit" {
				// The editor's kernel goes on without a page, and tells the next one.
				require.NoError(t, page.Navigate("about:blank"))
				require.NoError(t, page.Navigate(h.URL()))
				shows(11, 8)
				require.NoError(t, page.Click(button("count is", 0)))
				shows(12, 8)
			}
			require.Empty(t, page.Errors())
		})
	}
}
