// Package codec turns values of Go types into JSON and back. Packages typed and widget
// use it, natively and on a page, so that a struct means the same in all of them; the
// rules are in the documentation of gocomm/commmgr/typed.
//
// A [Plan] is made of a Go type, once. A page, where messages are parsed already, writes
// the values that a plan names into memory (web/runtime/value-writer.js). Of JSON text,
// a scanner here writes the same. One reader puts them into a Go value. A writer makes
// JSON of one, and lists the parts that travel as binary buffers beside it.
package codec
