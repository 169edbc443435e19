package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestExampleReact packs the example as its README says, and runs its notebook: the component's state is on a comm, and the page asks
// for nothing that is not on the server.
func TestExampleReact(t *testing.T) {
	t.Parallel()
	built := filepath.Join(fixture.root, "dist", "examples", "react")
	require.FileExists(t, filepath.Join(built, "tasks", "static", "react.js"), "run `dist/tool react`")
	out := t.TempDir()
	command(t, filepath.Join(fixture.envs, "pack", "bin", "python"), "-m", "build", "--no-isolation", "--wheel", "--outdir", out, built)
	wheels, err := filepath.Glob(filepath.Join(out, "*.whl"))
	require.NoError(t, err)
	envs := map[jupyter.Host]string{}
	for _, name := range jupyter.Hosts() {
		envs[name] = layer(t, filepath.Join(fixture.envs, string(name)))
		pipInstall(t, envs[name], append(wheels, theWheel(t))...)
	}
	cells := exampleCells(t, "react")
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.H2, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		server, err := jupyter.Start(context.Background(), jupyter.Config{Host: name, Env: envs[name.Env()], Dir: t.TempDir(), Settings: jupyter.NoDelay})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, server.Stop()) })
		h := &host{Server: server, Name: name}
		p := &paper{Page: newPage(t), host: h}
		release, err := p.Hold("*/tasks/tasks.js*")
		require.NoError(t, err)
		p.open(t, h.NewNotebook(t, cells...))
		shows := func(cell int, want string) {
			t.Helper()
			require.NoError(t, p.Wait(p.in(cell, "task-list strong")+`?.textContent === `+want, soon))
		}
		p.run(t, 0) // the comm is there before the module that registers its target
		require.NoError(t, p.Wait(p.in(0, "task-list")+`.textContent.startsWith("React shows")`, soon))
		release()
		shows(0, `"0 of 2 done"`)

		p.run(t, 1)
		shows(0, `"1 of 3 done"`)
		require.NoError(t, p.Click(p.cell(0)+`.querySelectorAll("task-list input[type=checkbox]")[1]`))
		shows(0, `"2 of 3 done"`)
		p.pythonPrints(t, "[True, True, False]", `print([task["done"] for task in tasks.items])`)
		require.NoError(t, p.Click(p.in(0, "task-list input:not([type])")))
		require.NoError(t, p.Press("say so in the browser")) // shortcuts of the notebook have these keys
		require.NoError(t, p.Press(kb.Enter))
		shows(0, `"2 of 4 done"`)
		p.run(t, 2)
		require.Contains(t, p.output(t, 2), "{'text': 'say so in the browser', 'done': False}")
		p.shoot(t, "react")
		p.run(t, 3)
		shows(3, `"2 of 4 done"`)
		require.NoError(t, p.Click(p.in(3, "task-list input[type=checkbox]")))
		shows(0, `"1 of 4 done"`)

		// Taken out of the page and put back, as JupyterLab does with cells that are scrolled away.
		p.do(t, `(() => { const list = `+p.in(3, "task-list")+`; const parent = list.parentNode; list.remove(); tasksGone = list; tasksParent = parent; })()`)
		p.python(t, `tasks.mark(0)`)
		shows(0, `"2 of 4 done"`)
		p.do(t, `tasksParent.append(tasksGone)`)
		shows(3, `"2 of 4 done"`)
		p.python(t, `tasks.close()`)
		require.NoError(t, p.Wait(p.in(0, "task-list input")+`.disabled`, soon))
		require.Empty(t, p.Errors())
		for _, url := range eval[[]string](t, p.Page, `performance.getEntriesByType("resource").map(e => e.name)`) {
			require.True(t, strings.HasPrefix(url, h.URL()) || strings.HasPrefix(url, "data:") || strings.HasPrefix(url, "blob:"), url)
		}
	})
}
