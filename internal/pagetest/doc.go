// Package pagetest gives Go tests a page of their own, with what the JavaScript tests of internal/js/test have on
// theirs: a kernel object or a host of widgets, and gocomm's JavaScript. It is for tests of Go code on a page; tests
// of JavaScript are JavaScript. Run them with `go run ./internal/tool wasmtest`.
package pagetest
