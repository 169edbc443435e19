package main

import (
	"fmt"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
)

// life echoes, and says on the console what becomes of its comm: a late send tells
// whether the end is one.
func life(c *commmgr.Comm, _ *commmgr.Message) error {
	c.OnClose(func(*commmgr.Message) error {
		jsglue.Log(fmt.Sprintf("probe: life %s ended: %v; a late send: %v", c.ID(), c.Err(), typed.Send(c, "late")), nil)
		return nil
	})
	c.OnGap(func(g commmgr.Gap) error {
		jsglue.Log(fmt.Sprintf("probe: life %s gap of %v", c.ID(), time.Duration(g.Until-g.Since)), nil)
		return typed.Send(c, "gap")
	})
	c.OnMsg(func(msg *commmgr.Message) error { return echo(c, msg) })
	return nil
}
