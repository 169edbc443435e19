// Mergedata makes WebAssembly modules of Go's linker smaller: 7 % fewer bytes travel, compressed.
//
//	GOOS=js GOARCH=wasm go build -ldflags='-s -w' -o program.wasm .
//	go run gocomm/cmd/mergedata program.wasm
//
// It rewrites each file in place. See package internal/wasmdata for what it does.
package main

import (
	"fmt"
	"os"

	"gocomm/internal/wasmdata"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: mergedata FILE.wasm…")
		os.Exit(2)
	}
	for _, name := range os.Args[1:] {
		if err := merge(name); err != nil {
			fmt.Fprintf(os.Stderr, "mergedata: %s: %v\n", name, err)
			os.Exit(1)
		}
	}
}

func merge(name string) error {
	module, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	merged, err := wasmdata.Merge(module)
	if err != nil {
		return err
	}
	return os.WriteFile(name, merged, 0o644)
}
