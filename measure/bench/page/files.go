//go:build measure

// Package page is what measurements run on a page, without a browser window's
// own kernel: kernel objects of classic Notebook that are connected to nothing, with
// either comm manager.
package page

import "embed"

// Files are the modules, to be served beside gocomm's as nbextensions/bench.
//
//go:embed *.js
var Files embed.FS
