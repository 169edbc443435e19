// Package widget has the models of Jupyter widgets in Go: a [Model] keeps a Go struct
// in step with the traits of a widget in the kernel.
//
//	type State struct {
//		Value  int       // the trait "value"
//		Frame  []float32 `json:"frame,binary"` // from a numpy array, without JSON
//		Slider widget.Ref
//	}
//
//	m, err := widget.Bind[State](ctx, host)
//	m.OnChange(func(old, now State) { … }, "value")
//	err = m.Update(func(s *State) { s.Value++ })
//
// A [Host] connects the model to its kernel. Package gocomm/widget/commhost speaks
// Jupyter widgets 2.1 on comms, natively too, so that a widget's logic is tested with
// go test (gocomm/widget/widgettest has such a widget); package gocomm/view has models
// that belong to ipywidgets, or to another host of anywidget's front-end modules. One
// suite of tests holds both to the same.
//
// A trait is a field by its name: that of the tag json:"name", else the field's own in
// Python's spelling (MaxItems is max_items). One with json:"-" is no trait, one with
// omitempty may be missing. A []byte, and a slice of numbers with the option "binary",
// travel as they are in memory, in little-endian order. A pointer may be None. What
// types there are, and how values are read and sent, is as in gocomm/commmgr/typed.
//
// Handlers of one model are called one at a time, each in order, and may wait: then
// what comes meanwhile is told at once, as one change. A handler that panics is
// reported to the host, with the others unharmed.
//
// States are values, that share what their slices, maps and pointers refer to: assign
// new ones, since what is written into one goes unnoticed, and shows in the state of others.
package widget
