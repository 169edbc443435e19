package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCoreIsCurrent: package widget/core is what the schemas say.
func TestCoreIsCurrent(t *testing.T) {
	files, err := generate()
	require.NoError(t, err)
	dir := filepath.Join("..", "..", "widget", "core")
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err, "run go generate ./widget/core")
		require.Equal(t, string(want), string(have), "%s: run go generate ./widget/core", name)
	}
	there, err := filepath.Glob(filepath.Join(dir, prefix+"*.go"))
	require.NoError(t, err)
	require.Len(t, there, len(files), "run go generate ./widget/core")
}

// TestSchemasAreThoseOfIpywidgets: the schemas are those of the ipywidgets in the environments.
func TestSchemasAreThoseOfIpywidgets(t *testing.T) {
	for env, want := range map[string][]byte{"h1": schema8, "h2": schema7} {
		python := filepath.Join("..", "..", ".envs", env, "bin", "python")
		got, err := exec.Command(python, "-W", "ignore", filepath.Join("schema", "schema.py")).Output()
		require.NoError(t, err, "dist/tool venv %s", env)
		require.JSONEq(t, string(want), string(got), env)
	}
}

// TestAllModels: both schemas are in the types, each model once.
func TestAllModels(t *testing.T) {
	all, err := models()
	require.NoError(t, err)
	counts := [2]int{}
	for _, m := range all {
		for version, in := range m.in {
			if in {
				counts[version]++
			}
		}
	}
	for version, text := range [][]byte{schema7, schema8} {
		var list []json.RawMessage
		require.NoError(t, json.Unmarshal(text, &list))
		require.Len(t, list, counts[version])
	}
	require.Equal(t, 69, counts[eight])
}
