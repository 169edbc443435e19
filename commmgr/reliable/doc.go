// Package reliable makes comms of which no message is lost, doubled or out of order: not by
// the server's rate limit, nor by a connection that drops, nor by a reload of the page, as
// long as the sender has kept the message. Where it has not, the loss is told with exact
// numbers.
//
// Each side numbers what it sends, and keeps it until the other side has acknowledged it. What
// is missing is asked for and sent again. The numbers travel in the messages' metadata: the
// data are the user's alone, and a side that knows nothing of this reads them as ever.
// docs/reliable.md has the messages.
//
// A target takes the comms that Python's gocomm.reliable opens:
//
//	m.RegisterTarget("stream", reliable.Accept(open, nil), nil)
//
// and [Open] opens one to a target of the kernel. [commmgr.Comm.Send] and OnMsg are used as
// ever, and so is package typed.
package reliable
