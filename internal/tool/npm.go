package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// layOutNpm makes dist/npm, which the package for npm is packed from: the modules for pages of users' own, and the comm manager.
func layOutNpm(root, web string) (*tree, error) {
	t := &tree{dir: filepath.Join(root, "dist", "npm")}
	version, err := packageVersion(root)
	if err != nil {
		return nil, err
	}
	source := filepath.Join(root, "npm")
	description, err := os.ReadFile(filepath.Join(source, "package.json"))
	if err != nil {
		return nil, err
	}
	if err := t.write("package.json", []byte(strings.ReplaceAll(string(description), "$VERSION", version))); err != nil {
		return nil, err
	}
	for _, pattern := range []string{"*.js", "*.d.ts", "README.md"} {
		if err := t.copyAll(source, pattern); err != nil {
			return nil, err
		}
	}
	modules := []string{"gocomm", "kernel", "afm"}
	var names []string
	for _, module := range modules {
		names = append(names, module+".js")
		if err := t.copy(module+".d.ts", filepath.Join(root, "web", module+".d.ts")); err != nil {
			return nil, err
		}
	}
	bundled, err := bundleAll(filepath.Join(root, "web"), names...)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(bundled)) {
		if err := t.write(name, bundled[name]); err != nil {
			return nil, err
		}
	}
	for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
		if err := t.copy("commmgr"+suffix, filepath.Join(web, "commmgr"+suffix)); err != nil {
			return nil, err
		}
	}
	if err := t.copy("LICENSE", filepath.Join(root, "LICENSE")); err != nil {
		return nil, err
	}
	return t, t.prune()
}

// runNpm packs dist/npm into dist/gocomm-VERSION.tgz.
func runNpm(ctx context.Context, root string, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	if err := errors.Join(needs["node"](ctx), needs["npm"](ctx), requireBuilt(root, filepath.Join("dist", "npm", "package.json"))); err != nil {
		return err
	}
	start := time.Now()
	scratch, err := os.MkdirTemp("", "gocomm-npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	said, err := output(ctx, filepath.Join(root, "dist", "npm"), nil, "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", scratch)
	if err != nil {
		return err
	}
	packed, err := filepath.Glob(filepath.Join(scratch, "gocomm-*.tgz"))
	if err != nil {
		return err
	}
	if len(packed) != 1 {
		return fmt.Errorf("npm made %d packages, want one: %s", len(packed), said)
	}
	path, err := place(root, packed[0], "gocomm-*.tgz", start)
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}
