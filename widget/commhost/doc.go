// Package commhost has widgets on comms: it speaks Jupyter widgets 2.1 with the kernel,
// where no widget manager of JavaScript does. Natively too: with
// gocomm/commmgr/commmgrtest, a widget's logic is tested with go test.
//
//	commhost.Register(manager, commhost.Options{Open: func(h *commhost.Host) error {
//		m, err := widget.Bind[State](ctx, h)
//		…
//	}})
//
// One update is on its way to the kernel at a time; what changes meanwhile is sent
// together, when the kernel is idle again. Echoes of updates are dropped until one's own has
// come back ("echo_update"). After a gap in the connection the state is asked for anew.
package commhost
