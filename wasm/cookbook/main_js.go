// Command cookbook is the comms cookbook's notebook extension, in Go: it answers
// the comms that a kernel opens to my_comm_target, and shows on the page's console
// what arrives. The build makes its extensions of nbextension/gocomm/extension.
package main

import (
	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
)

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		_, err := m.RegisterTarget("my_comm_target", func(c *commmgr.Comm, open *commmgr.Message) error {
			jsglue.Log("cookbook: opened with", open)
			c.OnMsg(func(msg *commmgr.Message) error { jsglue.Log("cookbook: got", msg); return nil })
			c.OnClose(func(msg *commmgr.Message) error { jsglue.Log("cookbook: closed with", msg); return nil })
			return typed.Send(c, map[string]int{"foo": 0})
		}, nil)
		return err
	})
}
