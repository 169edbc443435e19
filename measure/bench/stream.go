//go:build measure

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
	"gocomm/internal/bystander"
)

// streamRows are measured without a page.
func (b *bench) streamRows() []step {
	const name = "lost, doubled or reordered of 1,000,000 messages over 100 comms, natively"
	return []step{{[]string{name}, func() ([]row, error) {
		wrong, took := stream(1_000_000, 100, b.o.slow > 1)
		r := belowRow(name, "messages", fmt.Sprintf("%.0f messages per second", 1e6/took.Seconds()), 1, float64(wrong), 0)
		return []row{r}, nil
	}}}
}

// stream sends numbered messages from a kernel in memory to typed handlers, and counts
// those that are not the next one of their comm, and those that are missing in the
// end. With harm, the kernel leaves some out, and sends some twice.
func stream(n, comms int, harm bool) (wrong int, took time.Duration) {
	tb := new(bystander.TB)
	defer tb.End()
	k := commmgrtest.New(tb, nil)
	each := n / comms
	var mu sync.Mutex // guards wrong
	var done sync.WaitGroup
	_, err := k.Manager.RegisterTarget("numbers", func(c *commmgr.Comm, _ *commmgr.Message) error {
		next := 0
		typed.On(c, func(_ context.Context, v struct{ N int }, _ [][]byte) error {
			if v.N < 0 { // the last one
				mu.Lock()
				wrong += each - next
				mu.Unlock()
				done.Done()
				return nil
			}
			if v.N != next {
				mu.Lock()
				wrong++
				mu.Unlock()
			}
			next = max(next, v.N+1)
			return nil
		})
		return nil
	}, nil)
	if err != nil {
		return n, 0
	}
	all := make([]*commmgrtest.Comm, comms)
	for i := range all {
		all[i] = k.Open("numbers", nil)
		done.Add(1)
	}
	start := time.Now()
	for i := range each {
		for j, c := range all {
			switch {
			case harm && j == 0 && i%100 == 50:
			case harm && j == 1 && i%100 == 50:
				c.Send(struct{ N int }{i})
				fallthrough
			default:
				c.Send(struct{ N int }{i})
			}
		}
	}
	for _, c := range all {
		c.Send(struct{ N int }{-1})
	}
	done.Wait()
	return wrong, time.Since(start)
}
