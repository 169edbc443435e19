package main

import (
	"runtime/debug"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

//lint:ignore U1000 it takes up memory
var ballast []byte

// collecting prepares the program for tests of what the garbage collector does to it. A
// program's first collection parks the goroutine that allocates; kb of ballast move it,
// and percent is what debug.SetGCPercent sets.
func collecting(kb, percent int) {
	ballast = make([]byte, kb<<10)
	if percent > 0 {
		debug.SetGCPercent(percent)
	}
}

// sleepy sleeps in its handler, as one that waits for the page does, and answers.
func sleepy(c *commmgr.Comm, msg *commmgr.Message) error {
	time.Sleep(4 * time.Millisecond)
	return typed.Send(c, "slept")
}

// churn has goroutines open and close comms until the kernel closes its own.
func churn(m *commmgr.Manager) commmgr.OpenFunc {
	return func(c *commmgr.Comm, _ *commmgr.Message) error {
		for range 20 {
			go func() { // ends with c
				for c.Err() == nil {
					if opened, err := m.Open("anything", nil); err == nil {
						_ = opened.Close(nil)
					}
					time.Sleep(time.Millisecond)
				}
			}()
		}
		return nil
	}
}
