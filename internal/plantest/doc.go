// Package plantest holds package typed's plans to encoding/json: the same types and
// messages are decoded both ways, natively from values that this package parses as
// a page does, and on a page by the program wasm/probe.
package plantest
