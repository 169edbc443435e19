// Package viewtest holds package view to what any host of widgets does (internal/hosttest), on a page with a host of
// anywidget's front-end modules. What is JavaScript of it is tested in internal/js/test. Run it with
//
//	go run ./internal/tool wasmtest ./view/...
package viewtest
