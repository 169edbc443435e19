package core_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/wasmdata"
)

// TestWhatASliderCosts builds a program that makes a slider, and one that knows of no other widget, as they are shipped.
func TestWhatASliderCosts(t *testing.T) {
	cost := compressed(t, "slider") - compressed(t, "none")
	t.Logf("%d bytes", cost)
	require.LessOrEqual(t, cost, 20_000, "bytes, which docs/core.md speaks of")
}

// compressed gives the size of a program of testdata, in bytes.
func compressed(t *testing.T, name string) int {
	t.Helper()
	out := filepath.Join(t.TempDir(), name+".wasm")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, "./"+filepath.Join("testdata", "size", name))
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	text, err := build.CombinedOutput()
	require.NoError(t, err, "%s", text)
	module, err := os.ReadFile(out)
	require.NoError(t, err)
	module, err = wasmdata.Merge(module)
	require.NoError(t, err)
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(module)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Len()
}
