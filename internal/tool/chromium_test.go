package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHeadlessShell finds the browser that make test runs in.
func TestHeadlessShell(t *testing.T) {
	dir := t.TempDir()
	browser := func(name, script string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755))
		return path
	}
	t.Setenv("PATH", dir) // without apt-get
	t.Setenv("CHROMIUM", "")

	whole := browser("chromium", "exit 0")
	_, err := headlessShell(t.Context())
	require.ErrorIs(t, err, errNoChromium, "the whole Chromium is none")

	browser("chromium-headless-shell", "exit 1")
	_, err = headlessShell(t.Context())
	require.ErrorContains(t, err, "that runs")

	shell := browser("chrome-headless-shell", "exit 0")
	path, err := headlessShell(t.Context())
	require.NoError(t, err)
	require.Equal(t, shell, path)
	path, err = findChromium(t.Context())
	require.NoError(t, err)
	require.Equal(t, whole, path)

	t.Setenv("CHROMIUM", whole)
	path, err = headlessShell(t.Context())
	require.NoError(t, err)
	require.Equal(t, whole, path, "which the user names")
}
