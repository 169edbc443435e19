package docs

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

// each calls f with the text of each file of the repository whose name ends so, and its path from the root. What is
// built or fetched is left out.
func each(t *testing.T, f func(path, text string), suffixes ...string) {
	t.Helper()
	require.NoError(t, walk(os.DirFS(root), f, suffixes...))
}

func walk(dir fs.FS, f func(path, text string), suffixes ...string) error {
	return fs.WalkDir(dir, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone since its folder was read
			return nil
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"dist", ".envs", ".git", "node_modules", "__pycache__"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(path, s) }):
			return nil
		}
		text, err := fs.ReadFile(dir, path)
		if err == nil {
			f(path, string(text))
		}
		return err
	})
}

// documents are all Markdown files, by their paths.
func documents(t *testing.T) map[string]*Document {
	t.Helper()
	found := map[string]*Document{}
	each(t, func(path, text string) {
		d, err := Parse(text)
		require.NoError(t, err, path)
		found[path] = d
	}, ".md")
	require.NotEmpty(t, found)
	return found
}
