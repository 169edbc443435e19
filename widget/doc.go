// Package widget keeps Go structs in step with the traits of Jupyter widgets in the kernel.
//
//	type State struct {
//		Value  int       // the trait "value"
//		Frame  []float32 `json:"frame,binary"` // from a numpy array, without JSON
//		Slider widget.Ref
//	}
//
//	func run(m *widget.Model[State]) {
//		m.Observe(func(old, now State) { … }, "value") // the kernel has changed it, or this side
//		m.ObserveMsg(func(msg *widget.Msg) error { … })  // custom messages
//		err := m.Update(func(s *State) { s.Value++ })   // changes it, here and in the kernel
//		err = m.Send("done")
//	}
//
// On a page a program gets its models from gocomm/view: they belong to ipywidgets, or to another
// host of anywidget's front-end modules. [Bind] makes models of gocomm/widget/commhost's widgets,
// which are on comms. gocomm/widget/widgettest has a widget in memory, so that go test alone tests
// a widget's logic. All hosts pass the same tests; gocomm/widget/host says how to add one.
//
// # Traits
//
// A field is a trait by its name: the name in the tag json:"name", otherwise the field's own name
// in Python's spelling (MaxItems is max_items). A field with json:"-" is no trait. A trait whose
// field has the option omitempty may be missing. A []byte, and a slice of numbers with the option
// "binary", travel as bytes in little-endian order. A pointer may be None. Values of all types are
// read and sent as package gocomm/commmgr/typed says.
//
// A value that does not fit its field is reported to the host, which names the field. The field stays
// as it was, and cannot be updated, until the kernel has a value that fits.
//
// A state is a shallow copy. Never modify a slice, a map or what a pointer points to in place: the
// change would not be sent, and other copies of the state would see it. Assign a new one.
//
// # Handlers
//
// Observe and ObserveMsg add a handler, and return a function that removes it. (A method named On…,
// as those of a comm, sets the one handler that there is.) The handlers of one model are called one
// at a time, and may wait. All changes that come meanwhile are one change. A handler that fails or
// panics is reported to the host; the other handlers do not notice.
//
// A handler that waits for the widget's end waits for [Model.Done], which closes at once. The host
// says whether handlers still get what the widget sent before its end.
package widget
