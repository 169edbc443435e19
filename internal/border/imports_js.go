package border

import "unsafe"

// The functions that web/runtime/imports.js provides. None lets an exception through.
// Strings and pointers are read before the function returns.

// hello tells the version of the border, and where JavaScript writes short texts.
//
//go:wasmimport gocomm hello
func hello(version int32, scratch unsafe.Pointer, size int32) int32

// ready ends the program's start; an empty text stands for success.
//
//go:wasmimport gocomm ready
func ready(failure string) int32

// now gives milliseconds since the page was opened.
//
//go:wasmimport gocomm now
func now() float64

// wake has goroutines run in a microtask.
//
//go:wasmimport gocomm wake
func wake() int32

// turn calls gocomm_turn in a later task of the page.
//
//go:wasmimport gocomm turn
func turn() int32

// timer calls gocomm_timer with id after ms milliseconds, or for negative ms at the
// display's next frame; untimer prevents it.
//
//go:wasmimport gocomm timer
func timer(id int32, ms float64) int32

//go:wasmimport gocomm untimer
func untimer(id int32) int32

// random fills n bytes.
//
//go:wasmimport gocomm random
func random(p unsafe.Pointer, n int32) int32

// take copies what was staged under a number, which is stagedLen bytes, and forgets it.
//
//go:wasmimport gocomm take
func take(number int32, p unsafe.Pointer) int32

//go:wasmimport gocomm staged_len
func stagedLen(number int32) int32

//go:wasmimport gocomm buffer_count
func bufferCount(slot Slot) int32

//go:wasmimport gocomm buffer_len
func bufferLen(slot Slot, i int32) int32

//go:wasmimport gocomm buffer_copy
func bufferCopy(slot Slot, i int32, p unsafe.Pointer, n int32) int32

// release frees a slot.
//
//go:wasmimport gocomm release
func release(slot Slot) int32

// console writes a line, with the object of a slot unless that is -1.
//
//go:wasmimport gocomm console
func console(level Level, text string, slot Slot) int32
