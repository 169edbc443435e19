package docs

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/stretchr/testify/require"
)

// starts are the documents whose blocks e2e/start_test.go runs, as a reader would. Others are run by a test that calls
// blocks with their path.
var starts = []string{"docs/start-notebook.md", "docs/start-go.md", "docs/start-page.md"}

var runs = regexp.MustCompile(`blocks\(t, filepath\.Join\(fixture\.root, "docs", "([^"]+)"\)\)`)

// parsed are the beginnings of the blocks of JavaScript that are parsed only: what runs the like stands behind.
var parsed = []string{
	`import { attach } from "./gocomm.js";`,                   // docs/start-page.md
	`import { attach } from "gocomm";`,                        // README.md: TestReadmePage
	`import Go from "./hello.wasm.js";`,                       // e2e/testdata/npm/main.ts
	`const { load } = globalThis[Symbol.for("gocomm.lab.1")]`, // e2e/lab_test.go
	`import { guard } from "../runtime/imports.js";`,          // web/afm/instance.js
}

// TestCode has each block of Go, JavaScript and Python be run by a test, or be a copy of what is compiled or run: of whole lines
// of a file of the repository, but for their spaces.
func TestCode(t *testing.T) {
	sources, run := map[string][]string{}, slices.Clone(starts)
	each(t, func(file, text string) {
		switch path.Ext(file) {
		case ".go":
			sources["go"] = append(sources["go"], flat(text))
			for _, m := range runs.FindAllStringSubmatch(text, -1) {
				run = append(run, "docs/"+m[1])
			}
			if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "measure/") { // what they hand to kernels and pages
				sources["python"] = append(sources["python"], flat(text))
				sources["js"] = append(sources["js"], flat(text))
			}
		case ".js", ".html":
			sources["js"] = append(sources["js"], flat(text))
		case ".py":
			sources["python"] = append(sources["python"], flat(text))
		case ".ipynb":
			sources["python"] = append(sources["python"], cells(t, text)...)
		}
	}, ".go", ".js", ".html", ".py", ".ipynb")
	count := 0
	for file, d := range documents(t) {
		for _, b := range d.Blocks {
			kind, _, _ := strings.Cut(b.Info, " ")
			require.NotContains(t, []string{"golang", "javascript", "ts", "typescript", "py"}, kind, "%s:%d: call it go, js or python", file, b.Line)
			if slices.Contains(run, file) || sources[kind] == nil {
				continue
			}
			count++
			want := flat(b.Text)
			if slices.ContainsFunc(sources[kind], func(text string) bool { return strings.Contains(text, want) }) {
				continue
			}
			if kind != "js" || !slices.ContainsFunc(parsed, func(begin string) bool { return strings.HasPrefix(b.Text, begin) }) {
				t.Errorf("%s:%d: no file has these lines of %s: copy them from a test or a program, let a test run all blocks of the "+
					"document, or put them into a test of their own, such as internal/docs/snippets_test.go, "+
					"internal/js/test/docs.test.js or nbextension/tests/test_docs.py", file, b.Line, kind)
				continue
			}
			for _, e := range api.Transform(b.Text, api.TransformOptions{Target: api.ESNext, Format: api.FormatESModule}).Errors {
				t.Errorf("%s:%d: %s", file, b.Line+e.Location.Line-1, e.Text)
			}
		}
	}
	require.NotZero(t, count)
	require.Contains(t, run, "docs/widgets.md")
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

// flat is a text with one space between words and without empty lines, and a line's end before it.
func flat(text string) string {
	var b strings.Builder
	b.WriteString("\n")
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 {
			b.WriteString(strings.Join(words, " ") + "\n")
		}
	}
	return b.String()
}
