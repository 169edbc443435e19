// Package wasmdata makes WebAssembly modules of Go's linker smaller to transfer.
package wasmdata

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
)

// A module's sections, as far as they matter here (WebAssembly core specification 2.0, 5.5).
const (
	header      = "\x00asm\x01\x00\x00\x00"
	dataSection = 11
	dataCount   = 12 // how many segments there are, for instructions that Go does not use
)

// The beginning of a segment that is copied to a fixed address at start: flags 0, i32.const.
const (
	active   = 0x00
	i32Const = 0x41
	end      = 0x0b
)

// longestGap is how many zeros between two segments are written out, in bytes: a segment's own beginning
// takes some 10 bytes, and zeros compress to nothing.
const longestGap = 4096

var errTruncated = errors.New("wasmdata: the module is truncated")

// Merge gives a module that does the same with few data segments. Go's linker begins a new segment
// at each run of zeros: some 28,000 for a small program, whose beginnings are 7 % of the compressed
// module. The module is returned as it is where it has no data, or where its segments are of another
// kind than Go's. The error says that it is no module.
func Merge(module []byte) ([]byte, error) {
	if len(module) < len(header) || string(module[:len(header)]) != header {
		return nil, errors.New("wasmdata: no WebAssembly module of version 1")
	}
	out := append(make([]byte, 0, len(module)), header...)
	for r := (reader{module[len(header):]}); len(r.b) > 0; {
		id, err := r.byte()
		if err != nil {
			return nil, err
		}
		body, err := r.bytes()
		if err != nil {
			return nil, err
		}
		if id == dataCount {
			return module, nil
		}
		if id == dataSection {
			merged, ok, err := merge(body)
			if err != nil {
				return nil, err
			}
			if !ok {
				return module, nil
			}
			body = merged
		}
		out = append(out, id)
		out = append(binary.AppendUvarint(out, uint64(len(body))), body...)
	}
	return out, nil
}

// A segment is data for an address in memory.
type segment struct {
	at   int64
	data []byte
}

func (s *segment) end() int64 { return s.at + int64(len(s.data)) }

// merge rewrites the data section's body. ok is false where it has a segment of another kind.
func merge(body []byte) (merged []byte, ok bool, err error) {
	r := reader{body}
	n, err := r.uint()
	if err != nil {
		return nil, false, err
	}
	var segments []segment
	for range n {
		flags, err := r.uint()
		if err != nil {
			return nil, false, err
		}
		op, err := r.byte()
		if err != nil {
			return nil, false, err
		}
		if flags != active || op != i32Const {
			return nil, false, nil
		}
		at, err := r.int()
		if err != nil {
			return nil, false, err
		}
		if op, err = r.byte(); err != nil || op != end {
			return nil, false, err
		}
		data, err := r.bytes()
		if err != nil {
			return nil, false, err
		}
		if at < 0 { // 2 GB and more
			return nil, false, nil
		}
		segments = append(segments, segment{at, data})
	}
	slices.SortFunc(segments, func(a, b segment) int { return cmp.Compare(a.at, b.at) })
	joined := segments[:0]
	for _, s := range segments {
		last := len(joined) - 1
		switch {
		case last < 0 || s.at-joined[last].end() > longestGap:
			joined = append(joined, segment{s.at, slices.Clone(s.data)})
		case s.at < joined[last].end(): // they overlap, so that their order counts
			return nil, false, nil
		default:
			j := &joined[last]
			j.data = append(append(j.data, make([]byte, s.at-j.end())...), s.data...)
		}
	}
	merged = binary.AppendUvarint(nil, uint64(len(joined)))
	for _, s := range joined {
		merged = appendInt(append(merged, active, i32Const), s.at)
		merged = binary.AppendUvarint(append(merged, end), uint64(len(s.data)))
		merged = append(merged, s.data...)
	}
	return merged, true, nil
}

// A reader reads a module's parts.
type reader struct{ b []byte }

func (r *reader) byte() (byte, error) {
	if len(r.b) == 0 {
		return 0, errTruncated
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c, nil
}

// uint reads an unsigned LEB128 number.
func (r *reader) uint() (uint64, error) {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		return 0, errTruncated
	}
	r.b = r.b[n:]
	return v, nil
}

// int reads a signed LEB128 number of 32 bits.
func (r *reader) int() (v int64, err error) {
	for shift := 0; shift < 35; shift += 7 {
		c, err := r.byte()
		if err != nil {
			return 0, err
		}
		v |= int64(c&0x7f) << shift
		if c < 0x80 {
			if c&0x40 != 0 {
				v |= -1 << (shift + 7)
			}
			return v, nil
		}
	}
	return 0, errors.New("wasmdata: a number of more than 32 bits")
}

// bytes reads a length and as many bytes.
func (r *reader) bytes() ([]byte, error) {
	n, err := r.uint()
	if err != nil || n > uint64(len(r.b)) {
		return nil, errTruncated
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b, nil
}

// appendInt writes a signed LEB128 number.
func appendInt(b []byte, v int64) []byte {
	for v < -0x40 || v > 0x3f {
		b = append(b, byte(v)&0x7f|0x80)
		v >>= 7
	}
	return append(b, byte(v)&0x7f)
}
