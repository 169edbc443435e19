//go:build measure

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"gocomm/measure/bench/page"
)

// extensions lays out what the server offers as nbextensions: gocomm as built,
// and a folder bench with the pages' part of this program.
func extensions(root, dir string, programs *programs, wanted func(row string) bool) (string, error) {
	out := filepath.Join(dir, "nbextensions")
	built := filepath.Join(root, "dist", "nbextension", "gocomm")
	if _, err := os.Stat(filepath.Join(built, "main.js")); err != nil {
		return "", fmt.Errorf("the nbextension is not built (%w): run `make build`", err)
	}
	if err := os.CopyFS(filepath.Join(out, "gocomm"), os.DirFS(built)); err != nil {
		return "", err
	}
	bench := filepath.Join(out, "bench")
	if err := os.CopyFS(bench, page.Files); err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(out, "web"), os.DirFS(filepath.Join(root, "dist", "web"))); err != nil {
		return "", err
	}
	loader, err := os.ReadFile(filepath.Join(built, "commmgr.wasm.js"))
	if err != nil {
		return "", err
	}
	probe, err := os.ReadFile(filepath.Join(root, "dist", "web", "probe.wasm.gz"))
	if err != nil {
		return "", fmt.Errorf("the program for tests is not built (%w): run `make build`", err)
	}
	for name, content := range map[string][]byte{
		"empty.wasm.gz": programs.empty.gzip, "empty.wasm.js": loader, "probe.wasm.gz": probe, "probe.wasm.js": loader,
		"typed.wasm.gz": programs.typed.gzip, "typed.wasm.js": loader, "values.wasm.gz": programs.values.gzip, "values.wasm.js": loader,
		"sure.wasm.gz": programs.sure.gzip, "sure.wasm.js": loader,
	} {
		if err := os.WriteFile(filepath.Join(bench, name), content, 0o644); err != nil {
			return "", err
		}
	}
	if err := os.CopyFS(filepath.Join(dir, "labextensions", "gocomm"), os.DirFS(filepath.Join(root, "dist", "labextensions", "gocomm"))); err != nil {
		return "", err
	}
	return out, bundleLab(root, filepath.Join(bench, "lab.js"), wanted)
}
