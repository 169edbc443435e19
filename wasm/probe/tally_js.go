package main

import (
	"slices"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

// tally counts numbered messages, and answers "sum" with what it has counted.
func tally(c *commmgr.Comm, _ *commmgr.Message) error {
	seen := map[int]bool{}
	last, doubled, reordered := 0, 0, 0
	c.OnMsg(func(msg *commmgr.Message) error {
		data, err := typed.Decode[any](msg)
		if err != nil {
			return err
		}
		number, ok := data.(float64)
		if !ok {
			return typed.Send(c, map[string]int{"Got": len(seen), "Doubled": doubled, "Reordered": reordered})
		}
		k := int(number)
		if seen[k] {
			doubled++
		}
		seen[k] = true
		if k < last {
			reordered++
		}
		last = max(last, k)
		return nil
	})
	return nil
}

// latencies of its messages, whose data is when they were sent, in milliseconds since
// 1970: "report" asks for them.
func latencies(c *commmgr.Comm, _ *commmgr.Message) error {
	ms := []float64{}
	c.OnMsg(func(msg *commmgr.Message) error {
		data, err := typed.Decode[any](msg)
		if err != nil {
			return err
		}
		sent, ok := data.(float64)
		if !ok {
			return typed.Send(c, slices.Clone(ms))
		}
		ms = append(ms, float64(time.Now().UnixMicro())/1000-sent)
		return nil
	})
	return nil
}
