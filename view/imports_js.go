package view

import "unsafe"

// The functions that web/afm/imports.js provides. None lets an exception through:
// [gocomm/internal/border.Result] makes an error of what one that fails returns.
// Strings and pointers are read before the function returns.

// What next_event gives; numbers above are the room that it wants.
const (
	none   = 0 // gocomm_view_wake is called again when there is more
	taken  = 1
	notNow = 2 // gocomm_view_wake is called again after the page's turn
)

// next_event takes the next event of a model. It fills e and, in the room of n bytes at p,
// what e has lengths of.
//
//go:wasmimport gocomm_view next_event
func nextEvent(model int32, e, p unsafe.Pointer, n int32) int32

// bind follows traits, whose names are a JSON array, and fills v with their values.
//
//go:wasmimport gocomm_view bind
func bind(model int32, names string, v unsafe.Pointer) int32

// read fills v with the values of traits, whose names are a JSON array.
//
//go:wasmimport gocomm_view read
func read(model int32, names string, v unsafe.Pointer) int32

// changed fills v with the values of the traits that the last change event was for.
//
//go:wasmimport gocomm_view changed
func changed(model int32, v unsafe.Pointer) int32

//go:wasmimport gocomm_view unbind
func unbind(model int32) int32

// forget gives a model's number back.
//
//go:wasmimport gocomm_view forget
func forget(model int32) int32

// set sets traits. buffers are n pairs of address and length, 32 bits each.
//
//go:wasmimport gocomm_view set
func set(model int32, traits unsafe.Pointer, traitsLen int32, paths unsafe.Pointer, pathsLen int32, buffers unsafe.Pointer, n int32) int32

//go:wasmimport gocomm_view send
func send(model int32, content unsafe.Pointer, n int32, buffers unsafe.Pointer, nBuffers int32) int32

// open looks another widget's model up; gocomm_view_opened is called with the answer.
//
//go:wasmimport gocomm_view open
func open(model int32, id string, request int32) int32

// controls asks for the version of ipywidgets' controls on the page; gocomm_view_opened is called with its text.
//
//go:wasmimport gocomm_view controls
func controls(model int32, request int32) int32

// find looks for the widgets of a model of a module; gocomm_view_opened is called with the text of a JSON list of their ids.
//
//go:wasmimport gocomm_view find
func find(model int32, name, module string, request int32) int32

// make makes a widget with an id and a state, by a comm target of the kernel; gocomm_view_opened is called with its model.
//
//go:wasmimport gocomm_view make
func makeWidget(model int32, id, target string, traits unsafe.Pointer, traitsLen int32, paths unsafe.Pointer, pathsLen int32, buffers unsafe.Pointer, n int32, request int32) int32

// close closes a widget, here and in the kernel.
//
//go:wasmimport gocomm_view close
func closeWidget(model int32) int32

// show has the widget of an id shown in the place of a number in a view; gocomm_view_opened is called when it is there.
//
//go:wasmimport gocomm_view show
func show(model, view, place int32, id string, request int32) int32

// hide takes the place away.
//
//go:wasmimport gocomm_view hide
func hide(model, view, place int32) int32

// How long fail_model and fail_view show a failure.
const (
	untilNext   = 0 // until a change or a message
	untilFits   = 1 // until fail_model is called with ""; where no model is bound, until a change
	untilReload = 2
)

// fail_model and fail_view show a text in the place of views.
//
//go:wasmimport gocomm_view fail_model
func failModel(model int32, text string, until int32) int32

//go:wasmimport gocomm_view fail_view
func failView(model, view int32, text string, until int32) int32
