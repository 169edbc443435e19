//go:build measure

// Command frame is a widget that measures how long it takes to have the numbers of a message in Go.
package main

import (
	"errors"
	"time"

	"gocomm/view"
	"gocomm/widget"
)

// Size is how many numbers a message has.
const size = 1_000_000

type state struct{}

func main() { view.Main(view.Program[state]{Initialize: initialize}) }

func initialize(m *widget.Model[state]) error {
	m.ObserveMsg(func(msg *widget.Msg) error {
		var ask struct{ Times int }
		if err := msg.Decode(&ask); err != nil {
			return err
		}
		start := time.Now()
		for range ask.Times {
			numbers, err := widget.Numbers[float32](msg, 0)
			if err != nil {
				return err
			}
			if len(numbers) != size || numbers[size-1] != size-1 {
				return errors.New("other numbers have come than were sent")
			}
		}
		return m.Send(map[string]float64{"ms": float64(time.Since(start).Microseconds()) / 1000})
	})
	return nil
}
