//go:build !js

package codec

import (
	"strconv"
	"unsafe"
)

// exactIntegers tells that integers of 64 bits travel as they are.
const exactIntegers = true

// numeral reads a number that a float64 is not exact for.
func (r *reader) numeral(n *node, p unsafe.Pointer, s string) bool {
	switch {
	case isUnsigned(n.kind):
		if u, err := strconv.ParseUint(s, 10, 64); err == nil && n.size == 8 {
			*(*uint64)(p) = u
			return true
		}
	case isInteger(n.kind):
		if i, err := strconv.ParseInt(s, 10, 64); err == nil && n.size == 8 {
			*(*int64)(p) = i
			return true
		}
	default:
		return r.fail(n, "number", nil)
	}
	return r.fail(n, "number "+s, nil)
}
