//go:build measure

// Command typed is a program with a typed handler: the bench measures its size, and
// what a message costs it. It answers a comm's open with the address at which it
// counts messages.
package main

import (
	"context"
	"strconv"
	"unsafe"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
	"gocomm/measure/bench/fields"
)

// handled counts messages whose fields are as they should be.
var handled uint32

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		_, err := m.RegisterTarget("bench", open, nil)
		return err
	})
}

func open(c *commmgr.Comm, _ *commmgr.Message) error {
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error {
		if u.Method == "update" && u.Value >= 0 && u.X == 1.5 && u.Name == "abc" && u.On {
			handled++
		}
		return nil
	})
	_, err := c.Send(&commmgr.Payload{Data: strconv.AppendUint(nil, uint64(uintptr(unsafe.Pointer(&handled))), 10)})
	return err
}
