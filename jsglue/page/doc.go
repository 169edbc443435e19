// Package page passes values between Go and the page's own objects: events, DOM nodes,
// functions, typed arrays, what a function of the page returns, what one is to be
// given. Structs are matched by their fields' names, or by a tag: `js:"name"`.
//
//	var click struct {
//		X      int      `js:"clientX"`
//		Target js.Value `js:"target"`
//	}
//	err := page.Decode(event, &click)
//
// Nothing that a value may be ends the program: a getter or proxy that throws, a BigInt,
// a cycle, a length without an end are errors that name the place.
//
// A function of Go on the page takes up memory until it is released, so that each has
// an [Owner], such as a comm.
//
// It is for what is rare. It rests on reflection, which programs that do not import
// it need not carry, and each value costs tens of microseconds.
package page
