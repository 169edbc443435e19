// Package border is the Go side of the runtime of a Go program on a web page: what every
// such program needs, whatever it is for. Its other side is web/runtime/instance.js. A host
// (packages jsglue and view) adds the functions that its own purpose needs; docs/hosts.md
// says how to write one.
//
// Functions exported to and imported from JavaScript (go:wasmexport, go:wasmimport) carry
// numbers, and pointers into Go's memory. An exported function is called with a sequence
// number and gives it back in its [Answer], by which JavaScript notices a program that has
// died. Objects stay in JavaScript, in numbered slots ([Slot]). A text for Go is staged
// there under a number ([Staged]) until Go has made memory for it.
//
// CONTRIBUTING.md has the rules for both directions. One of them shapes this package: the
// garbage collector may park a goroutine wherever it allocates, and another goroutine or an
// exported function then sees the state that it has left. So whatever they share is guarded
// by a lock of package gocomm/internal/spin, which is not held when JavaScript is called.
package border
