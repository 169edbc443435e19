//lint:file-ignore U1000 JavaScript calls the exports.

package border

import "gocomm/internal/spin"

// Clock is the page's clock. Times are nanoseconds since the page was opened.
type Clock struct{}

// Millisecond is the unit of the page's clock in nanoseconds.
const Millisecond = 1e6

// Now gives the time.
func (Clock) Now() int64 { return int64(now() * Millisecond) }

// AfterFunc calls f once, after d nanoseconds, unless stop is called before. f is called
// within an event of the page and does not wait.
func (Clock) AfterFunc(d int64, f func()) (stop func()) {
	id := timers.Add(f)
	timer(id, float64(d)/Millisecond)
	return func() {
		if _, ok := timers.Take(id); ok {
			untimer(id)
		}
	}
}

// NextFrame calls f once, when the display is about to be drawn anew, or a second later where
// the page is hidden. f does not wait.
func (Clock) NextFrame(f func()) { timer(timers.Add(f), -1) }

// Wake has goroutines run soon. What an export has made ready needs it.
func (Clock) Wake() { wake() }

// NextTurn calls f in a later task of the page. f does not wait.
func (Clock) NextTurn(f func()) {
	turns.mu.Lock()
	turns.next = append(turns.next, f)
	first := len(turns.next) == 1
	turns.mu.Unlock()
	if first {
		turn()
	}
}

// timers are the functions that wait for gocomm_timer.
var timers Table[func()]

// turns are the functions that wait for gocomm_turn.
var turns struct {
	mu   spin.Mutex // guards next
	next []func()
}

//go:wasmexport gocomm_turn
func nextTurn(seq int32) int32 {
	turns.mu.Lock()
	next := turns.next
	turns.next = nil
	turns.mu.Unlock()
	for _, f := range next {
		f()
	}
	return Answer(seq)
}

//go:wasmexport gocomm_timer
func fireTimer(seq, id int32) int32 {
	if f, ok := timers.Take(id); ok {
		f()
	}
	return Answer(seq)
}
