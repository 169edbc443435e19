package main

import (
	"context"
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/internal/codec/codectest"
)

// plan opens comms whose messages are decoded both by a type's plan and by
// encoding/json; the type's name is the open's data. The answer to each says what
// differs, or is "".
func plan(c *commmgr.Comm, open *commmgr.Message) error {
	name, err := typed.Decode[string](open)
	if err != nil {
		return err
	}
	check := codectest.Types[name]
	if check == nil {
		return fmt.Errorf("probe: there is no type %q", name)
	}
	c.OnMsg(func(msg *commmgr.Message) error { return typed.Send(c, check(msg)) })
	return nil
}

// flat answers with what a message's data is as a Flat.
func flat(c *commmgr.Comm, _ *commmgr.Message) error {
	typed.On(c, func(_ context.Context, v codectest.Flat, _ [][]byte) error { return typed.Send(c, v) })
	return nil
}

// anything answers with what a message's data is as any value, and with its buffers.
func anything(c *commmgr.Comm, _ *commmgr.Message) error {
	typed.On(c, func(_ context.Context, v any, buffers [][]byte) error { return typed.Send(c, v, buffers...) })
	return nil
}
