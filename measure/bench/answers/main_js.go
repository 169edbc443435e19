//go:build measure

// Command answers is a program with a typed handler that sends typed values: the bench
// measures its size.
package main

import (
	"context"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
	"gocomm/measure/bench/fields"
)

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		_, err := m.RegisterTarget("bench", open, nil)
		return err
	})
}

func open(c *commmgr.Comm, _ *commmgr.Message) error {
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error { return typed.Send(c, u) })
	return nil
}
