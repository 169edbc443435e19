package main

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wheelOf writes a wheel with these lines in its METADATA and with these files.
func wheelOf(t *testing.T, dir, name string, metadata []string, files ...string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, name+"-1.0-py3-none-any.whl"))
	require.NoError(t, err)
	z := zip.NewWriter(f)
	w, err := z.Create(name + "-1.0.dist-info/METADATA")
	require.NoError(t, err)
	_, err = w.Write([]byte("Metadata-Version: 2.1\nName: " + name + "\nVersion: 1.0\n" + strings.Join(metadata, "\n") + "\n\nRequires-Dist: the description\n"))
	require.NoError(t, err)
	for _, file := range files {
		_, err := z.Create(file)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
}

func TestLockWheels(t *testing.T) {
	dir := t.TempDir()
	wheelOf(t, dir, "Top_Level", []string{
		`Requires-Dist: middle.one[Fast]>=1,<2`,
		`Requires-Dist: absent; sys_platform == "win32"`,
		`Requires-Dist: missing; extra == "test"`,
		`Requires-Dist: single (>=2); python_version < "3.11"`,
	}, "top/__init__.py", "top/inner/__init__.py", "top/a.py")
	wheelOf(t, dir, "middle_one", []string{
		`Requires-Dist: single ; extra == 'fast'`,
		`Requires-Dist: top-level; extra == 'docs'`,
		`Requires-Dist: middle-one[docs]; extra == 'all'`,
	}, "middle/__init__.py")
	wheelOf(t, dir, "single", nil, "single.py")
	require.NoError(t, lockWheels(dir, json.RawMessage(`{"python": "3.14"}`)))

	text, err := os.ReadFile(filepath.Join(dir, "pyodide-lock.json"))
	require.NoError(t, err)
	var lock struct {
		Info     map[string]string
		Packages map[string]lockedWheel
	}
	require.NoError(t, json.Unmarshal(text, &lock))
	require.Equal(t, "3.14", lock.Info["python"])
	require.Len(t, lock.Packages, 3)
	top := lock.Packages["top-level"]
	require.Equal(t, "Top_Level-1.0-py3-none-any.whl", top.FileName)
	require.Equal(t, []string{"top"}, top.Imports)
	require.Equal(t, []string{"middle-one", "single"}, top.Depends)
	require.Len(t, top.SHA256, 64)
	require.Equal(t, []string{"single"}, lock.Packages["middle-one"].Depends, "the extra that is wanted, not the other")
	require.Equal(t, []string{"single"}, lock.Packages["single"].Imports)
}

func TestLockWheelsRefuses(t *testing.T) {
	lock := func(wheels map[string][]string) error {
		dir := t.TempDir()
		for name, requires := range wheels {
			wheelOf(t, dir, name, requires)
		}
		return lockWheels(dir, json.RawMessage(`{}`))
	}
	require.ErrorContains(t, lock(map[string][]string{"a": {"Requires-Dist: b>=2"}}), "a-1.0-py3-none-any.whl needs b")
	require.ErrorContains(t, lock(map[string][]string{"a": {"Requires-Dist: b[x]"}, "b": {"Requires-Dist: c; extra == 'x'"}}), "needs c")
	require.ErrorContains(t, lock(map[string][]string{"a": {"Requires-Dist: b"}, "b": {"Requires-Dist: a"}}), "packages need each other: a, b, a")
	require.ErrorContains(t, lock(map[string][]string{"a": {"Requires-Dist: ???"}}), "cannot be read")

	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "numpy-2.0-cp314-cp314-linux_x86_64.whl"), nil, 0o644))
	require.ErrorContains(t, lockWheels(dir, nil), "not pure Python")
}
