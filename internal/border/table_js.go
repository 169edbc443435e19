package border

import "gocomm/internal/spin"

// A Table keeps values under numbers, by which JavaScript names them. A number is not used
// again. The zero value is empty. Its methods may be called on any goroutine and in exports.
type Table[T any] struct {
	mu       spin.Mutex // guards the rest
	byNumber map[int32]T
	last     int32
}

// Add keeps a value and gives its number, which is above 0.
func (t *Table[T]) Add(v T) int32 {
	t.mu.Lock()
	if t.byNumber == nil {
		t.byNumber = map[int32]T{}
	}
	t.last++
	n := t.last
	t.byNumber[n] = v
	t.mu.Unlock()
	return n
}

// Take gives the value of a number, and the table keeps it no longer; ok says whether there is one.
func (t *Table[T]) Take(n int32) (v T, ok bool) {
	t.mu.Lock()
	if v, ok = t.byNumber[n]; ok {
		delete(t.byNumber, n)
	}
	t.mu.Unlock()
	return v, ok
}
