package e2e

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// labHosts are the hosts with JupyterLab's pages.
var labHosts = []jupyter.Host{jupyter.Lab, jupyter.Notebook7}

// startLab returns the server of a host that has the wheel, and the cookbook's program as an extension of its own.
func startLab(t *testing.T, name jupyter.Host) *host {
	t.Helper()
	env := labEnv(t)
	fixture.mu.Lock()
	defer fixture.mu.Unlock()
	key := "comms-" + string(name)
	r := fixture.servers[key]
	if r == nil {
		dir := filepath.Join(fixture.tmp, key)
		require.NoError(t, os.MkdirAll(dir, 0o755))
		r = &running{}
		r.server, r.err = jupyter.Start(context.Background(), jupyter.Config{Host: name, Env: env, Dir: dir, Settings: jupyter.NoDelay})
		fixture.servers[key] = r
	}
	require.NoError(t, r.err)
	return &host{Server: r.server, Name: name}
}

// labEnv gives the environment that startLab's servers run in.
func labEnv(t *testing.T) string {
	t.Helper()
	const key = "lab with the cookbook"
	wheelEnvs.Lock()
	defer wheelEnvs.Unlock()
	if wheelEnvs.made[key] == "" {
		dir, err := os.MkdirTemp(fixture.tmp, "wheel-lab-")
		require.NoError(t, err)
		env := layerIn(t, dir, filepath.Join(fixture.envs, string(jupyter.H1)))
		pipInstall(t, env, theWheel(t))
		cookbook := filepath.Join("share", "jupyter", "labextensions", "gocomm-cookbook")
		require.NoError(t, os.CopyFS(filepath.Join(env, cookbook), os.DirFS(filepath.Join(fixture.root, "dist", "labextensions", "gocomm-cookbook"))))
		wheelEnvs.made[key] = env
	}
	return wheelEnvs.made[key]
}

const (
	// labKernel is the connection of the page's notebook, as JavaScript.
	labKernel = `jupyterapp.shell.currentWidget.sessionContext.session.kernel`
	// labHub is gocomm's hub of that connection.
	labHub = labKernel + `[Symbol.for('gocomm.lab.kernel.1')]?.[Symbol.for('gocomm.hub.2')]`
)

// labReady waits until the cookbook's program runs.
func labReady(t *testing.T, page *browse.Page) {
	t.Helper()
	require.NoError(t, page.Wait(labHub+`?.claims.has('my_comm_target') ?? false`, soon))
}

// TestLabCookbook is the cookbook's Python module, verbatim, with the same program as on classic pages: imported, and pasted into a
// cell. Beside it ipywidgets and anywidget go on.
func TestLabCookbook(t *testing.T) {
	module, err := os.ReadFile("testdata/seed/comm_module.py")
	require.NoError(t, err)
	cells := map[string]struct{ cell, comm string }{
		"imported": {`import comm_module`, `comm_module.my_comm`},
		"pasted":   {string(module), `my_comm`},
	}
	sideBySide(t, labHosts, func(t *testing.T, name jupyter.Host) {
		h := startLab(t, name)
		h.AddFile(t, "testdata/seed/comm_module.py")
		for name, seed := range cells {
			t.Run(name, func(t *testing.T) {
				page := openPaper(t, h, seed.cell, seed.comm+`._closed`, seed.comm+`.close()`,
					"import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider")
				page.run(t, 3)
				page.run(t, 0)
				exchange(t, page.Page)
				console(t, page.Page, "cookbook: opened with", `{"foo":1}`)
				console(t, page.Page, "cookbook: got", `"data":{"foo":0}`)
				page.run(t, 1)
				require.Equal(t, "False", page.output(t, 1))
				page.run(t, 2)
				console(t, page.Page, "cookbook: closed with")
				page.python(t, "slider.value = 7")
				require.NoError(t, page.Wait(page.in(3, ".widget-readout")+`?.textContent.trim() === '7'`, soon))
				require.Empty(t, page.Errors())
				if name == "pasted" {
					require.NoError(t, page.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "cookbook-"+string(h.Name)+".png")))
				}
			})
		}
	})
}
