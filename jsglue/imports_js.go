package jsglue

import (
	"unsafe"

	"gocomm/internal/border"
)

// The functions that web/comms/imports.js provides. None lets an exception through:
// [border.Result] makes an error of what one that fails returns.
// Strings and pointers are read before the function returns.

// options stages the program's options as JSON, and gives the number.
//
//go:wasmimport gocomm_comms options
func options() int32

// claim takes a target for this program: 0, or 1 when another has it, 2 when JavaScript has.
//
//go:wasmimport gocomm_comms claim
func claim(target string) int32

//go:wasmimport gocomm_comms unclaim
func unclaim(target string) int32

// bound and unbound keep the page's index of comm ids; why says why a comm has ended.
//
//go:wasmimport gocomm_comms bound
func bound(index, own int32, id, target string) int32

//go:wasmimport gocomm_comms unbound
func unbound(index int32, why string) int32

// taken tells whether the page's index has a comm id: 1, or 0.
//
//go:wasmimport gocomm_comms taken
func taken(id string) int32

// load stages a part of the message in a slot as JSON, and gives the number.
//
//go:wasmimport gocomm_comms load
func load(slot border.Slot, part int32) int32

// field stages a field of the message's content.data as JSON, if it is a string, a
// number or a boolean, and gives one more than the number, or else 0.
//
//go:wasmimport gocomm_comms field
func field(slot border.Slot, name string) int32

// plan tells of a plan, of which planned is to read by its number.
//
//go:wasmimport gocomm_comms plan
func plan(id int32, text string) int32

// planned reads a part of the message in a slot by a plan, and gives the length of
// what it has written at p; where there was no room, room and one more than the number
// under which it is staged.
//
//go:wasmimport gocomm_comms planned
func planned(slot border.Slot, part, id int32, p unsafe.Pointer, room int32) int32

// send sends on the shell channel, stages the msg_id, and gives its number. buffers are n pairs of
// address and length, 32 bits each. Where wants is not 0, answers are passed to
// gocomm_event with the number event. For a message that is larger than allowed it gives
// tooLarge less the number under which the reason is staged.
//
//go:wasmimport gocomm_comms send
func send(msgType int32, id, target string, data unsafe.Pointer, dataLen int32, metadata unsafe.Pointer, metadataLen int32,
	buffers unsafe.Pointer, n int32, wants, event int32) int32

//go:wasmimport gocomm_comms input_reply
func inputReply(value string) int32
