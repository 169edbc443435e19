package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSiteServer(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "there.txt"), []byte("here"), 0o644))
	site, err := serveSite(t.Context(), dir, "/below/")
	require.NoError(t, err)
	root := strings.TrimSuffix(site.base, "below/")
	for path, want := range map[string]int{"below/there.txt": 200, "there.txt": 404, "favicon.ico": 204, "below/gone.js": 404, "below/program.wasm.br": 404} {
		res, err := http.Get(root + path)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, want, res.StatusCode, path)
		if path == "below/there.txt" {
			require.Equal(t, sitePolicy, res.Header.Get("Content-Security-Policy"))
		}
	}
	require.ElementsMatch(t, []string{"/there.txt", "/below/gone.js"}, site.missing)
	require.Empty(t, site.outside)
	require.ErrorContains(t, site.asked(), "does not have: ")

	for range 2 { // as Chromium does
		res, err := http.Post(root+reportPath[1:], "application/csp-report", strings.NewReader(
			`{"csp-report": {"document-uri": "http://127.0.0.1/below/lab/", "effective-directive": "connect-src", "blocked-uri": "https://example.org/x"}}`))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
	require.ErrorContains(t, site.asked(), "other servers: https://example.org/x (connect-src, of http://127.0.0.1/below/lab/)")
	require.Len(t, site.outside, 1)
}
