package docs

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLinks follows each link of a document to a file, a folder or a heading of the repository.
func TestLinks(t *testing.T) {
	all := documents(t)
	count := 0
	for from, d := range all {
		for _, l := range d.Links {
			if strings.Contains(l.Target, "://") || strings.HasPrefix(l.Target, "mailto:") {
				continue
			}
			count++
			file, anchor, _ := strings.Cut(l.Target, "#")
			to := from
			if file != "" {
				to = path.Join(path.Dir(from), file)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil || strings.HasPrefix(to, "..") {
				t.Errorf("%s:%d: there is no %s", from, l.Line, to)
				continue
			}
			if anchor != "" {
				has := all[to] != nil && slices.Contains(all[to].Anchors, anchor)
				assert.True(t, has, "%s:%d: %s has no heading with the anchor #%s", from, l.Line, to, anchor)
			}
		}
	}
	require.NotZero(t, count)
}

func TestParse(t *testing.T) {
	d, err := Parse("# A *title*, with `code`\n\nSee [one](a.md#b), ![two](c.png \"a title\") and `[no](link)`.\n\n" +
		"```go x.go\n# no heading [no](link)\n```\n\n## Again\n## Again\n[three\nlines](d.md)\n")
	require.NoError(t, err)
	require.Equal(t, []string{"a-title-with-code", "again", "again-1"}, d.Anchors)
	require.Equal(t, []Block{{Info: "go x.go", Text: "# no heading [no](link)\n", Line: 6}}, d.Blocks)
	var targets []string
	for _, l := range d.Links {
		targets = append(targets, l.Target)
		require.Equal(t, l.Target, d.Text[l.Start:l.End])
	}
	require.Equal(t, []string{"a.md#b", "c.png", "d.md"}, targets)
	require.Equal(t, []int{3, 3, 12}, []int{d.Links[0].Line, d.Links[1].Line, d.Links[2].Line})
	_, err = Parse("text\n```go\n")
	require.ErrorContains(t, err, "line 2")
}
