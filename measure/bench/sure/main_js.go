//go:build measure

// Command sure is a program whose comms are reliable where the kernel opens them so: the bench
// measures what that costs a message.
package main

import (
	"context"

	"gocomm/commmgr"
	"gocomm/commmgr/reliable"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
	"gocomm/measure/bench/fields"
)

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		_, err := m.RegisterTarget("sure", reliable.Accept(open, nil), nil)
		return err
	})
}

func open(c *commmgr.Comm, _ *commmgr.Message) error {
	handled := 0
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error {
		if u.Method == "update" && u.X == 1.5 && u.Name == "abc" && u.On {
			handled++
		}
		return nil
	})
	typed.Handle(c, "handled", func(context.Context, struct{}) (int, error) { return handled, nil })
	return nil
}
