//go:build hosts

package e2e

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

func startFirefox(t *testing.T) *browse.Firefox {
	t.Helper()
	firefox, err := browse.LaunchFirefox(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, firefox.Close()) })
	return firefox
}

// foxPage opens a blank page in Firefox, which is closed with its kernel when the test ends.
func foxPage(t *testing.T, firefox *browse.Firefox) *browse.Page {
	t.Helper()
	page, err := firefox.NewPage()
	require.NoError(t, err)
	closeAtEnd(t, page)
	return page
}

// TestFirefox shows in Firefox what the other tests show in Chromium: the cookbook on a plain page and in the classic Notebook,
// there and in JupyterLab the counter and a slider of ipywidgets.
func TestFirefox(t *testing.T) {
	firefox := startFirefox(t)
	t.Log(firefox.Version())

	t.Run("plain", func(t *testing.T) {
		h := startHost(t, forPages, jupyter.H1)
		page := plainPageIn(t, foxPage(t, firefox), h.URL(), forPages.token, "cookbook")
		runsCookbook(t, page)
		shot(t, page, "firefox-plain")
		require.Empty(t, page.Errors())
	})
	for _, name := range widgetHosts {
		t.Run(string(name), func(t *testing.T) {
			h := startWidgetHost(t, name)
			addExample(t, h, "counter")
			module, err := os.ReadFile("testdata/seed/comm_module.py")
			require.NoError(t, err)
			p := &paper{Page: foxPage(t, firefox), host: h}
			p.open(t, h.NewNotebook(t,
				`from counter import Counter
counter = Counter(value=3)
counter`,
				`import ipywidgets
slider = ipywidgets.IntSlider(3, 0, 50, description="in Python")
ipywidgets.link((slider, "value"), (counter, "value"))
slider`,
				string(module)))
			p.run(t, 0)
			p.counts(t, 0, 3)
			p.run(t, 1)
			require.NoError(t, p.Click(p.counterButton(0)))
			p.counts(t, 0, 4)
			require.NoError(t, p.Press(" "))
			p.counts(t, 0, 5)
			require.NoError(t, p.Wait(p.in(1, ".widget-readout")+`.textContent.trim() === "5"`, soon))
			require.NoError(t, p.Drag(p.in(1, ".noUi-handle, .ui-slider-handle"), 60, 0))
			require.NoError(t, p.Wait(`/^count is [1-4][0-9]$/.test(`+p.counterButton(0)+`.textContent)`, soon))
			p.pythonPrints(t, "True", `print(10 <= counter.value == slider.value)`)
			if !p.isLab() {
				_, err := browse.Eval[browse.Void](p.Page, `new Promise((done, failed) => require(["nbextensions/gocomm/cookbook"], m => { m.load_ipython_extension?.(); done(); }, failed)).then(() => {})`)
				require.NoError(t, err)
				ready(t, p.Page, "my_comm_target")
				p.run(t, 2)
				console(t, p.Page, "cookbook: opened with", `{"foo":1}`)
				console(t, p.Page, "cookbook: got", `"data":{"foo":0}`)
			}
			shot(t, p.Page, "firefox-"+string(name))
			require.Empty(t, p.Errors())
		})
	}
}

// TestFirefoxPacked shows in Firefox, which inflates brotli, what the wheel has: the drop-in in brotli, and the counter as what is
// different in it.
func TestFirefoxPacked(t *testing.T) {
	firefox := startFirefox(t)
	server, err := jupyter.Start(context.Background(), jupyter.Config{Host: jupyter.H1, Env: wheelEnv(t, jupyter.H1), Dir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	h := &host{Server: server, Name: jupyter.H1}
	addExample(t, h, "counter")
	p := &paper{Page: foxPage(t, firefox), host: h}
	p.open(t, h.NewNotebook(t, "from counter import Counter\nCounter(value=3)"))
	p.do(t, `void (() => {
		window.big = [];
		Jupyter.notebook.kernel.ws.addEventListener("message", ({ data }) => { const n = data.byteLength ?? data.size; if (n > 100_000) big.push(n); });
	})()`)
	p.run(t, 0)
	p.counts(t, 0, 3)
	fetched, err := browse.Eval[string](p.Page, `performance.getEntriesByType("resource").map(e => e.name.split("/").pop().split("?")[0]).filter(n => /[.]wasm[.](br|gz)/.test(n)).join()`)
	require.NoError(t, err)
	require.Equal(t, "commmgr.wasm.br", fetched)
	program, err := browse.Eval[int](p.Page, `big.length === 1 ? big[0] : -big.length`)
	require.NoError(t, err)
	require.InDelta(t, p.counterFiles(t)[0], program, 3_000, "bytes of the message with the counter's program")
	require.NoError(t, p.Click(p.counterButton(0)))
	p.counts(t, 0, 4)
	require.Empty(t, p.Errors())
}
