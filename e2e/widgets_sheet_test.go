package e2e

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// Room for six pictures and their row's name.
const sheetWidth = 6*460 + 100

// contactSheet puts the widgets' pictures on one page, contact.html, and one picture, contact.png:
// a row for each widget, a column for each host and manager.
func contactSheet(t *testing.T) {
	t.Helper()
	dir := widgetShots()
	files, err := filepath.Glob(filepath.Join(dir, "*-*-*.png"))
	require.NoError(t, err)
	if len(files) == 0 {
		return // nothing ran so far that it would show
	}
	var rows []string
	for _, file := range files {
		name, _, _ := strings.Cut(filepath.Base(file), "-")
		if !slices.Contains(rows, name) {
			rows = append(rows, name)
		}
	}
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><meta charset="utf-8"><title>gocomm: widgets</title>
<style>body { margin: 0; font: 13px sans-serif } table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: 4px; text-align: left; vertical-align: top }
div { width: 440px; overflow: hidden } img { display: block } .missing { color: #c00; font-weight: bold }</style><table><tr><th>`)
	for _, host := range jupyter.Hosts() {
		for _, m := range widgetManagers {
			fmt.Fprintf(&b, "<th>%s %s", strings.ToUpper(string(host)), m.name)
		}
	}
	for _, name := range rows {
		fmt.Fprintf(&b, "\n<tr><th>%s", name)
		for _, host := range jupyter.Hosts() {
			for _, m := range widgetManagers {
				file := fmt.Sprintf("%s-%s-%s.png", name, host, m.name)
				if slices.Contains(files, filepath.Join(dir, file)) {
					fmt.Fprintf(&b, `<td><div><img src="%s"></div>`, file)
				} else {
					b.WriteString(`<td class="missing">missing`)
				}
			}
		}
	}
	b.WriteString("\n</table>\n")
	sheet := filepath.Join(dir, "contact.html")
	require.NoError(t, os.WriteFile(sheet, []byte(b.String()), 0o644))

	browser, err := fixture.browser()
	require.NoError(t, err)
	page, err := browser.NewPage()
	require.NoError(t, err)
	defer page.Close()
	require.NoError(t, page.Navigate((&url.URL{Scheme: "file", Path: sheet}).String()))
	require.NoError(t, page.Wait(`document.readyState === "complete" && document.querySelector("table")`, soon))
	size, err := browse.Eval[[]int64](page, `(r => [Math.ceil(r.width), Math.ceil(r.height)])(document.querySelector("table").getBoundingClientRect())`)
	require.NoError(t, err)
	// The table gets the width that it asks for on a wide page, and then its height.
	require.NoError(t, page.Resize(sheetWidth, max(size[1], 100)))
	size, err = browse.Eval[[]int64](page, `(r => [Math.ceil(r.width), Math.ceil(r.height)])(document.querySelector("table").getBoundingClientRect())`)
	require.NoError(t, err)
	require.NoError(t, page.Resize(sheetWidth, max(size[1], 100)))
	require.NoError(t, page.Screenshot(filepath.Join(dir, "contact.png")))
}
