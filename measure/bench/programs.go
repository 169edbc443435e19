//go:build measure

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/andybalholm/brotli"

	"gocomm/internal/wasmdata"
)

// A program is a compiled module, and what it comes to compressed.
type program struct{ module, gzip, brotli []byte }

// programs are the drop-in, compressed as it is shipped, the empty program that sizes are compared with, the
// programs with typed handlers, and the widget's of examples/counter.
type programs struct {
	dropIn, empty, typed, answers, values, sure, counter program
	counterDelta                                         []byte // what is different in the counter from the drop-in
}

// loadPrograms reads the drop-in and the counter as built and compiles the others with
// the same flags. slow adds to those whose size is a row what cannot be compressed.
func loadPrograms(ctx context.Context, root, dir string, slow int) (*programs, error) {
	p := &programs{}
	for name, to := range map[string]*program{"commmgr": &p.dropIn, "counter": &p.counter} {
		module, err := os.ReadFile(filepath.Join(root, "dist", "web", name+".wasm"))
		if err != nil {
			return nil, fmt.Errorf("%s.wasm is not built (%w): run `make build`", name, err)
		}
		if *to, err = compressed(module); err != nil {
			return nil, err
		}
	}
	for name, to := range map[string]*[]byte{
		"release/commmgr.wasm.gz": &p.dropIn.gzip, "release/commmgr.wasm.br": &p.dropIn.brotli, "widgets/counter.wasm.delta": &p.counterDelta,
	} {
		var err error
		if *to, err = os.ReadFile(filepath.Join(root, "dist", filepath.FromSlash(name))); err != nil {
			return nil, fmt.Errorf("%w: run `make wheel`", err)
		}
	}
	for name, to := range map[string]*program{"empty": &p.empty, "typed": &p.typed, "answers": &p.answers, "values": &p.values, "sure": &p.sure} {
		out := filepath.Join(dir, name+".wasm")
		if err := compile(ctx, root, "./measure/bench/"+name, out, "-ldflags=-s -w"); err != nil {
			return nil, err
		}
		module, err := os.ReadFile(out)
		if err != nil {
			return nil, err
		}
		if name != "empty" { // that is what Go alone makes
			if module, err = wasmdata.Merge(module); err != nil {
				return nil, err
			}
		}
		if *to, err = compressed(module); err != nil {
			return nil, err
		}
	}
	if slow == 1 {
		return p, nil
	}
	for _, larger := range []*program{&p.dropIn, &p.typed, &p.answers, &p.counter} {
		noise := make([]byte, (slow-1)*len(larger.gzip))
		rand.Read(noise)
		custom := append(binary.AppendUvarint([]byte{0}, uint64(len(noise)+1)), 0) // a section without a name
		var err error
		if *larger, err = compressed(slices.Concat(larger.module, custom, noise)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// compile builds a Go program with the flags of internal/tool.
func compile(ctx context.Context, root, pkg, out, ldflags string) error {
	c := exec.CommandContext(ctx, "go", "build", "-tags=measure", "-trimpath", "-buildvcs=false", ldflags, "-o", out, pkg)
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
