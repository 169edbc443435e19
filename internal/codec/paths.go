package codec

import "strconv"

// pathsName is the member of a message's data that tells where its binary buffers
// belong (Jupyter widgets 2.1).
const pathsName = "buffer_paths"

// A tree has the places of binary buffers in a value. It may be nil.
type tree struct {
	buffer int // the one that is the value itself, or -1
	names  []string
	index  []bool // the name is an element's, not a member's
	below  []*tree
}

// parsePaths reads "buffer_paths", and tells how many there are.
func parsePaths(text []byte) (root *tree, n int, err error) {
	root = &tree{buffer: -1}
	err = Elements(text, func(i int, path []byte) error {
		at := root
		n++
		err := Elements(path, func(_ int, step []byte) error {
			name, index := string(step), step[0] != '"'
			if !index {
				name, _ = Text(step)
			} else if step[0] < '0' || step[0] > '9' {
				return errPlace
			}
			at = at.add(name, index)
			return nil
		})
		at.buffer = i
		return err
	})
	return root, n, err
}

func (t *tree) add(name string, index bool) *tree {
	for i := range t.names {
		if t.names[i] == name && t.index[i] == index {
			return t.below[i]
		}
	}
	below := &tree{buffer: -1}
	t.names, t.index, t.below = append(t.names, name), append(t.index, index), append(t.below, below)
	return below
}

func (t *tree) len() int {
	if t == nil {
		return 0
	}
	return len(t.names)
}

// member gives what is below a name, and notes that it was seen.
//
//go:noinline
func (t *tree) member(name []byte, seen []bool) *tree {
	for i := range t.len() {
		if !t.index[i] && t.names[i] == string(name) {
			seen[i] = true
			return t.below[i]
		}
	}
	return nil
}

// element gives what is below an index.
//
//go:noinline
func (t *tree) element(n int) *tree {
	for i := range t.len() {
		if t.index[i] && t.names[i] == strconv.Itoa(n) {
			return t.below[i]
		}
	}
	return nil
}

// within tells whether all below are elements of a list of n.
//
//go:noinline
func (t *tree) within(n int) bool {
	for i := range t.len() {
		if at, err := strconv.Atoi(t.names[i]); err != nil || !t.index[i] || at >= n {
			return false
		}
	}
	return true
}

// others calls f for the buffers that are members which an object's text does not have.
// ok is false where other values would have to be there.
//
//go:noinline
func (t *tree) others(seen []bool, f func(name string, buffer int)) (ok bool) {
	for i := range t.len() {
		switch {
		case t.index[i] || !seen[i] && t.below[i].buffer < 0:
			return false
		case !seen[i]:
			f(t.names[i], t.below[i].buffer)
		}
	}
	return true
}
