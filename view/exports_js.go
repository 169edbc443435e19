//lint:file-ignore U1000 JavaScript calls the exports.

package view

import "gocomm/internal/border"

// The functions that web/afm/instance.js calls. None waits. Each is given a number and
// returns its [border.Answer].

// gocomm_view_wake tells that something has happened to a model.
//
//go:wasmexport gocomm_view_wake
func wakeUp(seq, number int32) int32 {
	if m := modelOf(number); m.begin() {
		go m.work() // ends when it has seen to all
	}
	return border.Answer(seq)
}

// gocomm_view_ending tells that a model, or one of its views, ends, past what waits for the
// model: a handler may wait for the end. What is to be done in order follows as an event. view is a number, or 0; or,
// where the kernel has not made the widget, -1 less the number of the staged text that says why.
//
//go:wasmexport gocomm_view_ending
func ending(seq, number, view int32) int32 {
	if m := modelIfAny(number); m != nil {
		go m.ending(view) // ends when what was added has been taken away
	} else if view < 0 {
		border.Staged(-1 - view)
	}
	return border.Answer(seq)
}

// gocomm_view_opened answers open and make with the number of a model. Or the number says what the staged text is: what
// controls has asked for, or an error's.
//
//go:wasmexport gocomm_view_opened
func openedModel(seq, request, number, staged int32) int32 {
	o := opened{model: number}
	switch number {
	case isText:
		o.text = string(border.Staged(staged))
	case hasFailed:
		o.err = border.JSError(border.Staged(staged))
	}
	if answer, ok := program.requests.Take(request); ok {
		answer <- o // its buffer has room
	} else if number >= 0 {
		forget(number) // nobody waits any more
	}
	return border.Answer(seq)
}

// What gocomm_view_opened is told in the place of a model's number.
const (
	hasFailed = -1
	isText    = -2
)
