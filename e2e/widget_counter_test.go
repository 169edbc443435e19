package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// exampleCells gives the code cells of an example's notebook.
func exampleCells(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(fixture.root, "examples", name, name+".ipynb"))
	require.NoError(t, err)
	var notebook struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		} `json:"cells"`
	}
	require.NoError(t, json.Unmarshal(text, &notebook))
	var cells []string
	for _, c := range notebook.Cells {
		if c.Type == "code" {
			cells = append(cells, strings.Join(c.Source, ""))
		}
	}
	require.NotEmpty(t, cells)
	return cells
}

// addExample puts an example, as it is built, beside the host's notebooks.
func addExample(t *testing.T, h *host, name string) {
	t.Helper()
	addExampleTo(t, h.Dir(), name)
}

func addExampleTo(t *testing.T, dir, name string) {
	t.Helper()
	built := filepath.Join(fixture.root, "dist", "examples", name)
	require.DirExists(t, filepath.Join(built, name, "static"), "run `make build`")
	package_ := filepath.Join(dir, name)
	if _, err := os.Stat(package_); err == nil {
		return
	}
	require.NoError(t, os.CopyFS(package_, os.DirFS(filepath.Join(built, name))))
}

// counterButton is the counter in a cell's output, as JavaScript.
func (p *paper) counterButton(cell int) string {
	return fmt.Sprintf(`[...%s.querySelectorAll('button')].find(b => b.textContent.startsWith('count is'))`, p.cell(cell))
}

func (p *paper) counts(t *testing.T, cell, value int) {
	t.Helper()
	require.NoError(t, p.Wait(p.counterButton(cell)+fmt.Sprintf(`.textContent === 'count is %d'`, value), soon))
}

// TestExampleCounter runs the counter's notebook, on each kind of page: mouse, keyboard
// and Python change the counter, and both of its views show it.
func TestExampleCounter(t *testing.T) {
	cells := append(exampleCells(t, "counter"), `from IPython.display import display
beside = Counter(value=7)
display(counter, beside)`)
	forWidgetHosts(t, func(t *testing.T, h *host) {
		addExample(t, h, "counter")
		p := openPaper(t, h, cells...)
		p.run(t, 0)
		p.counts(t, 0, 0)
		require.NoError(t, p.Click(p.counterButton(0)))
		p.counts(t, 0, 1)
		for n, key := range []string{" ", kb.Enter} { // it has the focus
			require.NoError(t, p.Press(key))
			p.counts(t, 0, 2+n)
		}
		p.pythonPrints(t, "3", `print(counter.value)`)
		p.run(t, 1)
		require.Equal(t, "3", p.output(t, 1))
		p.run(t, 2)
		p.counts(t, 0, 41)
		p.run(t, 3)
		p.counts(t, 3, 41)
		p.run(t, 4)
		p.counts(t, 4, 100)
		require.NoError(t, p.Click(p.counterButton(3)))
		p.counts(t, 3, 42)
		p.counts(t, 0, 42)
		p.counts(t, 4, 100)
		p.pythonPrints(t, "42", `print(counter.value)`)

		// By the keyboard alone: the tab key goes from one counter to the next, and a key counts.
		p.run(t, 5)
		p.counts(t, 5, 42)
		require.NoError(t, p.Wait(p.counterButton(5)+`.focus() === undefined`, soon))
		require.NoError(t, p.Press(kb.Tab))
		require.NoError(t, p.Press(" "))
		require.NoError(t, p.Wait(`document.activeElement.textContent === 'count is 8'`, soon))
		require.NoError(t, p.Press(kb.Enter))
		require.NoError(t, p.Wait(`document.activeElement.textContent === 'count is 9'`, soon))
		p.pythonPrints(t, "9", `print(beside.value)`)

		p.shoot(t, "counter")
		require.Empty(t, p.Errors())
	})
}
