package main

import (
	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

// limited registers targets whose queues have limits and policies. The handlers block,
// or echo; those of one take comms up that outlive their page.
func limited(m *commmgr.Manager, prefix string) error {
	for name, t := range map[string]struct {
		open commmgr.OpenFunc
		o    commmgr.TargetOptions
	}{
		"closes": {onMsg(block), commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 10}}},
		"tells":  {tells, commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 10, Overflow: commmgr.OverflowTells}}},
		"merge":  {onMsg(echo), commmgr.TargetOptions{Merge: commmgr.ByField("name")}},
		"adopts": {onMsg(echo), commmgr.TargetOptions{Adopt: func(c *commmgr.Comm) error { return life(c, nil) }}},
		"frames": {onMsg(echo), commmgr.TargetOptions{EachFrame: true, Merge: commmgr.ByField("name")}},
	} {
		if _, err := m.RegisterTarget(prefix+name, t.open, &t.o); err != nil {
			return err
		}
	}
	return nil
}

// tells says how many messages were missed, and then how its queue has fared.
func tells(c *commmgr.Comm, _ *commmgr.Message) error {
	c.OnOverflow(func(dropped int) error {
		return typed.Send(c, map[string]any{"dropped": dropped, "queue": c.Queue()})
	})
	c.OnMsg(func(msg *commmgr.Message) error { return block(c, msg) })
	return nil
}
