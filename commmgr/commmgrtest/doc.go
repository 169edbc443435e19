// Package commmgrtest is a Jupyter kernel in memory, for tests of comm handlers
// with go test alone: it opens comms to the targets under test, has targets of
// its own, keeps all that it was sent, and has a clock that the test moves.
//
//	k := commmgrtest.New(t, nil)
//	k.Manager.RegisterTarget("my_target", …)
//	c := k.Open("my_target", map[string]int{"foo": 1})
//	c.Send("hello")
//	got := c.Await(2) // waits until the handler has sent two messages
//
// It restarts ([Kernel.Restart]), and its connection is lost ([Kernel.Drop]), slow
// ([Kernel.Delay]), or that of a page that was loaded again ([Kernel.Reload]). What it
// does is what a real kernel does: both pass the cases of gocomm/internal/conformance.
package commmgrtest

import _ "gocomm/alltypes" // on a page, the kernel's messages are JSON text
