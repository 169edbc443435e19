package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gocomm/internal/jupyter"
)

//go:embed page/*.js
var pageFiles embed.FS

// nodelay turns Nagle's algorithm off on the server's websockets: it would add
// some 40 ms to each round trip, on either side. For the bench only.
const nodelay = `
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

_open = KernelWebsocketHandler.open

def open(self, *args, **kwargs):
    self.set_nodelay(True)
    return _open(self, *args, **kwargs)

KernelWebsocketHandler.open = open
`

// extensions lays out what the server offers as nbextensions: gocomm as built,
// and a folder bench with the pages' part of this program.
func extensions(root, dir string, programs *programs) (string, error) {
	out := filepath.Join(dir, "nbextensions")
	built := filepath.Join(root, "dist", "nbextension", "gocomm")
	if _, err := os.Stat(filepath.Join(built, "main.js")); err != nil {
		return "", fmt.Errorf("the nbextension is not built (%w): run `make build`", err)
	}
	if err := os.CopyFS(filepath.Join(out, "gocomm"), os.DirFS(built)); err != nil {
		return "", err
	}
	page, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return "", err
	}
	bench := filepath.Join(out, "bench")
	if err := os.CopyFS(bench, page); err != nil {
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
	fetcher, err := os.ReadFile(filepath.Join(root, "dist", "web", "load.js"))
	if err != nil {
		return "", err
	}
	for name, content := range map[string][]byte{
		"fetch.js":      fetcher, // how gocomm.js fetches its programs
		"empty.wasm.gz": programs.empty.gzip, "empty.wasm.js": loader, "probe.wasm.gz": probe, "probe.wasm.js": loader,
	} {
		if err := os.WriteFile(filepath.Join(bench, name), content, 0o644); err != nil {
			return "", err
		}
	}
	return out, nil
}

// environment makes a stand-in for the host's Python environment whose server
// reads the bench's configuration.
func environment(root, dir string) (string, error) {
	env := filepath.Join(root, ".envs", string(jupyter.H1))
	server := filepath.Join(env, "bin", "jupyter-nbclassic")
	if _, err := os.Stat(server); err != nil {
		return "", fmt.Errorf("no Python environment for %s (%w): run `make bench`, or `go run ./internal/tool venv %[1]s`", jupyter.H1, err)
	}
	config := filepath.Join(dir, "nodelay.py")
	if err := os.WriteFile(config, []byte(nodelay), 0o644); err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "env", "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return "", err
	}
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' --config='%s' \"$@\"\n", server, config)
	return filepath.Dir(bin), os.WriteFile(filepath.Join(bin, "jupyter-nbclassic"), []byte(script), 0o755)
}
