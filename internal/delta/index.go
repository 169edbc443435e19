package delta

import "encoding/binary"

// An index finds places in a program by the eight bytes there.
type index struct {
	base []byte
	// The last place of each hash, and the one before each place; -1 is none.
	last, before []int32
}

const (
	window   = 8
	hashBits = 20
	// How many places with one hash are looked at: zeros are in very many.
	maxLooks = 64
)

func hash(b []byte) uint64 {
	return binary.LittleEndian.Uint64(b) * 0x9E3779B97F4A7C15 >> (64 - hashBits)
}

func newIndex(base []byte) *index {
	x := &index{base, make([]int32, 1<<hashBits), make([]int32, len(base))}
	for i := range x.last {
		x.last[i] = -1
	}
	for i := 0; i+window <= len(base); i++ {
		h := hash(base[i:])
		x.before[i], x.last[h] = x.last[h], int32(i)
	}
	return x
}

// longest finds the longest match for the beginning of b; of equal ones that nearest to a place.
func (x *index) longest(b []byte, near int) (at, length int) {
	if len(b) < window {
		return 0, 0
	}
	for p, looks := x.last[hash(b)], 0; p >= 0 && looks < maxLooks; p, looks = x.before[p], looks+1 {
		place := int(p)
		n := common(x.base[place:], b)
		if n > length || n == length && distance(place, near) < distance(at, near) {
			at, length = place, n
		}
	}
	return at, length
}

// next finds, from a place in target on, where another piece of base matches clearly better than the one that goes on
// with shift. n is how many bytes match there, 0 at the end of target.
func (x *index) next(target []byte, from, shift int) (at, nextShift, n int) {
	for at = from; at < len(target); {
		place, n := x.longest(target[at:], at+shift)
		as := 0
		for i := at; i < at+n; i++ {
			if o := i + shift; o >= 0 && o < len(x.base) && x.base[o] == target[i] {
				as++
			}
		}
		switch {
		case n > as+minGain:
			return at, place - at, n
		case n > 0 && n == as:
			at += n
		default:
			at++
		}
	}
	return at, 0, 0
}

func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func distance(a, b int) int { return max(a-b, b-a) }
