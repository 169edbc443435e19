// Package codectest holds the codec to encoding/json: values of the same types are read
// from the same messages, and written, both ways; natively by tests here, and on a page
// by the program wasm/probe.
package codectest
