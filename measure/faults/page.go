//go:build measure

package main

import (
	"encoding/json"
	"fmt"
	"time"

	"gocomm/e2e/browse"
)

const (
	soon = 30 * time.Second
	long = 10 * time.Minute // for what a page's script does in one go
)

// call calls a function of a module in page/, and gives what it resolves to.
func call[T any](p *browse.Page, module, function string, args any) (T, error) {
	text, err := json.Marshal(args)
	if err != nil {
		panic(err) // numbers and strings have JSON
	}
	return browse.EvalTimeout[T](p, fmt.Sprintf("import('/nbextensions/faults/%s.js').then((m) => m.%s(%s))", module, function, text), long)
}

// begin is call, for what it begins: other calls are made meanwhile.
func begin(p *browse.Page, module, function string, args any) error {
	_, err := call[browse.Void](p, module, function, args)
	return err
}

// python runs code in a new cell, and gives what it prints.
func python(p *browse.Page, code string) (string, error) {
	cell, err := p.AddCells(code)
	if err != nil {
		return "", err
	}
	if err := p.RunCellWait(cell); err != nil {
		return "", err
	}
	return p.CellOutput(cell)
}

// told is python for code that prints JSON.
func told[T any](p *browse.Page, code string) (v T, err error) {
	out, err := python(p, code)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		return v, fmt.Errorf("faults: the kernel has printed %q: %w", out, err)
	}
	return v, nil
}

// until asks again and again, until the answer is as wanted or no time is left; the last answer counts.
func until[T any](limit time.Duration, ask func() (T, error), wanted func(T) bool) (T, error) {
	for deadline := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		v, err := ask()
		if err != nil || wanted(v) || time.Now().After(deadline) {
			return v, err
		}
	}
}
