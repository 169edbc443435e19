// Package delta describes a program by what is different in another one, which a page has already: a page that has
// loaded one Go program fetches another in half the bytes. web/runtime/delta.js is the other side.
//
// Two programs of one Go release have most functions in common, but the numbers in their instructions are shifted.
// So the new program is copied from the old one piece by piece, and the differences are added byte by byte; most are
// zero, and compress to nothing. This is Colin Percival's method ("Naive differences of executable code", 2003).
package delta

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A delta is a head of three lengths as unsigned LEB128 numbers: of the steps, of the differences, and of the new
// program; then the steps, the differences, and the bytes that are in no piece. A step is three numbers: how many bytes
// are copied, and how many come new after them, both unsigned, and where the copy begins, zigzag-encoded, counted from
// where the one before has ended.

// minGain is how many bytes more a piece from elsewhere has to match than the present one goes on to do.
const minGain = 8

// Make returns what Apply makes target of with base.
func Make(base, target []byte) []byte {
	x := newIndex(base)
	var steps, differences, fresh []byte
	ended := 0 // where the piece before has ended in base
	piece := func(from, shift, n, to int) {
		for i := from; i < from+n; i++ {
			differences = append(differences, target[i]-base[i+shift])
		}
		fresh = append(fresh, target[from+n:to]...)
		steps = binary.AppendUvarint(steps, uint64(n))
		steps = binary.AppendUvarint(steps, uint64(to-from-n))
		steps = binary.AppendVarint(steps, int64(from+shift-ended))
		ended = from + shift + n
	}
	from, shift := 0, 0 // the present piece: byte i of target is like byte i+shift of base
	for at := 0; ; {
		next, nextShift, n := x.next(target, at, shift)
		forward := 0
		if from < next {
			forward = worth(next-from, func(i int) bool { return from+shift+i < len(base) && target[from+i] == base[from+shift+i] })
			forward = min(forward, len(base)-from-shift)
		}
		if n == 0 {
			piece(from, shift, forward, len(target))
			break
		}
		back := worth(next-from-forward, func(i int) bool { return next+nextShift-1-i >= 0 && target[next-1-i] == base[next+nextShift-1-i] })
		back = min(back, next+nextShift)
		piece(from, shift, forward, next-back)
		from, shift, at = next-back, nextShift, next+n
	}
	out := binary.AppendUvarint(nil, uint64(len(steps)))
	out = binary.AppendUvarint(out, uint64(len(differences)))
	out = binary.AppendUvarint(out, uint64(len(target)))
	return append(append(append(out, steps...), differences...), fresh...)
}

// worth is how many of up to n bytes belong to a piece of which same tells whether byte i matches: more match than not.
func worth(n int, same func(i int) bool) int {
	score, best, length := 0, 0, 0
	for i := range n {
		if same(i) {
			score++
		} else {
			score--
		}
		if score > best {
			best, length = score, i+1
		}
	}
	return length
}

// Apply makes a program of another one and what Make returned. The error says that the two do not belong together, or
// that the delta is damaged; a damage that leaves the lengths as they are is not seen.
func Apply(base, delta []byte) ([]byte, error) {
	var lengths [3]int
	for i := range lengths {
		n, read := binary.Uvarint(delta)
		if read <= 0 || n > 1<<30 {
			return nil, errDamaged
		}
		lengths[i], delta = int(n), delta[read:]
	}
	if lengths[0]+lengths[1] > len(delta) {
		return nil, errDamaged
	}
	steps, differences, fresh := delta[:lengths[0]], delta[lengths[0]:lengths[0]+lengths[1]], delta[lengths[0]+lengths[1]:]
	var out []byte
	at := 0
	for len(steps) > 0 {
		copied, a := binary.Uvarint(steps)
		added, b := binary.Uvarint(steps[max(a, 0):])
		if a <= 0 || b <= 0 {
			return nil, errDamaged
		}
		moved, c := binary.Varint(steps[a+b:])
		if c <= 0 || copied > uint64(len(differences)) || added > uint64(len(fresh)) {
			return nil, errDamaged
		}
		steps = steps[a+b+c:]
		if moved < -int64(at) || moved > int64(len(base)-at) || copied > uint64(len(base)-at-int(moved)) {
			return nil, fmt.Errorf("delta: it is for another program than this one of %d bytes", len(base))
		}
		at += int(moved)
		for i, d := range differences[:copied] {
			out = append(out, base[at+i]+d)
		}
		out = append(out, fresh[:added]...)
		at += int(copied)
		differences, fresh = differences[copied:], fresh[added:]
	}
	if len(out) != lengths[2] {
		return nil, errDamaged
	}
	return out, nil
}

var errDamaged = errors.New("delta: it is damaged or cut off")
