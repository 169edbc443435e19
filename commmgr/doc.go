// Package commmgr is the front end's side of Jupyter comms: it routes the
// comm_open, comm_msg and comm_close messages of one kernel to handlers written
// in Go, and sends theirs.
//
// A [Transport] carries what is sent; whoever receives the kernel's messages
// hands them to [Manager.Deliver], in their order. Deliver never waits. It
// decides (is the target known, the id free, the queue full?) and queues the
// message on its [Comm], whose handlers then run one after the other on that
// comm's own goroutine, so they may block: other comms, and whoever called
// Deliver, go on meanwhile. A handler that fails, panics or calls
// runtime.Goexit is reported to [Options.OnError] with its target and comm id,
// and harms nothing else.
//
// A comm whose target is not registered yet is held, with what follows it, for
// a grace period, and delivered in order when the target appears.
//
// A comm ends once: by either side's close, or with its kernel ([Manager.EndComms]).
// That messages may have been lost is told in order with them ([Comm.OnGap]).
//
// The package is small on purpose, since it is linked into every program on a
// page: it imports no time, context, fmt, os, encoding/json or reflect. Clock,
// random ids and the decoding of messages are given to it. Package
// gocomm/commmgr/typed adds typed messages and contexts, package
// gocomm/commmgr/commmgrtest a kernel in memory for tests.
//
// Terms and fields are those of the Jupyter messaging specification, section
// "Custom Messages".
package commmgr
