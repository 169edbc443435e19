package codec

import "unsafe"

// exactIntegers: on a page all that is read and sent is a value of JavaScript at some time.
const exactIntegers = false

// numeral refuses a number that a float64 is not exact for.
func (r *reader) numeral(n *node, _ unsafe.Pointer, s string) bool {
	if isInteger(n.kind) {
		return r.fail(n, "number "+s, ErrInexact)
	}
	return r.fail(n, "number", nil)
}
