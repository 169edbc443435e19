package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// widgetManagers are what the widgets run on: the stock manager is the control,
// on which the same steps have the same results.
var widgetManagers = []struct {
	name  string
	setup setup
}{
	{"stock", bare},
	{"replace", withGocomm},
	{"beside", setup{name: "widgets-beside", nbextensions: withGocomm.nbextensions, enable: withGocomm.enable}},
}

// TestWidgets runs real widgets on each host with each manager.
func TestWidgets(t *testing.T) {
	require.NoError(t, os.RemoveAll(widgetShots()))
	t.Cleanup(func() { contactSheet(t) })
	forManagers(t, func(t *testing.T, h *host, manager string) {
		for name, test := range map[string]func(*testing.T, *host, string){"scenes": testScenes, "life": testLife} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, h, manager)
			})
		}
	})
}

// forManagers runs a test on each host with each manager.
func forManagers(t *testing.T, test func(t *testing.T, h *host, manager string)) {
	t.Helper()
	sideBySide(t, jupyter.Hosts(), func(t *testing.T, name jupyter.Host) {
		for _, m := range widgetManagers {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				h := startHost(t, m.setup, name)
				if m.name == "beside" {
					configure(t, h, `{"gocomm": {"mode": "beside"}}`)
				}
				test(t, h, m.name)
			})
		}
	})
}

// configure stores settings where the server keeps a user's.
func configure(t *testing.T, h *host, settings string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{Jar: jar, Timeout: soon}
	home := strings.TrimSuffix(h.NotebookURL(""), "notebooks/") + "tree" // the page that sets the cookie
	res, err := client.Get(home)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	address, err := url.Parse(h.URL() + "/api/config/notebook")
	require.NoError(t, err)
	req, err := http.NewRequest(http.MethodPatch, address.String(), bytes.NewBufferString(settings))
	require.NoError(t, err)
	for _, site := range []string{home, h.URL() + "/"} {
		u, err := url.Parse(site)
		require.NoError(t, err)
		for _, c := range jar.Cookies(u) {
			if c.Name == "_xsrf" {
				req.Header.Set("X-XSRFToken", c.Value)
			}
		}
	}
	res, err = client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, string(body))
}

// A desk is a notebook page with widgets in its cells.
type desk struct {
	*browse.Page
	host    *host
	manager string
	cell    int // the one that element and shot look at
}

// openDesk opens a notebook whose first cell is imported by all others.
func openDesk(t *testing.T, h *host, manager string, cells ...string) *desk {
	t.Helper()
	d := &desk{Page: newPage(t), host: h, manager: manager}
	d.load(t, h.NewNotebook(t, append([]string{widgetImports}, cells...)...))
	require.NoError(t, d.RunCellWait(0))
	return d
}

const widgetImports = `import asyncio, hashlib, json, time
import ipywidgets
from ipywidgets import *
from IPython.display import display`

// load opens the page and waits until ipywidgets has done what it does at first.
func (d *desk) load(t *testing.T, url string) {
	t.Helper()
	require.NoError(t, d.OpenNotebook(url))
	d.settle(t)
}

// settle waits, after a load, for the kernel, the manager and ipywidgets.
func (d *desk) settle(t *testing.T) {
	t.Helper()
	require.NoError(t, d.WaitKernelReady())
	d.managed(t)
	require.NoError(t, d.Wait(`"jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon))
}

// managed waits until the page has the manager that it should have.
func (d *desk) managed(t *testing.T) {
	t.Helper()
	const kernel = `Jupyter.notebook.kernel`
	const programs = kernel + `[Symbol.for("gocomm.hub.2")]?.programs ?? []`
	const inPlace = `("_hub" in ` + kernel + `.comm_manager)`
	require.NoError(t, d.Wait(map[string]string{
		"stock":   `!` + inPlace + ` && ![...` + programs + `].length`,
		"replace": inPlace,
		"beside":  `!` + inPlace + ` && [...` + programs + `].some(p => p.running)`,
	}[d.manager], soon))
}

// run runs a cell and makes it the one that is looked at.
func (d *desk) run(t *testing.T, cell int) {
	t.Helper()
	d.cell = cell
	require.NoError(t, d.RunCellWait(cell))
}

// in gives the n-th element of the cell's output that matches, as JavaScript.
func (d *desk) in(selector string, n int) string {
	return fmt.Sprintf(`Jupyter.notebook.get_cell(%d).element[0].querySelectorAll(%q)[%d]`, d.cell, ".output "+strings.ReplaceAll(selector, ", ", ", .output "), n)
}

// shows waits until a JavaScript condition on the first element that matches, el, holds.
func (d *desk) shows(t *testing.T, selector string, n int, condition string) {
	t.Helper()
	require.NoError(t, d.Wait(`(el => `+condition+`)(`+d.in(selector, n)+`)`, soon))
}

// text waits until the n-th element that matches has a text in it.
func (d *desk) text(t *testing.T, selector string, n int, want string) {
	t.Helper()
	require.NoError(t, d.Wait(fmt.Sprintf(`(el => el.textContent.trim() === %q || 'the text ' + el.textContent && false)(%s)`, want, d.in(selector, n)), soon))
}

// exec runs Python without a cell.
func (d *desk) exec(t *testing.T, code string) {
	t.Helper()
	d.ask(t, code, `None`)
}

// ask runs Python without a cell, and gives the JSON of an expression's value.
func (d *desk) ask(t *testing.T, code, expression string) string {
	t.Helper()
	quoted, err := json.Marshal([]string{code, `__import__("json").dumps(` + expression + `)`})
	require.NoError(t, err)
	got, err := browse.Eval[string](d.Page, `new Promise((done, failed) => {
		const [code, expression] = `+string(quoted)+`;
		Jupyter.notebook.kernel.execute(code, {shell: {reply: ({content}) => {
			const value = content.user_expressions?.v;
			if (value?.status === 'ok') done(eval(value.data['text/plain'])); // the repr of a string of ASCII
			else failed(new Error((value ?? content).ename + ': ' + (value ?? content).evalue));
		}}}, {silent: false, store_history: false, user_expressions: {v: expression}});
	})`)
	require.NoError(t, err, code+"\n"+expression)
	return got
}

// has waits until a Python expression has a value, given as JSON.
func (d *desk) has(t *testing.T, want, expression string) {
	t.Helper()
	var got string
	for deadline := time.Now().Add(soon); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got = d.ask(t, "", expression); sameJSON(want, got) {
			return
		}
	}
	require.JSONEq(t, want, got, expression)
}

// shot keeps a picture of the cell's output for the contact sheet.
func (d *desk) shot(t *testing.T, name string) {
	t.Helper()
	file := fmt.Sprintf("%s-%s-%s.png", name, d.host.Name, d.manager)
	require.NoError(t, d.ScreenshotOf(fmt.Sprintf(`Jupyter.notebook.get_cell(%d).element[0].querySelector('.output')`, d.cell), filepath.Join(widgetShots(), file)))
}

func widgetShots() string { return filepath.Join(fixture.root, "dist", "e2e", "widgets") }

// widgetNoise is what ipywidgets and anywidget print by themselves, on the stock manager as well.
var widgetNoise = []string{
	// anywidget on ipywidgets 7 removes a view whose model is closed.
	"at AnyView.remove",
	// The same of a close_all: the stock manager says it at level log, "Exception in comm callback".
	"its close handler threw: Error: Widget is not attached.",
}

// errors are the page's, without that noise. What comes of another page's comms is an
// error on the stock manager's console; gocomm has none, once it is on the page.
func (d *desk) errors() []browse.Message {
	var early []time.Time // the messages of stock managers that gocomm had not replaced yet
	replaced := false
	for _, m := range d.Console() {
		switch {
		case strings.HasPrefix(m.Text, "load_extensions "):
			replaced = false // a new page
		case strings.HasPrefix(m.Text, "Loading extension: gocomm/main"):
			replaced = d.manager == "replace"
		case strings.HasPrefix(m.Text, "Comm promise not found for comm id") && !replaced:
			early = append(early, m.Time)
		}
	}
	return slices.DeleteFunc(d.Errors(), func(m browse.Message) bool {
		// Notebook 6 fails to delete the session whose kernel is gone already.
		if m.Source == "network" && strings.Contains(m.Text, "status of 500") && strings.Contains(m.URL, "/api/sessions/") {
			return true
		}
		return slices.Contains(early, m.Time) || slices.ContainsFunc(widgetNoise, func(s string) bool { return strings.Contains(m.Text, s) })
	})
}
