package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// tree is a folder that is built: an unchanged file keeps its time, and files that are no longer written are removed.
type tree struct {
	dir     string
	written []string
	changed int
}

func (t *tree) write(name string, content []byte) error {
	t.written = append(t.written, name)
	changed, err := writeIfChanged(filepath.Join(t.dir, name), content)
	if changed {
		t.changed++
	}
	return err
}

func (t *tree) copy(name, from string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return t.write(name, content)
}

// copyAll copies the files of a folder whose names match.
func (t *tree) copyAll(dir, pattern string) error {
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return err
	}
	for _, from := range found {
		if err := t.copy(filepath.Base(from), from); err != nil {
			return err
		}
	}
	return nil
}

// prune removes the files that this build did not write, such as a renamed program's.
func (t *tree) prune() error {
	return filepath.WalkDir(t.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(t.dir, path)
		if err != nil || slices.Contains(t.written, filepath.ToSlash(name)) {
			return err
		}
		t.changed++
		return os.Remove(path)
	})
}

func writeIfChanged(path string, content []byte) (changed bool, err error) {
	old, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(old, content):
		return false, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, err
	}
	// Written aside and renamed: a server that serves the folder never sees half a file.
	part := path + ".part"
	if err := os.WriteFile(part, content, 0o644); err != nil {
		return false, err
	}
	return true, os.Rename(part, path)
}
