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
	packed, err := packWheel(ctx, env, filepath.Join(root, project), scratch, func(stage string) error {
		return packForRelease(ctx, root, env, filepath.Join(stage, "gocomm"))
	})
	if err != nil {
		return "", err
	}
	return place(root, packed, "gocomm-*.whl", start)
}

// place copies a packed file into dist, removes those of other versions, which match the pattern, and returns its path.
func place(root, packed, others string, start time.Time) (string, error) {
	name := filepath.Base(packed)
	path := filepath.Join(root, "dist", name)
	old, err := filepath.Glob(filepath.Join(root, "dist", others))
	if err != nil {
		return "", err
	}
	for _, other := range old {
		if other == path {
			continue
		}
		if err := os.Remove(other); err != nil {
			return "", err
		}
	}
	content, err := os.ReadFile(packed)
	if err != nil {
		return "", err
	}
	if _, err := writeIfChanged(path, content); err != nil {
		return "", err
	}
	say("dist/%s: %d KB in %s", name, len(content)/1000, took(start))
	return path, nil
}

// packWheel makes a wheel of a project in the folder to, and returns its path. prepare changes the copy that is packed.
func packWheel(ctx context.Context, env, project, to string, prepare func(stage string) error) (string, error) {
	scratch, err := os.MkdirTemp("", "gocomm-pack-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	// A stage of its own: what packs leaves nothing in what was built.
	stage, out := filepath.Join(scratch, "stage"), filepath.Join(scratch, "out")
	if err := os.CopyFS(stage, os.DirFS(project)); err != nil {
		return "", err
	}
	if err := prepare(stage); err != nil {
		return "", err
	}
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
		return "", fmt.Errorf("pip made %d wheels of %s, want one", len(wheels), project)
	}
	if err := os.CopyFS(to, os.DirFS(out)); err != nil {
		return "", err
	}
	return filepath.Join(to, wheels[0].Name()), nil
}
