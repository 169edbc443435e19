package main

import (
	"context"
	"os"
	"path/filepath"
)

// repack is run beside gocomm/_packing.py: it makes a smaller gzip file of one, and a brotli file, as `python -m gocomm build` does of
// users' programs.
const repack = `
import gzip, pathlib, sys
from _packing import brotlied, gzipped
source, to = map(pathlib.Path, sys.argv[1:])
program = gzip.decompress(source.read_bytes())
to.with_suffix(".br").write_bytes(brotlied(program))
to.write_bytes(gzipped(program))
`

// packForRelease gives the Python package that is about to be packed the drop-in in its smallest forms: each classic page fetches it.
// They take some ten seconds to make, and are kept in dist/release.
func packForRelease(ctx context.Context, root, env, pkg string) error {
	program, kept := filepath.Join(pkg, "static", "commmgr.wasm.gz"), filepath.Join(root, "dist", "release", "commmgr.wasm.gz")
	fast, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	if small, err := os.ReadFile(kept); err != nil || endOf(small) != endOf(fast) {
		if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
			return err
		}
		if _, err := output(ctx, "", []string{"PYTHONPATH=" + pkg}, filepath.Join(env, "bin", "python"), "-c", repack, program, kept); err != nil {
			return err
		}
	}
	for _, name := range []string{"commmgr.wasm.gz", "commmgr.wasm.br"} {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(kept), name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(program), name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
