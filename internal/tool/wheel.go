package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// runWheel packs the built nbextension and its Python package into dist/gocomm-VERSION-py3-none-any.whl.
func runWheel(ctx context.Context, root string, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	path, err := buildWheel(ctx, root)
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}

func buildWheel(ctx context.Context, root string) (string, error) {
	built := filepath.Join("dist", "nbextension", "gocomm")
	if err := requireBuilt(root, filepath.Join(built, "main.js")); err != nil {
		return "", err
	}
	env, err := ensureVenv(ctx, root, "wheel", packPins, "about 10 s")
	if err != nil {
		return "", err
	}
	start := time.Now()
	scratch, err := os.MkdirTemp("", "gocomm-wheel-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	// A stage of its own: the files come from two folders, and hatchling leaves nothing in the sources.
	stage := &tree{dir: filepath.Join(scratch, "stage")}
	source := filepath.Join(root, "nbextension")
	for _, name := range []string{"pyproject.toml", "README.md", "gocomm.json", "gocomm/__init__.py"} {
		if err := stage.copy(name, filepath.Join(source, filepath.FromSlash(name))); err != nil {
			return "", err
		}
	}
	if err := os.CopyFS(filepath.Join(stage.dir, "gocomm", "static"), os.DirFS(filepath.Join(root, built))); err != nil {
		return "", err
	}
	out := filepath.Join(scratch, "out")
	_, err = output(ctx, scratch, []string{"PYTHONPATH=", "SOURCE_DATE_EPOCH=1580601600"}, filepath.Join(env, "bin", "python"),
		"-m", "pip", "wheel", "--disable-pip-version-check", "--no-input", "--no-index", "--no-deps", "--no-build-isolation", "-w", out, stage.dir)
	if err != nil {
		return "", err
	}
	wheels, err := os.ReadDir(out)
	if err != nil {
		return "", err
	}
	if len(wheels) != 1 {
		return "", fmt.Errorf("pip made %d wheels, want one", len(wheels))
	}
	wheel := wheels[0].Name()
	old, err := filepath.Glob(filepath.Join(root, "dist", "gocomm-*.whl"))
	if err != nil {
		return "", err
	}
	for _, path := range old {
		if filepath.Base(path) == wheel {
			continue
		}
		if err := os.Remove(path); err != nil {
			return "", err
		}
	}
	content, err := os.ReadFile(filepath.Join(out, wheel))
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, "dist", wheel)
	if _, err := writeIfChanged(path, content); err != nil {
		return "", err
	}
	say("dist/%s: %d KB in %s", wheel, len(content)/1000, took(start))
	return path, nil
}
