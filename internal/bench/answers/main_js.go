// Command answers is a program with a typed handler that sends typed values: the bench
// measures its size.
package main

import (
	"context"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
)

// update has the five fields of the bench's messages.
type update struct {
	Method string  `json:"method"`
	Value  int     `json:"value"`
	X      float64 `json:"x"`
	Name   string  `json:"name"`
	On     bool    `json:"on"`
}

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		_, err := m.RegisterTarget("bench", open, nil)
		return err
	})
}

func open(c *commmgr.Comm, _ *commmgr.Message) error {
	return typed.On(c, func(_ context.Context, u update, _ [][]byte) error { return typed.Send(c, u) })
}
