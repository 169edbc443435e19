package main

import (
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

// tally counts numbered messages, and answers "sum" with what it has counted. keyed does
// so where the number is the field k.
func tally(c *commmgr.Comm, _ *commmgr.Message) error {
	return count(c, func(data any) (int, bool) {
		k, ok := data.(float64)
		return int(k), ok
	})
}

func keyed(c *commmgr.Comm, _ *commmgr.Message) error {
	return count(c, func(data any) (int, bool) {
		fields, _ := data.(map[string]any)
		k, ok := fields["k"].(float64)
		return int(k), ok
	})
}

func count(c *commmgr.Comm, number func(data any) (int, bool)) error {
	seen := map[int]bool{}
	last, doubled, reordered := 0, 0, 0
	c.OnMsg(func(msg *commmgr.Message) error {
		data, err := typed.Decode[any](msg)
		if err != nil {
			return err
		}
		k, ok := number(data)
		if !ok {
			return typed.Send(c, map[string]int{"Got": len(seen), "Doubled": doubled, "Reordered": reordered})
		}
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
// 1970: "report" asks for those since the last.
func latencies(c *commmgr.Comm, _ *commmgr.Message) error {
	ms := []float64{}
	c.OnMsg(func(msg *commmgr.Message) error {
		data, err := typed.Decode[any](msg)
		if err != nil {
			return err
		}
		sent, ok := data.(float64)
		if !ok {
			report := ms
			ms = []float64{}
			return typed.Send(c, report)
		}
		ms = append(ms, float64(time.Now().UnixMicro())/1000-sent)
		return nil
	})
	return nil
}
