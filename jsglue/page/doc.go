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
//
// What there is, for GOOS=js and GOARCH=wasm only. `GOOS=js GOARCH=wasm go doc gocomm/jsglue/page` has the
// comments, and `GOOS=js GOARCH=wasm go doc gocomm/jsglue/page Decode` those of one name:
//
//	func Decode(v js.Value, dst any) (err error) // puts the page's value into what dst points to
//	func Encode(v any) (js.Value, error) // makes a value for the page
//
//	type Function struct{ js.Value } // a function of the page
//	func (f Function) Call(args ...any) (result js.Value, err error)
//
//	type Func func(args []js.Value) (any, error) // a function of Go's for the page
//	type Owner struct // has such functions, and releases them
//	func NewOwner() *Owner
//	func OwnedBy(c *commmgr.Comm) *Owner // released when the comm has ended
//	func (o *Owner) Encode(v any) (js.Value, error) // as Encode, with functions of type Func
//	func (o *Owner) Func(f Func) (js.Value, error) // makes a function of the page
//	func (o *Owner) Listen(target js.Value, event string, h func(event js.Value)) error // until the release
//	func (o *Owner) Release()
//	var ErrOwnerReleased error
package page
