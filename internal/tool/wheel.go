package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// runWheel packs dist/python into dist/gocomm-VERSION-py3-none-any.whl.
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
	project := filepath.Join("dist", "python")
	if err := requireBuilt(root, filepath.Join(project, "pyproject.toml")); err != nil {
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
	// A stage of its own: what packs leaves nothing in what was built.
	stage := filepath.Join(scratch, "stage")
	if err := os.CopyFS(stage, os.DirFS(filepath.Join(root, project))); err != nil {
		return "", err
	}
	if err := packForRelease(ctx, root, env, filepath.Join(stage, "gocomm")); err != nil {
		return "", err
	}
	out := filepath.Join(scratch, "out")
	_, err = output(ctx, scratch, []string{"PYTHONPATH=", "SOURCE_DATE_EPOCH=1580601600"}, filepath.Join(env, "bin", "python"),
		"-m", "pip", "wheel", "--disable-pip-version-check", "--no-input", "--no-index", "--no-deps", "--no-build-isolation", "-w", out, stage)
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
