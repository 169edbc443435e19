package main

import (
	"os"
	"runtime"

	"gocomm/commmgr"
)

// dying are the targets whose comms end the program at their first message.
var dying = map[string]commmgr.OpenFunc{
	"exit":  onMsg(func(*commmgr.Comm, *commmgr.Message) error { os.Exit(3); return nil }),
	"panic": onMsg(func(*commmgr.Comm, *commmgr.Message) error { go panic("the probe was told to"); return nil }),
	"oom":   onMsg(hoard),
	"stack": onMsg(func(*commmgr.Comm, *commmgr.Message) error { _ = deeper(0); return nil }),
}

// panicInside has a goroutine panic in the middle of an export: its handlers run
// there, and what they themselves panic with would be contained.
func panicInside(c *commmgr.Comm, _ *commmgr.Message) error {
	c.OnMsg(func(*commmgr.Message) error {
		go panic("the probe was told to, inside an export")
		runtime.Gosched()
		return nil
	})
	return nil
}

var hoarded [][]byte

// hoard takes memory until there is no more.
func hoard(*commmgr.Comm, *commmgr.Message) error {
	for {
		hoarded = append(hoarded, make([]byte, 1<<28))
	}
}

// deeper calls itself until the page's stack is used up.
//
//go:noinline
func deeper(n int) int {
	//lint:ignore SA5007 it is to die of this
	return deeper(n+1) + n
}
