package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// A program is a compiled module, and what it comes to compressed.
type program struct{ module, gzip, brotli []byte }

// programs are the drop-in, and the empty program that it is compared with.
type programs struct{ dropIn, empty program }

// loadPrograms reads the drop-in as built and compiles the empty program with
// the same flags. slow adds to the drop-in what cannot be compressed.
func loadPrograms(ctx context.Context, root, dir string, slow int) (*programs, error) {
	module, err := os.ReadFile(filepath.Join(root, "dist", "web", "commmgr.wasm"))
	if err != nil {
		return nil, fmt.Errorf("the drop-in is not built (%w): run `make build`", err)
	}
	out := filepath.Join(dir, "empty.wasm")
	if err := compile(ctx, root, "./internal/bench/empty", out, "-ldflags=-s -w"); err != nil {
		return nil, err
	}
	floor, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	p := &programs{}
	if p.empty, err = compressed(floor); err != nil {
		return nil, err
	}
	if p.dropIn, err = compressed(module); err != nil {
		return nil, err
	}
	if slow > 1 {
		noise := make([]byte, (slow-1)*len(p.dropIn.gzip))
		rand.Read(noise)
		p.dropIn, err = compressed(append(module, noise...))
	}
	return p, err
}

// compile builds a Go program as internal/tool does.
func compile(ctx context.Context, root, pkg, out, ldflags string) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", ldflags, "-o", out, pkg)
	c.Dir = root
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if said, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", pkg, err, said)
	}
	return nil
}

func compressed(module []byte) (program, error) {
	var z, b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		return program{}, err
	}
	bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{zw, bw} {
		if _, err := w.Write(module); err != nil {
			return program{}, err
		}
		if err := w.Close(); err != nil {
			return program{}, err
		}
	}
	return program{module, z.Bytes(), b.Bytes()}, nil
}
