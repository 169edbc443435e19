// Package options gives a program the options that its loader has handed over: see
// attach in web/gocomm.d.ts. Structs are matched by their fields' names, or by a tag:
//
//	o := struct {
//		Target string `js:"target"`
//	}{Target: "my_target"}
//	err := options.Get(&o)
package options
