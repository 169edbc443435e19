// Command first is the program that README.md begins with.
package main

import (
	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
)

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		_, err := m.RegisterTarget("my_comm_target", func(c *commmgr.Comm, open *commmgr.Message) error {
			c.OnMsg(func(msg *commmgr.Message) error {
				jsglue.Log("got", msg) // runs on the goroutine of this comm: it may block
				return nil
			})
			return typed.Send(c, map[string]int{"foo": 0})
		}, nil)
		return err
	})
}
