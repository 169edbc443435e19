// Package viewtest tests package view, web/afm.js and the programs built on them, on a page
// with a host of anywidget's front-end modules. Run it with
//
//	go run ./internal/tool wasmtest ./view/...
package viewtest
