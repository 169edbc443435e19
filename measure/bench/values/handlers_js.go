//go:build measure

package main

import (
	"context"
	"slices"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/measure/bench/fields"
)

var (
	start = time.Now()
	// ahead is by how much the page's clock is ahead of the time since start, in ms.
	ahead     float64
	latencies []float64 // ms
)

func milliseconds() float64 { return float64(time.Since(start)) / 1e6 }

// timed notes how long messages have taken since the time in X, by the page's clock.
func timed(c *commmgr.Comm) error {
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error {
		latencies = append(latencies, milliseconds()+ahead-u.X)
		handled++
		return nil
	})
	return nil
}

func untimed(c *commmgr.Comm) error {
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error {
		handled++
		return nil
	})
	return nil
}

// block never returns.
func block(c *commmgr.Comm) error {
	typed.On(c, func(context.Context, fields.Update, [][]byte) error { select {} })
	return nil
}

// p99 answers with the 99th percentile of the latencies since it was asked before.
// X sets the clock.
func p99(c *commmgr.Comm) error {
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error {
		ahead = u.X - milliseconds()
		result := 0.0
		if n := len(latencies); n > 0 {
			slices.Sort(latencies)
			result = latencies[n*99/100]
		}
		latencies = latencies[:0]
		return typed.Send(c, result)
	})
	return nil
}

// spin works for X ms.
func spin(c *commmgr.Comm) error {
	typed.On(c, func(_ context.Context, u fields.Update, _ [][]byte) error {
		for since := time.Now(); u.X > 0 && float64(time.Since(since)) < u.X*1e6; {
		}
		handled++
		return nil
	})
	return nil
}

// kept is the last message's buffer.
var kept []byte

// buffer copies a message's buffers.
func buffer(c *commmgr.Comm) error {
	typed.On(c, func(_ context.Context, _ struct{}, buffers [][]byte) error {
		kept = buffers[0]
		handled++
		return nil
	})
	return nil
}
