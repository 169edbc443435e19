// Package options gives a program the options that its loader has handed over: see
// attach in web/gocomm.d.ts. Structs are matched by their fields' names, or by a tag:
//
//	o := struct {
//		Target string `js:"target"`
//	}{Target: "my_target"}
//	err := options.Get(&o)
//
// What there is, for GOOS=js and GOARCH=wasm only. `GOOS=js GOARCH=wasm go doc gocomm/jsglue/options` has the
// comments, and `GOOS=js GOARCH=wasm go doc gocomm/jsglue/options Get` those of one name:
//
//	func Get(dst any) (err error) // puts the options into a struct
package options
