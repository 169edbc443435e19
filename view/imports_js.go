package view

import "unsafe"

// abiVersion is the version of the border; web/afm/imports.js has the same.
const abiVersion = 1

// The functions that web/afm/imports.js provides. None lets an exception through: one that
// fails returns -1-n, and slot n has the text. A slot is freed by whoever was given it.
// Strings and pointers are read before the function returns.

//go:wasmimport gocomm_view hello
func hello(version int32) int32

// ready ends the program's start.
//
//go:wasmimport gocomm_view ready
func ready() int32

// next_model gives the number of a model that something has happened to, or -1.
//
//go:wasmimport gocomm_view next_model
func nextModel() int32

// next_event fills an event and gives 1; 0 stands for none, and that next_model will
// tell of the model again.
//
//go:wasmimport gocomm_view next_event
func nextEvent(model int32, e unsafe.Pointer) int32

// bind follows traits, whose names are a JSON array, and gives a slot with their values.
//
//go:wasmimport gocomm_view bind
func bind(model int32, names string) int32

// changed gives a slot with the values of the traits that the last change event was for.
//
//go:wasmimport gocomm_view changed
func changed(model int32) int32

//go:wasmimport gocomm_view unbind
func unbind(model int32) int32

// forget gives a model's number back.
//
//go:wasmimport gocomm_view forget
func forget(model int32) int32

//go:wasmimport gocomm_view slot_len
func slotLen(slot, i int32) int32

//go:wasmimport gocomm_view take
func take(slot, i int32, p unsafe.Pointer) int32

//go:wasmimport gocomm_view buffer_count
func bufferCount(slot int32) int32

//go:wasmimport gocomm_view buffer_len
func bufferLen(slot, i int32) int32

//go:wasmimport gocomm_view buffer_copy
func bufferCopy(slot, i int32, p unsafe.Pointer, n int32) int32

//go:wasmimport gocomm_view free
func free(slot int32) int32

// set sets traits. buffers are n pairs of address and length, 32 bits each.
//
//go:wasmimport gocomm_view set
func set(model int32, traits unsafe.Pointer, traitsLen int32, paths unsafe.Pointer, pathsLen int32, buffers unsafe.Pointer, n int32) int32

//go:wasmimport gocomm_view send
func send(model int32, content unsafe.Pointer, n int32, buffers unsafe.Pointer, nBuffers int32) int32

// open looks another widget's model up; next_opened has the answer, after a wake-up.
//
//go:wasmimport gocomm_view open
func open(model int32, id string, request int32) int32

//go:wasmimport gocomm_view next_opened
func nextOpened(o unsafe.Pointer) int32

// fail_model and fail_view show a text in the place of views.
//
//go:wasmimport gocomm_view fail_model
func failModel(model int32, text string) int32

//go:wasmimport gocomm_view fail_view
func failView(model, view int32, text string) int32

//go:wasmimport gocomm_view console
func console(text string) int32

// now gives milliseconds since the page was opened.
//
//go:wasmimport gocomm_view now
func now() float64

// turn calls gocomm_view_turn in a later task of the page.
//
//go:wasmimport gocomm_view turn
func turn() int32
