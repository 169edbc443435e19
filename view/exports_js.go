package view

// The functions that web/afm/program.js calls. None waits. Each is given a number and
// returns it, changed: a program that has died goes on returning numbers, but not these.

const tag = 0x5a5a5a

// gocomm_view_wake tells that something has happened to a model.
//
//go:wasmexport gocomm_view_wake
func wakeUp(seq int32) int32 {
	if len(program.pace.waiting) == 0 {
		program.pace.start = now()
	}
	select {
	case program.wake <- struct{}{}:
	default: // it has been told already
	}
	return seq ^ tag
}

// gocomm_view_turn begins a turn, after the page has had its own.
//
//go:wasmexport gocomm_view_turn
func nextTurn(seq int32) int32 {
	program.pace.begin()
	return seq ^ tag
}
