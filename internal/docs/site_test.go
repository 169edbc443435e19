package docs

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// TestStage makes the site's pages, but for the references of JavaScript and Python: what they link to is there.
func TestStage(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Stage(root, dir, "gocomm"))
	site := os.DirFS(dir)
	labels := map[string]bool{}
	pages := map[string]*Document{}
	require.NoError(t, walk(site, func(file, text string) {
		for line := range strings.Lines(text) {
			if name, is := strings.CutSuffix(strings.TrimSpace(line), ")="); is && strings.HasPrefix(name, "(go-") {
				require.False(t, labels[name[1:]], "two of %s", name)
				labels[name[1:]] = true
			}
		}
		d, err := Parse(text)
		require.NoError(t, err, file)
		pages[file] = d
	}, ".md"))
	for _, name := range []string{
		"index.md", "start-go.md", "widgets.md", "changelog.md", "nbextension.md", "examples/counter.md", "source/wasm/cookbook/main_js.go.md",
		"reference/go.md", "reference/go/commmgr.md", "reference/go/jsglue/page.md", "reference/go/alltypes.md",
	} {
		require.Contains(t, pages, name)
	}
	require.NotContains(t, pages, "reference/go/view/viewtest.md", "it has tests only")
	require.True(t, labels["go-gocomm/commmgr-Comm.OnMsg"] && labels["go-gocomm/view-View.Listen"] && labels["go-gocomm/commmgr-ErrOverflow"])
	require.True(t, strings.Contains(pages["reference/go/commmgr.md"].Text, "It prints\n\n```text\n\"hello Ada\"\n\"hello Grace\"\n```"), "an example's output")
	for from, d := range pages {
		for _, l := range d.Links {
			file, anchor, _ := strings.Cut(l.Target, "#")
			switch to := path.Join(path.Dir(from), file); {
			case strings.Contains(l.Target, "://"):
			case file == "" && strings.HasPrefix(anchor, "go-"):
				require.True(t, labels[anchor], "%s:%d: %s", from, l.Line, anchor)
			case strings.HasSuffix(file, ".png"):
				require.FileExists(t, filepath.Join(dir, to))
			case file != "" && !strings.HasPrefix(from, "reference/"): // code in comments looks like links
				require.Contains(t, pages, to, "%s:%d", from, l.Line)
			}
		}
	}
	// The menu leads to each document.
	documents, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	for _, d := range documents {
		require.True(t, strings.Contains(pages["index.md"].Text, "\n"+strings.TrimSuffix(filepath.Base(d), ".md")+"\n"), d)
	}
}

// TestGallery has a picture, and a link to its source, for each example.
func TestGallery(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join(root, "examples"))
	require.NoError(t, err)
	gallery := documents(t)["docs/gallery.md"]
	for _, f := range folders {
		has := func(begin string) bool {
			return slices.ContainsFunc(gallery.Links, func(l Link) bool { return strings.HasPrefix(l.Target, begin) })
		}
		require.True(t, has("../examples/"+f.Name()) && has("images/"+f.Name()+".png"),
			"docs/gallery.md needs images/%s.png, which internal/tool/pictures.go makes, and a link to the example", f.Name())
	}
}

func TestCheckSite(t *testing.T) {
	page := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	pages, err := CheckSite(fstest.MapFS{
		"index.html":   page(`<a href="a/b.html#here">b</a> <a href="https://elsewhere.example/">c</a> <img src="a/p.png"> <a href="#">top</a>`),
		"a/b.html":     page(`<h1 id="here">h</h1> <a href="../index.html">up</a> <link href="../style.css">`),
		"a/p.png":      page(""),
		"style.css":    page(`a { background: url(a/p.png) }`),
		"a/style.html": page(""),
	})
	require.NoError(t, err)
	require.Equal(t, 3, pages)
	_, err = CheckSite(fstest.MapFS{
		"index.html": page(`<a href="b.html">b</a> <a href="/index.html">i</a> <a href="#no">n</a> <script src="https://elsewhere.example/x.js"></script>`),
		"style.css":  page(`@import "https://elsewhere.example/font.css"; a { background: url("//elsewhere.example/p.png") }`),
	})
	require.EqualError(t, err, strings.Join([]string{
		"index.html: /index.html leads nowhere below a folder", "index.html: https://elsewhere.example/x.js is of another origin",
		"index.html: index.html has no #no", "index.html: there is no b.html",
		"style.css: @import is of another origin", `style.css: url("//elsewhere.example/p.png is of another origin`,
	}, "\n"))
}
