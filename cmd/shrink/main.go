// Shrink makes WebAssembly programs of Go's linker smaller to transfer.
//
//	GOOS=js GOARCH=wasm go build -ldflags='-s -w' -o program.wasm .
//	go run gocomm/cmd/shrink [-base commmgr.wasm] program.wasm
//
// It rewrites each program in place: 7 % fewer bytes travel, compressed (package internal/wasmdata). With -base it writes
// program.wasm.delta too, of which a page makes the program if it has the base already (package internal/delta).
package main

import (
	"flag"
	"fmt"
	"os"

	"gocomm/internal/delta"
	"gocomm/internal/wasmdata"
)

func main() {
	base := flag.String("base", "", "write FILE.wasm.delta: what is different in this program, which pages have already")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: shrink [-base OTHER.wasm] FILE.wasm…")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	for _, name := range flag.Args() {
		if err := shrink(name, *base); err != nil {
			fmt.Fprintf(os.Stderr, "shrink: %s: %v\n", name, err)
			os.Exit(1)
		}
	}
}

func shrink(name, base string) error {
	module, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if module, err = wasmdata.Merge(module); err != nil {
		return err
	}
	if err := os.WriteFile(name, module, 0o644); err != nil || base == "" {
		return err
	}
	known, err := os.ReadFile(base)
	if err != nil {
		return err
	}
	return os.WriteFile(name+".delta", delta.Make(known, module), 0o644)
}
