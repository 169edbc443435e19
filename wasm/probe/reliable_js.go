package main

import (
	"context"
	"sync"

	"gocomm/commmgr"
	"gocomm/commmgr/reliable"
	"gocomm/commmgr/typed"
)

// A reliableCount is what has come of messages that the kernel numbers from 0.
type reliableCount struct {
	Got      int  `json:"got"`
	Next     int  `json:"next"`  // the number after the last one
	Wrong    int  `json:"wrong"` // came after a greater one, or again
	Missing  int  `json:"missing"`
	Lost     int  `json:"lost"` // as package reliable has told
	Reliable bool `json:"reliable"`
	Unacked  int  `json:"unacked"`
}

// counted counts what comes on a comm: on a reliable one where the kernel opens it so. Of what the
// kernel tells it to send it sends that many numbers.
func counted() commmgr.OpenFunc {
	var mu sync.Mutex
	lost := map[*commmgr.Comm]int{}
	return reliable.Accept(func(c *commmgr.Comm, _ *commmgr.Message) error {
		var n reliableCount
		typed.On(c, func(_ context.Context, m struct{ I int }, _ [][]byte) error {
			mu.Lock()
			defer mu.Unlock()
			n.Got++
			if m.I < n.Next {
				n.Wrong++
				return nil
			}
			n.Missing += m.I - n.Next
			n.Next = m.I + 1
			return nil
		})
		typed.Handle(c, "count", func(context.Context, struct{}) (reliableCount, error) {
			mu.Lock()
			defer mu.Unlock()
			now := n
			now.Lost, now.Reliable, now.Unacked = lost[c], reliable.Reliable(c), reliable.Unacked(c)
			return now, nil
		})
		typed.Handle(c, "send", func(_ context.Context, n int) (int, error) {
			for i := range n {
				if err := typed.Send(c, i); err != nil {
					return i, err
				}
			}
			return n, nil
		})
		return nil
	}, &reliable.Options{OnLost: func(c *commmgr.Comm, l *reliable.LostError) {
		mu.Lock()
		lost[c] += int(l.To - l.From + 1)
		mu.Unlock()
	}})
}
