package jsglue

import "unsafe"

// The functions that web/runtime/program.js provides. None lets an exception through:
// one that fails returns a negative number: -1-n, where its text is staged under the
// number n for take.
// Strings and pointers are read before the function returns.

// hello tells the version of the border, and where ids and names are written.
//
//go:wasmimport gocomm hello
func hello(version int32, scratch unsafe.Pointer, size int32) int32

// ready ends the program's start; an empty text stands for success.
//
//go:wasmimport gocomm ready
func ready(failure string) int32

// options stages the program's options as JSON, and gives the number.
//
//go:wasmimport gocomm options
func options() int32

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

// claim takes a target for this program: 0, or 1 when another has it, 2 when JavaScript has.
//
//go:wasmimport gocomm claim
func claim(target string) int32

//go:wasmimport gocomm unclaim
func unclaim(target string) int32

// bound and unbound keep the page's index of comm ids; why says why a comm has ended.
//
//go:wasmimport gocomm bound
func bound(index, own int32, id string) int32

//go:wasmimport gocomm unbound
func unbound(index int32, why string) int32

// taken tells whether the page's index has a comm id: 1, or 0.
//
//go:wasmimport gocomm taken
func taken(id string) int32

// load stages a part of the message in a slot as JSON, and gives the number.
//
//go:wasmimport gocomm load
func load(slot, part int32) int32

// field stages a field of the message's content.data as JSON, if it is a string, a
// number or a boolean, and gives one more than the number, or else 0.
//
//go:wasmimport gocomm field
func field(slot int32, name string) int32

// plan tells of a plan, of which planned is to read by its number.
//
//go:wasmimport gocomm plan
func plan(id int32, text string) int32

// planned reads a part of the message in a slot by a plan, and gives the length of
// what it has written at p; where there was no room, room and one more than the number
// under which it is staged.
//
//go:wasmimport gocomm planned
func planned(slot, part, id int32, p unsafe.Pointer, room int32) int32

// take copies what was staged under a number, which is stagedLen bytes, and forgets it.
//
//go:wasmimport gocomm take
func take(number int32, p unsafe.Pointer) int32

//go:wasmimport gocomm staged_len
func stagedLen(number int32) int32

//go:wasmimport gocomm buffer_count
func bufferCount(slot int32) int32

//go:wasmimport gocomm buffer_len
func bufferLen(slot, i int32) int32

//go:wasmimport gocomm buffer_copy
func bufferCopy(slot, i int32, p unsafe.Pointer, n int32) int32

// release frees a slot.
//
//go:wasmimport gocomm release
func release(slot int32) int32

// send sends on the shell channel, stages the msg_id, and gives its number. buffers are n pairs of
// address and length, 32 bits each. Where wants is not 0, answers are passed to
// gocomm_event with the number event. For a message that is larger than allowed it gives
// tooLarge less the number under which the reason is staged.
//
//go:wasmimport gocomm send
func send(msgType int32, id, target string, data unsafe.Pointer, dataLen int32, metadata unsafe.Pointer, metadataLen int32,
	buffers unsafe.Pointer, n int32, wants, event int32) int32

//go:wasmimport gocomm input_reply
func inputReply(value string) int32

// console writes a line, with the message of a slot unless that is -1.
//
//go:wasmimport gocomm console
func console(level int32, text string, slot int32) int32
