// Package jsglue joins a Go program on a web page to a Jupyter kernel object
// there: it is the border between package commmgr and web/gocomm.js.
//
// A program's main calls Run with a function that registers targets:
//
//	func main() {
//		jsglue.Run(func(m *commmgr.Manager) error {
//			_, err := m.RegisterTarget("my_target", open, nil)
//			return err
//		})
//	}
//
// The kernel's messages stay in JavaScript, each in a numbered slot, and cross
// the border as integers, through functions exported to and imported from
// JavaScript (go:wasmexport, go:wasmimport); a js.FuncOf callback would cost 50
// times as much. What a handler asks for is copied then.
//
// Rules hold for the border; CONTRIBUTING.md has all of them, with the reasons. An exported
// function never waits. A lock that it may need is never held across a call out.
// An imported function lets no exception through. Goroutines that an export made
// ready are run by a wake-up after it, one for each burst. And goroutines do not
// keep the page for longer than about 8 ms at a time.
//
// What there is, for GOOS=js and GOARCH=wasm only. `GOOS=js GOARCH=wasm go doc gocomm/jsglue` has the
// comments, and `GOOS=js GOARCH=wasm go doc gocomm/jsglue Run` those of one name:
//
//	func Run(start func(*commmgr.Manager) error) // makes the comm manager; returns only when start fails
//	func Options() ([]byte, error) // the loader's options, a JSON object: see package options
//	func Log(text string, msg *commmgr.Message) // writes to the console, as Warn and Error do
//	func Warn(text string, msg *commmgr.Message)
//	func Error(text string, msg *commmgr.Message)
package jsglue
