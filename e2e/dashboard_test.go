package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestExampleDashboard runs the dashboard's notebook: what Go has made drives a plot of bqplot's and a map of ipyleaflet's, and
// Python, Go and the page see the same widgets, also after the page was loaded again.
func TestExampleDashboard(t *testing.T) {
	t.Parallel()
	cells := exampleCells(t, "dashboard")
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.H2, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		h := startShared(t, "libraries-", name, librariesEnv(t, name))
		addExample(t, h, "dashboard")
		p := openPaper(t, h, cells...)
		for i := range 3 {
			p.run(t, i)
		}
		const last = 2
		year := func(what, want string) { // a value of the curve on the page and in Python
			t.Helper()
			p.pythonPrints(t, want, `print(*(round(float(y), 2) for y in lines.y[`+what+`]))`)
		}
		drawn := func() string { return p.in(last, ".bqplot path.line") + `?.getAttribute("d")` }
		require.NoError(t, p.Wait(drawn()+`?.length > 50`, 2*soon))
		require.NoError(t, p.Wait(p.cell(last)+`.querySelectorAll(".leaflet-container path").length >= 6`, soon))
		year(":2", "11.6 12.7")
		p.run(t, 3)
		require.Equal(t, "('Lisbon', 1, 4)", p.output(t, 3))

		// The page's controls are Go's; the plot, the map and Python follow.
		select_ := p.in(last, "select")
		p.do(t, `(drawnFirst = `+drawn()+`, `+select_+`.value = [...`+select_+`.options].find(o => o.textContent === "Athens").value, `+select_+`.dispatchEvent(new Event("change", {bubbles: true})))`)
		year(":2", "10.0 10.6")
		require.NoError(t, p.Wait(drawn()+` !== drawnFirst && `+p.in(last, ".bqplot .mainheading")+`.textContent === "Athens"`, soon))
		p.pythonPrints(t, "Athens [38.0, 23.7]", `print(dashboard.place.label, [round(c, 1) for c in map.center])`)
		p.do(t, p.sliderHandle(last, 1)+`.focus()`)
		require.NoError(t, p.Press(kb.ArrowRight))
		year(":2", "10.85 10.3")
		p.pythonPrints(t, "4 4.0", `print(dashboard.zoom.value, float(map.zoom))`)

		// Python's, too.
		p.run(t, 5)
		require.NoError(t, p.Wait(p.in(last, ".bqplot .mainheading")+`.textContent === "Oslo"`, soon))
		year(":2", "-2.73 -1.53")
		p.python(t, `map.zoom = 5`)
		p.pythonPrints(t, "5", `print(dashboard.zoom.value)`)
		p.python(t, `dashboard.zoom.value = 4`)
		p.pythonPrints(t, "4.0", `print(float(map.zoom))`)
		p.shoot(t, "dashboard")

		p.save(t)
		p.reload(t)
		p.run(t, last) // another one, of the same plot and map
		require.NoError(t, p.Wait(p.in(last, ".bqplot .mainheading")+`?.textContent === "Lisbon"`, 2*soon))
		year(":2", "11.6 12.7")
		require.Empty(t, p.Errors())
	})
}

// sliderHandle gives what is moved of a cell's n-th slider, as JavaScript.
func (p *paper) sliderHandle(cell, n int) string {
	return p.cell(cell) + `.querySelectorAll(".noUi-handle, .ui-slider-handle")[` + strconv.Itoa(n-1) + `]`
}

// librariesEnv gives an environment with the wheel and with libraries of widgets.
func librariesEnv(t *testing.T, name jupyter.Host) string {
	t.Helper()
	wheelEnvs.Lock()
	defer wheelEnvs.Unlock()
	key := name.Libraries()
	if wheelEnvs.made[key] == "" {
		libraries := filepath.Join(fixture.envs, string(key))
		require.FileExists(t, filepath.Join(libraries, "gocomm.stamp"), "run `go run ./internal/tool venv %s`", key)
		dir, err := os.MkdirTemp(fixture.tmp, string(key)+"-")
		require.NoError(t, err)
		env := layerIn(t, dir, filepath.Join(fixture.envs, string(name.Env())))
		addPackages(t, env, libraries)
		pipInstall(t, env, theWheel(t))
		wheelEnvs.made[key] = env
	}
	return wheelEnvs.made[key]
}
