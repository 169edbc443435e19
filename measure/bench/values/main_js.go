//go:build measure

// Command values does what the bench measures beside the program typed: each of its
// targets is one row's. An open is answered with the address at which messages are
// counted.
package main

import (
	"unsafe"

	_ "gocomm/alltypes"
	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
)

// handled counts messages.
var handled uint32

func main() {
	exposeNaive()
	jsglue.Run(func(m *commmgr.Manager) error {
		for name, open := range map[string]func(*commmgr.Comm) error{
			"nested": nested, "timed": timed, "untimed": untimed, "block": block, "buffer": buffer, "spin": spin, "p99": p99, "last": last,
		} {
			_, err := m.RegisterTarget(name, func(c *commmgr.Comm, _ *commmgr.Message) error {
				if err := open(c); err != nil {
					return err
				}
				return typed.Send(c, uint32(uintptr(unsafe.Pointer(&handled))))
			}, nil)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
