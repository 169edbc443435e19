//go:build measure

package main

import (
	"context"
	"syscall/js"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/measure/bench/fields"
)

// last counts messages, and tells the page its count when a message's value is 0.
func last(c *commmgr.Comm) error {
	count := 0
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error {
		if u.Method == "update" && u.Value <= 0 && u.X == 1.5 && u.Name == "abc" && u.On {
			count++
		}
		if u.Value == 0 {
			js.Global().Call("benchLast", count)
		}
		return nil
	})
	return nil
}
