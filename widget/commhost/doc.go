// Package commhost has widgets on comms: it speaks Jupyter widgets 2.1 with the kernel where no
// widget manager of JavaScript does. It also works natively: with gocomm/commmgr/commmgrtest, go
// test alone tests a widget's logic.
//
//	commhost.Register(manager, commhost.Options{Open: func(h *commhost.Host) error {
//		m, err := widget.Bind[State](ctx, h)
//		…
//	}})
//
// One update travels to the kernel at a time. What changes meanwhile is merged, and sent when the
// kernel is idle again, has said nothing for 5 s, or after a gap in the connection.
//
// The kernel echoes updates to all its clients ("echo_update"). Echoes of older values are
// ignored until the echo of this client's own update has arrived. After a gap, the package asks
// the kernel for the whole state. When a widget ends, its models end at once; their handlers still
// get what it sent before.
package commhost
