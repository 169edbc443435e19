package docs

import (
	"encoding/json"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// run names the test that runs all blocks of a document, as a reader would.
var run = map[string]string{
	"docs/widgets.md": "e2e/widget_tutorial_test.go",
}

// TestCode has each block of Go, JavaScript and Python be a copy of what is compiled or run: of whole lines of a file of the
// repository, but for their indentation.
func TestCode(t *testing.T) {
	sources := map[string][]string{}
	each(t, func(file, text string) {
		switch path.Ext(file) {
		case ".go":
			sources["go"] = append(sources["go"], flat(text))
			if strings.HasSuffix(file, "_test.go") { // what they hand to kernels and pages
				sources["python"] = append(sources["python"], flat(text))
			}
		case ".js", ".html":
			sources["js"] = append(sources["js"], flat(text))
		case ".py":
			sources["python"] = append(sources["python"], flat(text))
		case ".ipynb":
			sources["python"] = append(sources["python"], cells(t, text)...)
		}
	}, ".go", ".js", ".html", ".py", ".ipynb")
	for file, d := range documents(t) {
		if by := run[file]; by != "" {
			continue
		}
		for _, b := range d.Blocks {
			kind, _, _ := strings.Cut(b.Info, " ")
			if kind != "go" && kind != "js" && kind != "python" {
				continue
			}
			want, has := flat(b.Text), false
			for _, text := range sources[kind] {
				has = has || strings.Contains(text, want)
			}
			if !has {
				t.Errorf("%s:%d: no %s file has these lines", file, b.Line, kind)
			}
		}
	}
}

// cells are those of a notebook that have code.
func cells(t *testing.T, notebook string) (all []string) {
	var n struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(notebook), &n))
	for _, c := range n.Cells {
		if c.Type == "code" {
			all = append(all, flat(strings.Join(c.Source, "")))
		}
	}
	return all
}

// flat is a text whose lines are not indented, with a line's end before and behind it.
func flat(text string) string {
	var b strings.Builder
	b.WriteString("\n")
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}
