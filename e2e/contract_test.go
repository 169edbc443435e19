package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// A check is one thing that classic Notebook's scripts expect of a comm manager, or
// that the stock one does wrong.
type check struct {
	item  string // "1" to "22", or "D1" and so on for a defect
	title string
	// js is the body of an async function that says what it has observed; the
	// names of testdata/contract/main.js are in its scope.
	js   string
	want string // the observation, as JSON
	// stock is what the stock manager shows in its place, where that is a defect,
	// and defect says it in words.
	stock, defect string
}

func contract() []check {
	var all []check
	for _, part := range [][]check{contractObjects, contractSending, contractReceiving, contractDefects} {
		all = append(all, part...)
	}
	return all
}

// contractSetup serves gocomm and the checks' own extension, of which it enables one.
func contractSetup(name string) setup {
	return setup{
		name: "contract-" + name,
		nbextensions: func(t *testing.T) string {
			dir, err := os.MkdirTemp(fixture.tmp, "contract-")
			require.NoError(t, err)
			require.NoError(t, os.CopyFS(dir, os.DirFS(withGocomm.nbextensions(t))))
			for _, file := range []string{"main.js", "replace.js", "dump.js"} {
				copyFile(t, "testdata/contract/"+file, filepath.Join(dir, "contract", file))
			}
			return dir
		},
		enable: []string{"contract/" + name},
	}
}

// managers are what the contract is checked on, and the extension that makes a
// page have them: the control differs in nothing else.
var managers = []struct{ name, extension string }{{"stock", "main"}, {"gocomm", "replace"}}

// TestContract has each item of the contract checked on a notebook's page with the stock
// manager and with gocomm. With -update it writes docs/contract.md.
func TestContract(t *testing.T) {
	t.Parallel()
	outcomes := &outcomes{seen: map[place]outcome{}}
	t.Cleanup(func() { outcomes.write(t) })
	sideBySide(t, jupyter.Hosts(), func(t *testing.T, name jupyter.Host) {
		for _, m := range managers {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				h := startHost(t, contractSetup(m.extension), name)
				page := openContract(t, h, m.name == "gocomm")
				for i, c := range contract() {
					t.Run(c.item+" "+c.title, func(t *testing.T) {
						outcomes.add(i, column{name, m.name}, c.run(t, page, m.name == "stock"))
					})
				}
			})
		}
	})
}

func openContract(t *testing.T, h *host, gocomm bool) *browse.Page {
	t.Helper()
	h.AddFile(t, "testdata/contract/contract.py")
	page := openNotebook(t, h, `%run contract.py`)
	require.NoError(t, page.Wait(`window.contract`, soon))
	if gocomm {
		ready(t, page, "")
	}
	// What widgets do when a page is opened is over.
	require.NoError(t, page.Wait(`"jupyter.widget" in Jupyter.notebook.kernel.comm_manager.targets`, soon))
	require.NoError(t, page.RunCellWait(0))
	return page
}

// run observes, and tells what that means.
func (c check) run(t *testing.T, page *browse.Page, control bool) outcome {
	t.Helper()
	js, err := json.Marshal(c.js)
	require.NoError(t, err)
	got, err := browse.Eval[json.RawMessage](page, `contract.run(`+string(js)+`).then((v) => v === undefined ? null : v)`)
	if !assert.NoError(t, err) {
		return fails
	}
	want, result := c.want, kept
	switch {
	case control && c.stock != "":
		want, result = c.stock, defect
	case c.stock != "":
		result = better
	}
	if !assert.JSONEq(t, want, string(got)) {
		return fails
	}
	return result
}
