// Package commmgr is a comm manager: the front end's side of Jupyter comms. It routes the
// comm_open, comm_msg and comm_close messages of one kernel to handlers in Go, and sends
// messages to the kernel.
//
// A [Manager] has the targets and comms of one kernel. Programs get it from their host:
// package gocomm/jsglue on a page, package gocomm/commmgr/commmgrtest in tests. Package
// gocomm/commmgr/host is for hosts.
//
//   - [Manager.RegisterTarget] names a target, and the handler of its comm_open.
//   - [Manager.Open] opens a comm from the front end.
//   - [Comm.OnMsg] and [Comm.OnClose] set handlers, [Comm.Send] and [Comm.Close] send.
//
// Functions whose names begin with On set a handler, in the place of an earlier one.
//
// # Handlers
//
// The handlers of a comm are called one after the other, in the order of the messages, on a
// goroutine of that comm. They may block: other comms go on meanwhile. A handler that returns
// an error, panics or calls runtime.Goexit affects nothing else. The failure is reported, on a
// page on its console, with the target and the comm id.
//
// A comm whose target is not registered yet waits for some seconds, with its messages, and is
// delivered when the target is registered. Messages wait also until OnMsg is called.
//
// # The end of a comm
//
// A comm ends once: when either side closes it, when its kernel is restarted, changed or shut
// down, or when a limit of its queue is exceeded ([Limits]). [Comm.Done] is closed then, and
// [Comm.Err] gives the reason. Where messages may have been lost, because the connection was,
// [Comm.OnGap] is called in order with the messages.
//
// # Size
//
// The package is linked into every program on a page. It therefore imports no time, context,
// fmt, os, encoding/json or reflect. Package gocomm/commmgr/typed adds typed messages, calls
// with answers, and contexts.
//
// Terms and fields are those of the Jupyter messaging specification, section "Custom Messages".
package commmgr
