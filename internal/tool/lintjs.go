package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// javaScriptTools installs what checks and tests the repository's JavaScript, and returns its folder.
func javaScriptTools(ctx context.Context, root string) (string, error) {
	dir := filepath.Join(root, "internal", "js")
	if err := errors.Join(needs["node"](ctx), needs["npm"](ctx)); err != nil {
		return "", err
	}
	return dir, installNodeModules(ctx, dir, "what checks and tests JavaScript: half a minute")
}

// lintJavaScript has TypeScript check the repository's JavaScript, by internal/js/tsconfig.json.
func lintJavaScript(ctx context.Context, root string) error {
	tools, err := javaScriptTools(ctx, root)
	if err != nil {
		return err
	}
	files, err := filesBelow(root, ".js", "web", "nbextension", "internal/js/test", "examples/react/tasks/page")
	if err != nil {
		return err
	}
	types, err := filesBelow(root, ".d.ts", "web", "examples")
	if err != nil {
		return err
	}
	files = append(append(files, types...), "internal/js/globals.d.ts")
	// Listed one by one: a pattern would drop gocomm.js in favour of the gocomm.d.ts beside it.
	for i, name := range files {
		files[i] = filepath.Join(root, name)
	}
	config, err := json.Marshal(map[string]any{"extends": filepath.Join(tools, "tsconfig.json"), "files": files})
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "gocomm-lint-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	project := filepath.Join(scratch, "tsconfig.json")
	if err := os.WriteFile(project, config, 0o644); err != nil {
		return err
	}
	_, err = output(ctx, root, nil, "node", filepath.Join(tools, "node_modules", "typescript", "bin", "tsc"), "--project", project, "--pretty", "false")
	return err
}

// lintESLint runs ESLint by internal/js/eslint.config.mjs: among others, no file of web imports itself by way of others.
func lintESLint(ctx context.Context, root string) error {
	tools, err := javaScriptTools(ctx, root)
	if err != nil {
		return err
	}
	_, err = output(ctx, root, nil, "node", filepath.Join(tools, "node_modules", "eslint", "bin", "eslint.js"),
		"--config", filepath.Join(tools, "eslint.config.mjs"), "--max-warnings=0", ".")
	return err
}

// installNodeModules installs what package-lock.json pins, unless that is there already.
func installNodeModules(ctx context.Context, dir, what string) error {
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(lock)
	stamp, want := filepath.Join(dir, "node_modules", "gocomm.stamp"), hex.EncodeToString(sum[:])
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		return nil
	}
	say("installing %s, once", what)
	if _, err := output(ctx, dir, nil, "npm", "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
		return err
	}
	// Some of them carry Go files.
	if err := fenceOff(filepath.Join(dir, "node_modules")); err != nil {
		return err
	}
	return os.WriteFile(stamp, []byte(want), 0o644)
}

// filesBelow lists the files of some folders by the end of their names, relative to the root; node_modules and __pycache__ are
// left out, and a folder that is not there counts as empty.
func filesBelow(root, suffix string, folders ...string) ([]string, error) {
	var found []string
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "__pycache__"):
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, suffix):
				return nil
			}
			name, err := filepath.Rel(root, path)
			found = append(found, filepath.ToSlash(name))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
