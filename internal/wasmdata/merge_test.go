package wasmdata

import (
	"encoding/binary"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// module makes a module of sections.
func module(sections ...[]byte) []byte {
	out := []byte(header)
	for _, s := range sections {
		out = append(binary.AppendUvarint(append(out, s[0]), uint64(len(s)-1)), s[1:]...)
	}
	return out
}

// data makes a data section.
func data(segments ...segment) []byte {
	out := []byte{dataSection, byte(len(segments))}
	for _, s := range segments {
		out = append(appendInt(append(out, active, i32Const), s.at), end)
		out = append(binary.AppendUvarint(out, uint64(len(s.data))), s.data...)
	}
	return out
}

var custom = []byte{0, 1, 'x', 'y'}

func TestMerge(t *testing.T) {
	before := module(custom, data(
		segment{4100, []byte("c")}, segment{4096, []byte("ab")}, segment{4101, []byte("d")},
		segment{70000, []byte("far")}, segment{70003 + longestGap, []byte("near")},
	), custom)
	near := append(append([]byte("far"), make([]byte, longestGap)...), "near"...)
	after, err := Merge(before)
	require.NoError(t, err)
	require.Equal(t, module(custom, data(segment{4096, []byte("ab\x00\x00cd")}, segment{70000, near}), custom), after)
}

// What is not Go's stays as it is.
func TestMergeLeavesOthers(t *testing.T) {
	for name, m := range map[string][]byte{
		"no data":      module(custom),
		"passive":      module([]byte{dataSection, 1, 1, 1, 'a'}),
		"a global":     module([]byte{dataSection, 1, active, 0x23, 0, end, 1, 'a'}),
		"overlapping":  module(data(segment{10, []byte("abc")}, segment{12, []byte("d")})),
		"from 2 GB on": module(data(segment{-8, []byte("abc")})),
		"counted":      module([]byte{dataCount, 1}, data(segment{10, []byte("abc")})),
	} {
		after, err := Merge(m)
		require.NoError(t, err, name)
		require.Equal(t, m, after, name)
	}
}

func TestMergeOfNoModule(t *testing.T) {
	whole := module(custom, data(segment{4096, []byte("ab")}))
	cut := map[string][]byte{"empty": nil, "text": []byte("#!/bin/sh not a module")}
	for i := len(header) + 1; i < len(whole); i++ {
		if i != len(header)+2+len(custom)-1 { // the end of a section
			cut[string(rune('a'+i))] = whole[:i]
		}
	}
	for name, m := range cut {
		_, err := Merge(m)
		require.Error(t, err, name)
	}
}

// The memory that a program of Go's linker begins with is the same, of a hundredth of the segments.
func TestMergeOfGo(t *testing.T) {
	dir := t.TempDir()
	main, out := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.wasm")
	require.NoError(t, os.WriteFile(main, []byte("package main\n\nfunc main() { println(1) }\n"), 0o644))
	c := exec.Command("go", "build", "-o", out, main)
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	msg, err := c.CombinedOutput()
	require.NoError(t, err, string(msg))
	before, err := os.ReadFile(out)
	require.NoError(t, err)
	after, err := Merge(before)
	require.NoError(t, err)
	was, segments := memory(t, before)
	is, merged := memory(t, after)
	require.True(t, maps.Equal(was, is), "the memory differs")
	require.Less(t, merged, segments/100)
	again, err := Merge(after)
	require.NoError(t, err)
	require.Equal(t, after, again)
}

// memory gives the bytes that are not 0, by address, and the number of segments.
func memory(t *testing.T, module []byte) (bytes map[int64]byte, segments int) {
	bytes = map[int64]byte{}
	r := reader{module[len(header):]}
	for len(r.b) > 0 {
		id, err := r.byte()
		require.NoError(t, err)
		body, err := r.bytes()
		require.NoError(t, err)
		if id != dataSection {
			continue
		}
		d := reader{body}
		n, err := d.uint()
		require.NoError(t, err)
		for range n {
			_, _ = d.uint()
			_, _ = d.byte()
			at, err := d.int()
			require.NoError(t, err)
			_, _ = d.byte()
			data, err := d.bytes()
			require.NoError(t, err)
			for i, c := range data {
				if c != 0 {
					bytes[at+int64(i)] = c
				}
			}
		}
		segments = int(n)
	}
	return bytes, segments
}
