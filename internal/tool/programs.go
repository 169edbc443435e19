package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gocomm/internal/delta"
	"gocomm/internal/wasmdata"
)

// buildPrograms compiles every folder of wasm/, and of examples/, that holds Go files for a page, and returns the programs' names.
func buildPrograms(ctx context.Context, root string, web *tree) ([]string, error) {
	loader, err := wasmExecModule(ctx, root)
	if err != nil {
		return nil, err
	}
	sources, err := filepath.Glob(filepath.Join(root, "wasm", "*", "*.go"))
	if err != nil {
		return nil, err
	}
	examples, err := filepath.Glob(filepath.Join(root, "examples", "*", "*_js.go"))
	if err != nil {
		return nil, err
	}
	var programs []string
	for _, source := range append(sources, examples...) {
		name := filepath.Base(filepath.Dir(source))
		if n := len(programs); n > 0 && programs[n-1] == name {
			continue
		}
		if slices.Contains(programs, name) {
			return nil, fmt.Errorf("there are two programs called %s: one in wasm, one in examples", name)
		}
		programs = append(programs, name)
		if err := buildProgram(ctx, root, web, filepath.Dir(source)); err != nil {
			return nil, err
		}
		if err := web.write(name+".wasm.js", loader); err != nil {
			return nil, err
		}
	}
	if len(programs) == 0 {
		return nil, fmt.Errorf("no program in %s", filepath.Join(root, "wasm"))
	}
	return programs, nil
}

func buildProgram(ctx context.Context, root string, web *tree, dir string) error {
	name := filepath.Base(dir)
	start, changed := time.Now(), web.changed
	scratch, err := os.MkdirTemp("", "gocomm-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	// Never onto the old file: Go links anew each time, and the file's time would move.
	out := filepath.Join(scratch, name+".wasm")
	_, err = output(ctx, root, []string{"GOOS=js", "GOARCH=wasm"}, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, dir)
	if err != nil {
		return err
	}
	module, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if module, err = wasmdata.Merge(module); err != nil {
		return fmt.Errorf("%s is no program (its package must be main): %w", dir, err)
	}
	if err := web.write(name+".wasm", module); err != nil {
		return err
	}
	packed, err := os.ReadFile(filepath.Join(web.dir, name+".wasm.gz"))
	if err != nil || !packs(packed, module) {
		if packed, err = pack(module); err != nil {
			return err
		}
	}
	if err := web.write(name+".wasm.gz", packed); err != nil {
		return err
	}
	state := "changed"
	if web.changed == changed {
		state = "up to date"
	}
	say("%-11s %5d KB, gzip %4d KB  %s in %s", name, len(module)/1000, len(packed)/1000, state, took(start))
	return nil
}

// writeDelta writes NAME.wasm.delta: what is different in a program from the drop-in, which classic pages have. Python's
// gocomm/_packing.py does the same for users' programs.
func (t *tree) writeDelta(web, name string) error {
	base, err := os.ReadFile(filepath.Join(web, "commmgr.wasm"))
	if err != nil {
		return err
	}
	module, err := os.ReadFile(filepath.Join(web, name+".wasm"))
	if err != nil {
		return err
	}
	packed, err := pack(delta.Make(base, module))
	if err != nil {
		return err
	}
	return t.write(name+".wasm.delta", append([]byte(gzipEnd(base)), packed...))
}

func pack(module []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(module); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// packs tells whether a gzip file holds the module.
func packs(packed, module []byte) bool { return len(packed) > 18 && endOf(packed) == gzipEnd(module) }

// endOf is the end of a gzip file.
func endOf(packed []byte) string { return string(packed[max(len(packed)-8, 0):]) }

// gzipEnd is what a gzip file that holds the module ends with: its checksum and its length.
func gzipEnd(module []byte) string {
	end := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(module))
	return string(binary.LittleEndian.AppendUint32(end, uint32(len(module))))
}
