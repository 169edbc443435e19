//go:build measure

package main

import (
	"syscall/js"

	"github.com/norunners/vert"

	"gocomm/measure/bench/fields"
)

// exposeNaive gives the page a message handler as one would write it first: a
// js.FuncOf callback, with the message's data put into a struct by vert. It is never
// released, as the program does not end.
func exposeNaive() {
	js.Global().Set("benchNaive", js.FuncOf(func(_ js.Value, args []js.Value) any {
		var u fields.Update
		err := vert.ValueOf(args[0].Get("content").Get("data")).AssignTo(&u)
		if err == nil && u.Method == "update" && u.Value >= 0 && u.X == 1.5 && u.Name == "abc" && u.On {
			handled++
		}
		return nil
	}))
	js.Global().Set("benchNaiveHandled", js.FuncOf(func(js.Value, []js.Value) any { return handled }))
}
