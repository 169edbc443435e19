package main

import (
	"syscall/js"

	"gocomm/commmgr"
	"gocomm/jsglue"
)

func main() {
	jsglue.Run(func(m *commmgr.Manager) error { return register(m, title) })
}

func title() string { return js.Global().Get("document").Get("title").String() }
