package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
)

type terms struct {
	A int `json:"a"`
	B int `json:"b"`
}

// An order tells the probe to call the kernel.
type order struct {
	Do     string `json:"do"`
	Method string `json:"method"`
	N      int    `json:"n"`  // calls at once, or values
	Ms     int    `json:"ms"` // the deadline
}

// calls handles calls of the kernel's, and makes those that ordinary messages order.
func calls(c *commmgr.Comm, _ *commmgr.Message) error {
	handleCalls(c)
	c.OnClose(func(*commmgr.Message) error { jsglue.Log("probe: calls "+c.ID()+" closed", nil); return nil })
	typed.On(c, func(ctx context.Context, o order, _ [][]byte) error {
		if o.Ms > 0 {
			limited, cancel := context.WithTimeout(ctx, time.Duration(o.Ms)*time.Millisecond)
			defer cancel()
			ctx = limited
		}
		switch o.Do {
		case "call":
			said := strings.Join(callAll(ctx, c, o), "; ")
			if c.Err() != nil {
				jsglue.Log("probe: "+said, nil)
				return nil
			}
			return typed.Send(c, said)
		case "latest":
			for n := range o.N {
				if err := typed.SendLatest(c, n); err != nil {
					return err
				}
			}
			return nil
		case "replaced":
			return typed.Send(c, fmt.Sprint("replaced ", typed.Replaced(c)))
		case "close":
			if err := typed.SendLatest(c, -1); err != nil {
				return err
			}
			if err := typed.SendLatest(c, -2); err != nil {
				return err
			}
			return c.Close(nil)
		}
		return fmt.Errorf("probe: no order %q", o.Do)
	})
	return nil
}

func handleCalls(c *commmgr.Comm) {
	typed.Handle(c, "add", func(_ context.Context, t terms) (int, error) { return t.A + t.B, nil })
	typed.Handle(c, "fail", func(_ context.Context, text string) (int, error) {
		return 0, &typed.CallError{Code: "told_to", Message: text}
	})
	typed.Handle(c, "panic", func(context.Context, string) (int, error) { panic("the probe was told to") })
	typed.Handle(c, "wait", func(ctx context.Context, _ string) (int, error) {
		<-ctx.Done()
		jsglue.Log(fmt.Sprint("probe: wait ended: ", context.Cause(ctx)), nil)
		return 0, ctx.Err()
	})
	typed.Handle(c, "through", func(ctx context.Context, t terms) (int, error) { // calls back
		return typed.Call[int](ctx, c, "add", t)
	})
	typed.Handle(c, "mean", func(ctx context.Context, xs []float64) (float64, error) { // has the caller reckon
		return typed.Call[float64](ctx, c, "mean", xs)
	})
	typed.HandleBuffers(c, "swap", func(_ context.Context, _ string, b [][]byte) (int, [][]byte, error) {
		if len(b) != 2 {
			return 0, nil, fmt.Errorf("%d buffers, not 2", len(b))
		}
		return len(b[0]) + len(b[1]), [][]byte{b[1], b[0]}, nil
	})
}

// callAll calls a method so often at once, and gives what became of each.
func callAll(ctx context.Context, c *commmgr.Comm, o order) []string {
	said := make([]string, o.N)
	var all sync.WaitGroup
	for n := range o.N {
		all.Go(func() {
			sum, err := typed.Call[int](ctx, c, o.Method, terms{n, 100})
			if said[n] = fmt.Sprint(sum); err != nil {
				said[n] = err.Error()
			}
		})
	}
	all.Wait()
	return said
}
